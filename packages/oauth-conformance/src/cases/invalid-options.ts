import assert from 'node:assert/strict'
import { createRecruitOAuth, zohoDataCenters, type RecruitOAuthOptions } from '@zrecruit/oauth-core'
import { casesOf, type CaseTable } from '../adapter-case.ts'

/**
 * Creates a case: with an invalid option, the start of the app fails with the code and the message
 * of core.
 */
const refusalCase = (
  title: string,
  invalid: Readonly<Record<string, unknown>>,
): CaseTable[string] => [
  title,
  'The error is the same in every framework, and appears before the first request.',
  async ({ start }) => {
    const error = await start({ options: invalid }).then(
      () => assert.fail('the app started with an invalid option'),
      (thrown: unknown) => thrown as { code?: unknown; message?: unknown },
    )
    const expected = coreErrorMessage(invalid)
    assert.deepEqual(
      [error.code, error.message],
      ['configuration-invalid', expected],
      `the error is the same as in core: ${expected}`,
    )
  },
]

const { us, eu } = zohoDataCenters

/** Core's message for this invalid option, if all other options are valid. */
const coreErrorMessage = (invalid: object): string => {
  const validOptions = {
    clientId: '1000.CLIENT',
    clientSecret: 'secret',
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    dataCenters: { us, eu },
    encryptionKeys: ['AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='],
    connectionFor: () => undefined,
  }
  try {
    createRecruitOAuth({ ...validOptions, ...invalid } as RecruitOAuthOptions)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('createRecruitOAuth accepts the invalid option of this case.')
}

export const invalidOptions = casesOf({
  'option-client-id': refusalCase('the app does not start without clientId', {
    clientId: undefined,
  }),
  'option-client-secret': refusalCase('the app does not start without clientSecret', {
    clientSecret: undefined,
  }),
  'option-redirect-uri': refusalCase('the app does not start with a relative redirectUri', {
    redirectUri: '/zoho/callback',
  }),
  'option-redirect-uri-plain': refusalCase(
    'the app does not start with a plain HTTP redirectUri that is not on loopback',
    { redirectUri: 'http://app.example.com/zoho/callback' },
  ),
  'option-scopes': refusalCase('the app does not start without scopes', { scopes: [] }),
  'option-scopes-wrong': refusalCase('the app does not start with an invalid scope', {
    scopes: ['ZohoRecruit.modules.ALL,evil'],
  }),
  'option-keys': refusalCase('the app does not start with an encryption key that is too short', {
    encryptionKeys: ['c2hvcnQ='],
  }),
  'option-data-center': refusalCase('the app does not start with an unknown data center', {
    dataCenter: 'mars',
  }),
  'option-mount-path': refusalCase(
    'the app does not start with a mountPath that contradicts redirectUri',
    { mountPath: '/auth' },
  ),
  'option-unknown': refusalCase('the app does not start with a misspelt option', {
    serveWithoutStoreMS: 60_000,
  }),
})

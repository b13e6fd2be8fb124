import assert from 'node:assert/strict'
import { createRecruitOAuth, zohoDataCenters, type RecruitOAuthOptions } from '@zrecruit/oauth-core'
import { casesOf, type CaseTable } from '../adapter-case.ts'
import type { AppOptions } from '../adapter-harness.ts'

/** An option that is wrong is refused as core refuses it, before the app answers anybody. */
const refused = (
  title: string,
  wrong: { readonly [Name in keyof AppOptions]?: unknown },
): CaseTable[string] => [
  title,
  'the developer from an error that another framework words otherwise, or that comes with ' +
    'the first customer',
  async ({ start }) => {
    const error = await start({ options: wrong as Partial<AppOptions> }).then(
      () => assert.fail('the app started with a wrong option'),
      (thrown: unknown) => thrown as { code?: unknown; message?: unknown },
    )
    if (error instanceof assert.AssertionError) throw error
    const expected = errorOfCore(wrong)
    assert.deepEqual(
      [error.code, error.message],
      ['configuration-invalid', expected],
      `the error is core's own: ${expected}`,
    )
  },
]

const { us, eu } = zohoDataCenters

/** What core says of the same options. */
const errorOfCore = (wrong: object): string => {
  const right = {
    clientId: '1000.CLIENT',
    clientSecret: 'secret',
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    dataCenters: { us, eu },
    encryptionKeys: ['AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='],
    connectionFor: () => undefined,
  }
  try {
    createRecruitOAuth({ ...right, ...wrong } as RecruitOAuthOptions)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('core takes these options')
}

export const options = casesOf({
  'option-client-id': refused('without clientId the app does not start', { clientId: undefined }),
  'option-client-secret': refused('without clientSecret the app does not start', {
    clientSecret: undefined,
  }),
  'option-redirect-uri': refused('with a redirectUri that is no address the app does not start', {
    redirectUri: '/zoho/callback',
  }),
  'option-redirect-uri-plain': refused(
    'with a redirectUri over plain HTTP, not on loopback, the app does not start',
    { redirectUri: 'http://app.example.com/zoho/callback' },
  ),
  'option-scopes': refused('without scopes the app does not start', { scopes: [] }),
  'option-scopes-wrong': refused('with a scope that is none the app does not start', {
    scopes: ['ZohoRecruit.modules.ALL,evil'],
  }),
  'option-keys': refused('with a key that is too short the app does not start', {
    encryptionKeys: ['c2hvcnQ='],
  }),
  'option-data-center': refused('with an unknown data center the app does not start', {
    dataCenter: 'mars',
  }),
  'option-mount-path': refused(
    'with a mountPath that redirectUri contradicts the app does not start',
    { mountPath: '/auth' },
  ),
})

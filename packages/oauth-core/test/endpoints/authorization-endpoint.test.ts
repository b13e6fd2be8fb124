import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { zohoDataCenters } from '../../src/domain/data-centers.ts'
import {
  authorizationUrl,
  randomToken,
  validateCallback,
} from '../../src/endpoints/authorization.ts'
import { redirectUri, state } from './calls.ts'

const codeVerifier = randomBytes(32).toString('base64url')
const request = {
  clientId: '1000.CLIENT',
  redirectUri,
  scopes: ['ZohoRecruit.org.READ', 'ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'],
  state,
  codeVerifier,
}

describe('the authorization URL', () => {
  it('has exactly the parameters that Zoho requires', async () => {
    const url = new URL(await authorizationUrl(zohoDataCenters.eu, request))
    expect(url.origin + url.pathname).toBe('https://accounts.zoho.eu/oauth/v2/auth')
    expect([...url.searchParams]).toEqual([
      ['response_type', 'code'],
      ['client_id', '1000.CLIENT'],
      ['redirect_uri', redirectUri],
      ['scope', 'ZohoRecruit.modules.ALL,ZohoRecruit.org.READ'],
      ['access_type', 'offline'],
      ['prompt', 'consent'],
      ['state', state],
      ['code_challenge', createHash('sha256').update(codeVerifier).digest('base64url')],
      ['code_challenge_method', 'S256'],
    ])
    expect(url.href).not.toContain(codeVerifier)
  })

  it.each(['a b', 'a,b', 'a"b', 'a\\b', 'ü', '', 'a'.repeat(129)])(
    'leaves out the invalid scope %j',
    async (scope) => {
      const url = new URL(
        await authorizationUrl(zohoDataCenters.us, {
          ...request,
          scopes: ['ZohoRecruit.org.READ', scope],
        }),
      )
      expect(url.searchParams.get('scope')).toBe('ZohoRecruit.org.READ')
    },
  )

  it('encodes the delimiters in a value', async () => {
    const url = new URL(
      await authorizationUrl(zohoDataCenters.us, {
        ...request,
        clientId: '1&state=x#y',
        scopes: ['a&state=x'],
      }),
    )
    expect([url.searchParams.getAll('state'), url.hash]).toEqual([[state], ''])
  })
})

it('makes tokens of 43 characters from the injected random bytes', () => {
  expect(randomToken((length) => new Uint8Array(length).fill(255))).toBe('_'.repeat(42) + '8')
  expect(randomToken((length) => new Uint8Array(randomBytes(length)))).toMatch(
    /^[A-Za-z0-9_-]{43}$/,
  )
})

describe('a callback', () => {
  const valid = {
    code: '1000.code',
    state,
    location: 'eu',
    'accounts-server': 'https://accounts.zoho.eu',
  }
  const validate = (parameters: Record<string, string>) =>
    validateCallback(zohoDataCenters.eu, new URLSearchParams(parameters), state)

  it.each([
    ['as Zoho sends it', valid],
    ['with the right issuer', { ...valid, iss: 'https://accounts.zoho.eu' }],
    ['without a location', { code: '1000.code', state }],
  ])('%s is accepted', (_, parameters) => {
    expect(validate(parameters)?.code).toBe('1000.code')
  })

  it.each([
    ['with another state', { ...valid, state: 't'.repeat(43) }],
    ['with a longer state', { ...valid, state: `${state}s` }],
    ['without a state', { code: '1000.code' }],
    ['without a code', { state }],
    ['with an empty code', { ...valid, code: '' }],
    ['with another issuer', { ...valid, iss: 'https://accounts.zoho.com' }],
    ['with an issuer that ends in a slash', { ...valid, iss: 'https://accounts.zoho.eu/' }],
    ['with an empty issuer', { ...valid, iss: '' }],
    ['with an error', { ...valid, error: 'access_denied' }],
    ['with an access token', { ...valid, access_token: 'x' }],
    ['with an id token', { ...valid, id_token: 'x' }],
    ['with a token', { ...valid, token: 'x' }],
    ['with the response of another response mode', { ...valid, response: 'x' }],
  ])('%s is refused', (_, parameters) => {
    expect(validate(parameters)).toBe(undefined)
  })
})

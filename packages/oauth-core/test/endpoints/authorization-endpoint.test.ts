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
  it('has the parameters that Zoho wants, and no others', async () => {
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
    'takes no scope such as %j',
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

  it('keeps what looks like a parameter inside its own', async () => {
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

it('makes tokens of 43 characters from the random that it is lent', () => {
  expect(randomToken((length) => new Uint8Array(length).fill(255))).toBe('_'.repeat(42) + '8')
  expect(randomToken((length) => new Uint8Array(randomBytes(length)))).toMatch(
    /^[A-Za-z0-9_-]{43}$/,
  )
})

describe('a callback', () => {
  const good = {
    code: '1000.code',
    state,
    location: 'eu',
    'accounts-server': 'https://accounts.zoho.eu',
  }
  const judged = (parameters: Record<string, string>) =>
    validateCallback(zohoDataCenters.eu, new URLSearchParams(parameters), state)

  it.each([
    ['as Zoho sends it', good],
    ['with the right issuer', { ...good, iss: 'https://accounts.zoho.eu' }],
    ['without a location', { code: '1000.code', state }],
  ])('%s is valid', (_, parameters) => {
    expect(judged(parameters)?.code).toBe('1000.code')
  })

  it.each([
    ['of another state', { ...good, state: 't'.repeat(43) }],
    ['of a longer state', { ...good, state: `${state}s` }],
    ['without a state', { code: '1000.code' }],
    ['without a code', { state }],
    ['with an empty code', { ...good, code: '' }],
    ['with another issuer', { ...good, iss: 'https://accounts.zoho.com' }],
    ['with an issuer that ends in a slash', { ...good, iss: 'https://accounts.zoho.eu/' }],
    ['with an empty issuer', { ...good, iss: '' }],
    ['with an error', { ...good, error: 'access_denied' }],
    ['with an access token', { ...good, access_token: 'x' }],
    ['with an id token', { ...good, id_token: 'x' }],
    ['with a token', { ...good, token: 'x' }],
    ['with a response of another mode', { ...good, response: 'x' }],
  ])('%s is not', (_, parameters) => {
    expect(judged(parameters)).toBe(undefined)
  })
})

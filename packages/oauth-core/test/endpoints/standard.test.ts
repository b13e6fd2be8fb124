import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { requestTokens } from '../../src/endpoints/token.ts'
import { sha256 } from '../../src/internal/crypto.ts'
import { Secret } from '../../src/domain/secret.ts'
import {
  accessToken,
  callEndpoint,
  callback,
  callTo,
  redirectUri,
  refreshToken,
  state,
} from './calls.ts'
import { json, serving, type Received } from './server.ts'

// Compares the requests with those of `oauth4webapi`, a certified client, for the same grant.

const tokens = json({ access_token: accessToken, expires_in: 3600 })
const client = { client_id: '1000.CLIENT' }
const authentication = oauth.ClientSecretPost('current/secret+1')
const options = { [oauth.allowInsecureRequests]: true }
const comparedFields = ({ form, headers, method }: Received) => ({
  method,
  contentType: headers['content-type']?.toLowerCase(),
  form: Object.fromEntries(form),
})

describe('sends the same request as a certified client', () => {
  const pairs: [
    string,
    (server: oauth.AuthorizationServer) => Promise<unknown>,
    (origin: string) => Promise<unknown>,
  ][] = [
    [
      'to refresh',
      (server) =>
        oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, options),
      (origin) => callEndpoint.refresh(callTo(origin)),
    ],
    [
      'to exchange a code',
      (server) => {
        const parameters = oauth.validateAuthResponse(
          server,
          client,
          new URLSearchParams({ code: callback('').code, state }),
          state,
        )
        return oauth.authorizationCodeGrantRequest(
          server,
          client,
          authentication,
          parameters,
          redirectUri,
          'v'.repeat(43),
          options,
        )
      },
      (origin) => callEndpoint.exchange(callTo(origin)),
    ],
    [
      'to exchange a Self Client code',
      (server) =>
        oauth.genericTokenEndpointRequest(
          server,
          client,
          authentication,
          'authorization_code',
          { code: '1000.self' },
          options,
        ),
      (origin) =>
        requestTokens(callTo(origin), { type: 'self_client_code', code: new Secret('1000.self') }),
    ],
  ]
  it.each(pairs)('%s', async (_, sendStandard, sendOwn) => {
    const server = await serving(tokens)
    await sendStandard({ issuer: server.origin, token_endpoint: `${server.origin}/oauth/v2/token` })
    await sendOwn(server.origin)
    const [theirs, own] = server.received.map(comparedFields)
    expect(own).toEqual(theirs)
  })

  it('to revoke', async () => {
    const server = await serving(json({ status: 'success' }))
    await oauth.revocationRequest(
      { issuer: server.origin, revocation_endpoint: `${server.origin}/oauth/v2/revoke/token` },
      client,
      authentication,
      refreshToken,
      options,
    )
    await callEndpoint.revoke(callTo(server.origin))
    const [theirs, own] = server.received.map(comparedFields)
    expect([own?.method, own?.contentType, own?.form['token']]).toEqual([
      theirs?.method,
      theirs?.contentType,
      theirs?.form['token'],
    ])
  })
})

it('makes the same PKCE challenge as a certified client', async () => {
  const verifier = oauth.generateRandomCodeVerifier()
  expect(await sha256(verifier)).toBe(await oauth.calculatePKCECodeChallenge(verifier))
})

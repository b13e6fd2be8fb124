import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Outcome, TokenResponse } from '../../src/endpoints/outcome.ts'
import { accessToken, callEndpoint, callTo, inWords, refreshToken } from './calls.ts'
import { cases } from './responses.ts'
import { json, startServer, type Server } from './server.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

describe.each(['refresh', 'exchange'] as const)('%s has the right outcome after', (grantType) => {
  it.each(cases)('$title', async ({ reply, token }) => {
    server.says(reply)
    const before = server.received.length
    const outcome = (await callEndpoint[grantType](callTo(server.origin))) as Outcome<TokenResponse>
    expect([outcome.calls, server.received.length - before]).toEqual([1, 1])
    if (!('expiresInMs' in token))
      return expect(outcome).toEqual({
        ok: false,
        failure: { requestMayHaveBeenSent: true, ...token },
        calls: 1,
      })
    expect(outcome).toMatchObject({ ok: true, value: { expiresInMs: token.expiresInMs } })
    if (!outcome.ok) return
    const { value } = outcome
    expect(value.accessToken.reveal()).toBe(accessToken)
    expect(value.refreshToken?.reveal()).toBe('refreshToken' in token ? refreshToken : undefined)
    if ('apiDomain' in token) expect(value.apiDomain).toBe(token.apiDomain)
    expect(value.scopes).toEqual('scopes' in token ? token.scopes : undefined)
    expect(JSON.stringify(value)).not.toContain(accessToken)
  })
})

describe('revocation has the right outcome after', () => {
  it.each(cases)('$title', async ({ reply, token, revoke }) => {
    server.says(reply)
    const before = server.received.length
    const outcome = await callEndpoint.revoke(callTo(server.origin))
    expect(inWords(outcome)).toBe(revoke)
    expect(server.received.length - before).toBe(outcome.calls)
    if (!outcome.ok && 'reason' in token)
      expect(outcome.failure).toEqual({ requestMayHaveBeenSent: true, ...token })
  })
})

it('keeps the known scopes if a response names none', async () => {
  server.says((response) => response.end(JSON.stringify({ access_token: accessToken, scope: ' ' })))
  const outcome = (await callEndpoint.refresh(callTo(server.origin))) as Outcome<TokenResponse>
  expect(outcome.ok && outcome.value.scopes).toBe(undefined)
})

it('T9: reads no inherited property of a response', async () => {
  server.says(json({ access_token: accessToken }), json({}))
  // oxlint-disable-next-line no-extend-native -- The polluted prototype is what is tested.
  Object.defineProperties(Object.prototype, {
    scope: { value: 'ZohoRecruit.org.ALL', configurable: true, writable: true },
    refresh_token: { value: refreshToken, configurable: true, writable: true },
  })
  try {
    const outcome = (await callEndpoint.refresh(callTo(server.origin))) as Outcome<TokenResponse>
    expect(
      outcome.ok && [outcome.value.refreshToken, outcome.value.scopes, outcome.value.expiresInMs],
    ).toEqual([undefined, undefined, 3_600_000])
  } finally {
    for (const name of ['scope', 'refresh_token'])
      delete (Object.prototype as Record<string, unknown>)[name]
  }
})

it('T9: does not change Object.prototype', () => {
  expect([
    ({} as Record<string, unknown>)['error'],
    ({} as Record<string, unknown>)['access_token'],
  ]).toEqual([undefined, undefined])
})

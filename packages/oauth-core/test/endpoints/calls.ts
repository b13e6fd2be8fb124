import type { DataCenter } from '../../src/domain/data-centers.ts'
import { Secret } from '../../src/domain/secret.ts'
import { validateCallback, type ValidatedCallback } from '../../src/endpoints/authorization.ts'
import type { Outcome } from '../../src/endpoints/outcome.ts'
import type { EndpointCall } from '../../src/endpoints/http.ts'
import { confirmRevocation, isTemporary, revokeToken } from '../../src/endpoints/revocation.ts'
import { requestTokens } from '../../src/endpoints/token.ts'

export const state = 's'.repeat(43)
export const accessToken = `1000.${'a'.repeat(32)}.${'b'.repeat(32)}`
export const refreshToken = `1000.${'c'.repeat(32)}.${'d'.repeat(32)}`
export const redirectUri = 'https://app.example.com/zoho/callback'

const dataCenterAt = (origin: string): DataCenter => ({
  accountsServer: origin,
  apiDomain: 'https://www.zohoapis.eu',
  recruitApi: `${origin}/recruit/v2`,
})

export const callTo = (origin: string, overrides: Partial<EndpointCall> = {}): EndpointCall => ({
  fetch: (url, init) => fetch(url, init),
  monotonic: () => performance.now(),
  clientId: '1000.CLIENT',
  secrets: [new Secret('current/secret+1')],
  dataCenter: dataCenterAt(origin),
  deadlineMs: 2_000,
  ...overrides,
})

export const callback = (origin: string): ValidatedCallback =>
  validateCallback(
    dataCenterAt(origin),
    new URLSearchParams({ code: '1000.code.1', state }),
    state,
  ) as ValidatedCallback

/** The three requests to an accounts server. */
export const callEndpoint: Record<
  'refresh' | 'exchange' | 'revoke',
  (call: EndpointCall) => Promise<Outcome<unknown>>
> = {
  refresh: (call) =>
    requestTokens(call, { type: 'refresh_token', refreshToken: new Secret(refreshToken) }),
  exchange: (call) =>
    requestTokens(call, {
      type: 'authorization_code',
      callback: callback(call.dataCenter.accountsServer),
      redirectUri,
      codeVerifier: 'v'.repeat(43),
    }),
  /**
   * Works like the client: if the revocation fails and a retry would not help, the token endpoint
   * checks whether the token still works.
   */
  revoke: async (call) => {
    const outcome = await revokeToken(call, new Secret(refreshToken))
    if (outcome.ok || isTemporary(outcome.failure.reason)) return outcome
    const check = await confirmRevocation(call, new Secret(refreshToken))
    return { ...check, calls: outcome.calls + check.calls }
  },
}

/** An outcome as text: `ok` or the reason of the failure, then the number of requests. */
export const inWords = (outcome: Outcome<unknown>): string =>
  `${outcome.ok ? 'ok' : outcome.failure.reason} after ${outcome.calls}`

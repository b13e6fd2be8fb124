import type { Secret } from '../domain/secret.ts'
import type { FailureReason } from './error-codes.ts'
import { post, type EndpointCall } from './http.ts'
import type { Outcome } from './outcome.ts'
import { parseRevocationResponse } from './parse.ts'
import { requestTokens } from './token.ts'

/**
 * Revokes a refresh token, and with it its access tokens. Zoho documents two endpoints:
 * - `POST /oauth/v2/revoke/token` with Basic authentication and `token_type`
 *   (https://www.zoho.com/developer/oauth/revoke-oauth-token.html, 2026);
 * - `POST /oauth/v2/token/revoke` without client credentials
 *   (https://www.zoho.com/accounts/protocol/oauth/revoke-refresh-token.html, Recruit's pages).
 *
 * The first one is called first. If Zoho refuses the request, the second one is called too, unless
 * another request is useless for now (`isRetryable`). Without a client secret, only the second one
 * is called. Both calls share one time limit.
 */
export const revokeToken = async (
  call: EndpointCall,
  refreshToken: Secret,
): Promise<Outcome<undefined>> => {
  const [secret] = call.secrets
  const endsAt = call.monotonic() + call.deadlineMs
  const token = refreshToken.reveal()
  const callWithinDeadline = (): EndpointCall => ({
    ...call,
    deadlineMs: endsAt - call.monotonic(),
  })
  const revokeWithoutCredentials = () =>
    post(callWithinDeadline(), '/oauth/v2/token/revoke', { token }, parseRevocationResponse)
  if (!secret) return revokeWithoutCredentials()
  // Zoho's page shows the base64 of the plain id and secret. RFC 6749, 2.3.1 would form-encode them
  // first.
  const basic = `Basic ${btoa(`${call.clientId}:${secret.reveal()}`)}`
  const outcome = await post(
    callWithinDeadline(),
    '/oauth/v2/revoke/token',
    { token, token_type: 'refresh_token' },
    parseRevocationResponse,
    basic,
  )
  if (outcome.ok || isRetryable(outcome.failure.reason)) return outcome
  return { ...(await revokeWithoutCredentials()), calls: 2 }
}

/**
 * Asks the token endpoint whether it still accepts a refresh token that the revocation endpoint
 * does not know. The revocation endpoint of a wrong data center would not know it either, so only a
 * refusal by the token endpoint confirms the revocation: a refusal gives `ok: true`. Zoho counts
 * this call as a token request.
 */
export const checkRefreshToken = async (
  call: EndpointCall,
  refreshToken: Secret,
): Promise<Outcome<undefined>> => {
  const check = await requestTokens(call, { type: 'refresh_token', refreshToken })
  const { calls } = check
  if (check.ok)
    return {
      ok: false,
      failure: { reason: 'token_still_valid', requestMayHaveBeenSent: true },
      calls,
    }
  if (check.failure.reason === 'invalid_grant') return { ok: true, value: undefined, calls }
  return check
}

const retryableReasons = new Set<FailureReason>([
  'rate_limited',
  'temporarily_unavailable',
  'unreachable',
  'timed_out',
  'redirected',
])

/** Does the reason make another request useless for now? It can succeed at a later time. */
export const isRetryable = (reason: FailureReason): boolean => retryableReasons.has(reason)

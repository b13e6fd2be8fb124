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
 * The first one is called first. If it fails, the second one is called too, unless the failure is
 * temporary (`isTemporary`). Without a client secret, only the second one
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
  if (outcome.ok || isTemporary(outcome.failure.reason)) return outcome
  return { ...(await revokeWithoutCredentials()), calls: 2 }
}

/**
 * Confirms the revocation of a refresh token that the revocation endpoint does not know, which
 * proves nothing by itself. If the token endpoint refuses the token (`invalid_grant`), the result
 * is `ok: true`; any other response confirms nothing. Zoho counts this call as a token request.
 */
export const confirmRevocation = async (
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

const temporaryReasons = new Set<FailureReason>([
  'rate_limited',
  'temporarily_unavailable',
  'unreachable',
  'timed_out',
  'redirected',
  'proxy_authentication_required',
])

/** Is another request useless for now, because of a failure that ends by itself? */
export const isTemporary = (reason: FailureReason): boolean => temporaryReasons.has(reason)

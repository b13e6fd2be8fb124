import type { ErrorCode } from '../errors/codes.ts'
import type { Secret } from '../domain/secret.ts'
import type { Outcome } from './outcome.ts'
import { post, type EndpointCall } from './post.ts'
import { readRevocationAnswer } from './parse.ts'
import { requestTokens } from './token.ts'

/**
 * Revokes a refresh token, and with it its access tokens. Zoho documents two contracts:
 * - `POST /oauth/v2/revoke/token` with Basic authentication and `token_type`
 * (https://www.zoho.com/developer/oauth/revoke-oauth-token.html, 2026);
 * - `POST /oauth/v2/token/revoke` without
 * (https://www.zoho.com/accounts/protocol/oauth/revoke-refresh-token.html, Recruit's pages). The
 * newer is asked first, then the older, unless the server is out of reach or holds us back. Both
 * share one deadline.
 */
export const revokeToken = async (
  call: EndpointCall,
  refreshToken: Secret,
): Promise<Outcome<undefined>> => {
  const [secret] = call.secrets
  const endsAt = call.monotonic() + call.deadlineMs
  const inTime = (): EndpointCall => ({ ...call, deadlineMs: endsAt - call.monotonic() })
  const token = refreshToken.reveal()
  const older = () => post(inTime(), '/oauth/v2/token/revoke', { token }, readRevocationAnswer)
  if (!secret) return older()
  // Zoho's page shows base64 of id and secret as they are, not form-encoded first (RFC 6749,
  // 2.3.1).
  const basic = `Basic ${btoa(`${call.clientId}:${secret.reveal()}`)}`
  const parameters = { token, token_type: 'refresh_token' }
  const newer = await post(
    inTime(),
    '/oauth/v2/revoke/token',
    parameters,
    readRevocationAnswer,
    basic,
  )
  return newer.ok || isRetryable(newer.failure.code) ? newer : { ...(await older()), calls: 2 }
}

/**
 * Asks the token endpoint whether a refresh token is dead, after the revocation endpoint did not
 * know it: a wrong data center would say the same. Only a refusal is a confirmation. It is a token
 * request, and counts as one at Zoho.
 */
export const checkRefreshToken = async (
  call: EndpointCall,
  refreshToken: Secret,
): Promise<Outcome<undefined>> => {
  const check = await requestTokens(call, { type: 'refresh_token', refreshToken })
  const { calls } = check
  if (check.ok)
    return { ok: false, failure: { code: 'revocation-failed', mayHaveBeenSent: true }, calls }
  if (check.failure.code === 'code-rejected') return { ok: true, value: undefined, calls }
  return check
}

const retryableCodes = new Set<ErrorCode>([
  'throttled',
  'accounts-server-unavailable',
  'accounts-server-unreachable',
  'accounts-server-timed-out',
  'redirect-refused',
])

/** The accounts server could not be asked, or holds us back: any further request now is useless. */
export const isRetryable = (code: ErrorCode): boolean => retryableCodes.has(code)

import type { ErrorCode } from '../errors/index.ts'
import type { Secret } from '../domain/index.ts'
import type { Outcome } from './outcome.ts'
import { post, type Call } from './post.ts'
import { readRevocationAnswer } from './read-answer.ts'
import { requestTokens } from './token-endpoint.ts'

/**
 * Revokes a refresh token, and with it its access tokens. Zoho documents two contracts:
 * - `POST /oauth/v2/revoke/token` with Basic authentication and `token_type` (https://www.zoho.com/developer/oauth/revoke-oauth-token.html, 2026);
 * - `POST /oauth/v2/token/revoke` without (https://www.zoho.com/accounts/protocol/oauth/revoke-refresh-token.html, Recruit's pages).
 * The newer is asked first, then the older, unless the server is out of reach or holds us back. An answer that the
 * token is unknown is believed only when a second witness, the token endpoint, refuses the token too: a wrong data
 * center would say the same. All of it shares one deadline.
 */
export const revokeToken = async (call: Call, refreshToken: Secret): Promise<Outcome<undefined>> => {
  const [secret] = call.secrets
  const endsAt = call.monotonic() + call.deadlineMs
  const inTime = (): Call => ({ ...call, deadlineMs: endsAt - call.monotonic() })
  let calls = 0
  const token = refreshToken.reveal()
  // Zoho's page shows base64 of id and secret as they are, not form-encoded first (RFC 6749, 2.3.1).
  const newer = (clientSecret: Secret) => post(inTime(), '/oauth/v2/revoke/token', { token, token_type: 'refresh_token' }, readRevocationAnswer, `Basic ${btoa(`${call.clientId}:${clientSecret.reveal()}`)}`)
  const older = () => post(inTime(), '/oauth/v2/token/revoke', { token }, readRevocationAnswer)
  for (const contract of secret ? [() => newer(secret), older] : [older]) {
    const outcome = await contract()
    calls += 1
    if (outcome.ok || outOfReach.has(outcome.failure.code)) return { ...outcome, calls }
  }
  const witness = await requestTokens(inTime(), { type: 'refresh_token', refreshToken })
  calls += witness.calls
  if (!witness.ok && witness.failure.code === 'code-rejected') return { ok: true, value: undefined, calls }
  return { ok: false, failure: witness.ok ? { code: 'revocation-failed', mayHaveArrived: true } : witness.failure, calls }
}

const outOfReach = new Set<ErrorCode>(['throttled', 'accounts-server-unavailable', 'accounts-server-unreachable', 'accounts-server-timed-out', 'redirect-refused'])

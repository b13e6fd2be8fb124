import type { Parameters } from '../http/parameters.ts'
import { findCode } from '../ledger/find.ts'
import { issueAccessToken, issueRefreshToken, liveRefreshTokens } from '../ledger/issue.ts'
import { type AuthorizationCode, consentKey } from '../ledger/ledger.ts'
import { consumeBudget } from '../ledger/rate-window.ts'
import type { ServerContext } from '../state.ts'
import { isVerified } from './code-challenge.ts'
import { throttleResponse, tokenResponse, tokenBadRequest, tokenError } from './token-responses.ts'

/**
 * Handles `grant_type=authorization_code`. The request of the right client uses up the code, even
 * if the redirect URI or the PKCE verifier is wrong (strictest reading; unverified). A throttled
 * exchange does not use up the code (unverified).
 */
export async function exchangeCode(
  { state, dataCenter }: ServerContext,
  parameters: Parameters,
): Promise<Response> {
  const { ledger, settings } = state
  const presented = parameters.get('code')
  if (!presented) return tokenBadRequest('code is missing.')
  const code = findCode(ledger, presented, dataCenter, state.clock.now())
  if (code === undefined) return tokenError('invalid_code')
  // Delete the code before the first `await`, so that only one of several concurrent exchanges can
  // succeed.
  ledger.codes.delete(code.code)
  const refused = refuseRedirectUri(code, parameters.get('redirect_uri'))
  if (refused !== undefined) return refused
  if (
    settings.pkce === 'enforce' &&
    !(await isVerified(code.codeChallenge, parameters.get('code_verifier')))
  )
    return tokenError('invalid_code')

  const now = state.clock.now()
  if (!code.yieldsRefreshToken)
    return tokenResponse(state, issueAccessToken(ledger, code, undefined, settings, now), undefined)
  const isFull = liveRefreshTokens(ledger, code).length >= settings.liveRefreshTokens
  if (isFull && settings.refreshTokenOverflow === 'refuse') return tokenError('Access Denied')
  if (
    !consumeBudget(
      ledger,
      settings,
      { budget: 'refreshTokenBudget', key: consentKey(code) },
      code,
      now,
    )
  ) {
    // The client can exchange the code again after the block.
    ledger.codes.set(code.code, code)
    return throttleResponse(settings.throttleLanguage, settings.throttleStatus)
  }
  const { token } = issueRefreshToken(ledger, code, settings, now)
  consumeBudget(ledger, settings, { budget: 'accessTokenBudget', key: token }, code, now)
  return tokenResponse(state, issueAccessToken(ledger, code, token, settings, now), token)
}

/** A Self Client code has no redirect URI. If one is sent, it is ignored. */
function refuseRedirectUri(
  code: AuthorizationCode,
  sent: string | undefined,
): Response | undefined {
  if (code.redirectUri === undefined || sent === code.redirectUri) return undefined
  return sent ? tokenError('invalid_redirect_uri') : tokenBadRequest('redirect_uri is missing.')
}

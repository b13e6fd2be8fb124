import type { Parameters } from '../http/parameters.ts'
import { findCode } from '../ledger/find.ts'
import { issueAccessToken, issueRefreshToken, livingRefreshTokens } from '../ledger/issue.ts'
import { type AuthorizationCode, consentKey } from '../ledger/ledger.ts'
import { spendBudget } from '../ledger/rate-window.ts'
import type { ServerContext } from '../state.ts'
import { isVerified } from './code-challenge.ts'
import { throttleAnswer, tokenAnswer, tokenBadRequest, tokenError } from './token-answers.ts'

/**
 * `grant_type=authorization_code`. A code that was presented with the right client is spent, even
 * if the redirect URI or the PKCE verifier is wrong (strictest; unverified); a throttled exchange
 * spends nothing (unverified).
 */
export async function exchangeCode(
  { world, dataCenter }: ServerContext,
  parameters: Parameters,
): Promise<Response> {
  const { ledger, settings } = world
  const presented = parameters.get('code')
  if (!presented) return tokenBadRequest('code is missing.')
  const code = findCode(ledger, presented, dataCenter, world.clock.now())
  if (code === undefined) return tokenError('invalid_code')
  ledger.codes.delete(code.code)
  const refused = refuseRedirectUri(code, parameters.get('redirect_uri'))
  if (refused !== undefined) return refused
  if (
    settings.pkce === 'enforce' &&
    !(await isVerified(code.codeChallenge, parameters.get('code_verifier')))
  )
    return tokenError('invalid_code')

  const now = world.clock.now()
  if (!code.yieldsRefreshToken)
    return tokenAnswer(world, issueAccessToken(ledger, code, undefined, settings, now), undefined)
  const full = livingRefreshTokens(ledger, code).length >= settings.liveRefreshTokens
  if (full && settings.refreshTokenOverflow === 'refuse') return tokenError('Access Denied')
  if (
    !spendBudget(
      ledger,
      settings,
      { budget: 'refreshTokenBudget', of: consentKey(code) },
      code,
      now,
    )
  ) {
    ledger.codes.set(code.code, code)
    return throttleAnswer(settings.throttleLanguage, settings.throttleStatus)
  }
  const { token } = issueRefreshToken(ledger, code, settings, now)
  spendBudget(ledger, settings, { budget: 'accessTokenBudget', of: token }, code, now)
  return tokenAnswer(world, issueAccessToken(ledger, code, token, settings, now), token)
}

/** A Self Client code has no redirect URI, and one that is sent is ignored. */
function refuseRedirectUri(
  code: AuthorizationCode,
  sent: string | undefined,
): Response | undefined {
  if (code.redirectUri === undefined || sent === code.redirectUri) return undefined
  return sent ? tokenError('invalid_redirect_uri') : tokenBadRequest('redirect_uri is missing.')
}

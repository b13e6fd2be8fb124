import type { Parameters } from '../http/parameters.ts'
import { findRefreshToken } from '../ledger/find.ts'
import { issueAccessToken } from '../ledger/issue.ts'
import { spendBudget } from '../ledger/rate-window.ts'
import type { ServerContext } from '../state.ts'
import { throttleAnswer, tokenAnswer, tokenBadRequest, tokenError } from './token-answers.ts'

/**
 * `grant_type=refresh_token`: a new access token and never a new refresh token; a dead one is
 * `invalid_code`. https://www.zoho.com/recruit/developer-guide/apiv2/refresh.html
 */
export function refreshAccessToken(
  { world, dataCenter }: ServerContext,
  parameters: Parameters,
): Response {
  const { ledger, settings } = world
  const presented = parameters.get('refresh_token')
  if (!presented) return tokenBadRequest('refresh_token is missing.')
  const refresh = findRefreshToken(ledger, presented, dataCenter)
  if (refresh === undefined) return tokenError('invalid_code')
  const now = world.clock.now()
  const allowed = spendBudget(
    ledger,
    settings,
    { budget: 'accessTokenBudget', of: refresh.token },
    refresh,
    now,
  )
  if (!allowed) return throttleAnswer(settings.throttleLanguage, settings.throttleStatus)
  return tokenAnswer(
    world,
    issueAccessToken(ledger, refresh, refresh.token, settings, now),
    undefined,
  )
}

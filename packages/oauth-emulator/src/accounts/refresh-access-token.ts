import type { Parameters } from '../http/parameters.ts'
import { findRefreshToken } from '../ledger/find.ts'
import { issueAccessToken } from '../ledger/issue.ts'
import { consumeBudget } from '../ledger/rate-window.ts'
import type { ServerContext } from '../state.ts'
import { throttleResponse, tokenResponse, tokenBadRequest, tokenError } from './token-responses.ts'

/**
 * Handles `grant_type=refresh_token`: returns a new access token, never a new refresh token. The
 * error for an invalid refresh token is `invalid_code`.
 * https://www.zoho.com/recruit/developer-guide/apiv2/refresh.html
 */
export function refreshAccessToken(
  { state, dataCenter }: ServerContext,
  parameters: Parameters,
): Response {
  const { ledger, settings } = state
  const presented = parameters.get('refresh_token')
  if (!presented) return tokenBadRequest('refresh_token is missing.')
  const refresh = findRefreshToken(ledger, presented, dataCenter)
  if (refresh === undefined) return tokenError('invalid_code')
  const now = state.clock.now()
  const allowed = consumeBudget(
    ledger,
    settings,
    { budget: 'accessTokenBudget', key: refresh.token },
    refresh,
    now,
  )
  if (!allowed) return throttleResponse(settings.throttleLanguage, settings.throttleStatus)
  return tokenResponse(
    state,
    issueAccessToken(ledger, refresh, refresh.token, settings, now),
    undefined,
  )
}

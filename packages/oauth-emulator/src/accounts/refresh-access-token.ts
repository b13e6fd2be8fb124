import type { Parameters } from '../http/parameters.ts'
import { findRefreshToken } from '../ledger/find.ts'
import { issueAccessToken } from '../ledger/issue.ts'
import { spendNamed } from '../ledger/meter.ts'
import type { Station } from '../world.ts'
import { throttleAnswer, tokenAnswer, tokenBadRequest, tokenError } from './token-answers.ts'

/**
 * `grant_type=refresh_token`: a new access token and never a new refresh token; a dead one is `invalid_code`.
 * https://www.zoho.com/recruit/developer-guide/apiv2/refresh.html
 */
export function refreshAccessToken({ world, dataCenter }: Station, parameters: Parameters): Response {
  const { ledger, settings } = world
  const presented = parameters.get('refresh_token')
  if (!presented) return tokenBadRequest('refresh_token is missing.')
  const refresh = findRefreshToken(ledger, presented, dataCenter)
  if (refresh === undefined) return tokenError('invalid_code')
  const now = world.clock.now()
  const { accessTokenBudget, accessTokenBlock } = settings
  if (!spendNamed(ledger.meters, accessTokenMeter(refresh.token), accessTokenBudget, accessTokenBlock, now)) return throttleAnswer(settings.throttleLanguage, settings.throttleStatus)
  return tokenAnswer(world, issueAccessToken(ledger, refresh, refresh.token, settings, now), undefined)
}

/** The name under which a refresh token's access tokens are counted. */
export function accessTokenMeter(refreshToken: string): string {
  return `access tokens ${refreshToken}`
}

import type { EpochMs } from '../clock.ts'
import { lastSix } from '../journal/journal.ts'
import { randomToken } from '../random.ts'
import type { Settings } from '../settings/settings.ts'
import {
  type AccessToken,
  type AuthorizationCode,
  consentKey,
  type Grant,
  type Ledger,
  type RefreshToken,
} from './ledger.ts'
import { endAccessToken, endRefreshToken, toNamedToken } from './end.ts'

/** Issues an authorization code. It can be exchanged once, at its own data center. */
export function issueCode(
  ledger: Ledger,
  request: Omit<AuthorizationCode, 'code'>,
  now: EpochMs,
): AuthorizationCode {
  for (const [code, { expiresAt }] of ledger.codes) if (expiresAt <= now) ledger.codes.delete(code)
  const issued = { ...request, code: randomToken() }
  ledger.codes.set(issued.code, issued)
  ledger.journal.add({
    at: now,
    event: 'issued',
    ...toNamedToken('authorization_code', issued.code, issued),
    refreshToken: null,
  })
  return issued
}

/**
 * Issues a refresh token. Above the limit, the oldest refresh token of that user and client ends,
 * and its access tokens end with it, without a notice (Kaizen #43).
 */
export function issueRefreshToken(
  ledger: Ledger,
  grant: Grant,
  settings: Settings,
  now: EpochMs,
): RefreshToken {
  const issued = { ...pickGrant(grant), token: randomToken(), createdAt: now }
  ledger.refreshTokens.set(issued.token, issued)
  ledger.journal.add({
    at: now,
    event: 'issued',
    ...toNamedToken('refresh_token', issued.token, issued),
    refreshToken: null,
  })
  const live = liveRefreshTokens(ledger, grant)
  const excess = Math.max(0, live.length - settings.liveRefreshTokens)
  for (const oldest of live.slice(0, excess)) {
    endRefreshToken(ledger, oldest, { at: now, event: 'evicted', limit: 'liveRefreshTokens' })
  }
  return issued
}

/** The valid refresh tokens of a user and client, oldest first. */
export function liveRefreshTokens(ledger: Ledger, grant: Grant): RefreshToken[] {
  return [...ledger.refreshTokens.values()].filter(
    (other) => consentKey(other) === consentKey(grant),
  )
}

/**
 * Issues an access token. Above the limit, the oldest access token of that refresh token ends
 * without a notice (https://www.zoho.com/accounts/protocol/oauth/token-limits.html).
 */
export function issueAccessToken(
  ledger: Ledger,
  grant: Grant,
  refreshToken: string | undefined,
  settings: Settings,
  now: EpochMs,
): AccessToken {
  for (const [token, { expiresAt }] of ledger.accessTokens)
    if (expiresAt <= now) ledger.accessTokens.delete(token)
  const expiresAt = now + settings.accessTokenLifeSeconds * 1000
  const issued = {
    ...pickGrant(grant),
    token: randomToken(),
    refreshToken,
    createdAt: now,
    expiresAt,
  }
  ledger.accessTokens.set(issued.token, issued)
  const sourceToken = refreshToken === undefined ? null : lastSix(refreshToken)
  ledger.journal.add({
    at: now,
    event: 'issued',
    ...toNamedToken('access_token', issued.token, issued),
    refreshToken: sourceToken,
  })
  if (refreshToken === undefined) return issued
  const live = [...ledger.accessTokens.values()].filter(
    (other) => other.refreshToken === refreshToken,
  )
  const excess = Math.max(0, live.length - settings.liveAccessTokens)
  for (const oldest of live.slice(0, excess)) {
    endAccessToken(ledger, oldest, { at: now, event: 'evicted', limit: 'liveAccessTokens' })
  }
  return issued
}

/** Copies only the fields of a grant, because a code or a token has more fields. */
function pickGrant({ clientId, user, dataCenter, environment, scopes }: Grant): Grant {
  return { clientId, user, dataCenter, environment, scopes }
}

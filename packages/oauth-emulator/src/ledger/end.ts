import type { EpochMs } from '../clock.ts'
import type { Evicted, NamedToken, Revoked } from '../journal/entry.ts'
import { lastSix } from '../journal/journal.ts'
import {
  type AccessToken,
  consentKey,
  type Grant,
  type Ledger,
  type RefreshToken,
} from './ledger.ts'

/** Why tokens end, and when. */
export type Ending = { readonly at: EpochMs } & (
  Pick<Evicted, 'event' | 'limit'> | Pick<Revoked, 'event' | 'by'>
)

/** How the journal names a token. */
export function nameToken(
  tokenType: NamedToken['tokenType'],
  token: string,
  { dataCenter, user }: Grant,
) {
  return { tokenType, token: lastSix(token), dataCenter, user: user.email }
}

/** Ends an access token. One that has expired leaves without a word. */
export function endAccessToken(ledger: Ledger, access: AccessToken, ending: Ending): void {
  ledger.accessTokens.delete(access.token)
  if (ending.at < access.expiresAt)
    ledger.journal.add({ ...ending, ...nameToken('access_token', access.token, access) })
}

/** Ends a refresh token and the access tokens that were made from it. */
export function endRefreshToken(ledger: Ledger, refresh: RefreshToken, ending: Ending): void {
  ledger.refreshTokens.delete(refresh.token)
  ledger.journal.add({ ...ending, ...nameToken('refresh_token', refresh.token, refresh) })
  for (const access of ledger.accessTokens.values())
    if (access.refreshToken === refresh.token) endAccessToken(ledger, access, ending)
}

/**
 * Ends everything that a user gave a client, codes too (strictest), so that the next consent is the
 * first again.
 */
export function endGrant(
  ledger: Ledger,
  grant: Pick<Grant, 'clientId' | 'user'>,
  ending: Ending,
): void {
  const key = consentKey(grant)
  ledger.consents.delete(key)
  for (const [code, other] of ledger.codes) if (consentKey(other) === key) ledger.codes.delete(code)
  for (const refresh of ledger.refreshTokens.values())
    if (consentKey(refresh) === key) endRefreshToken(ledger, refresh, ending)
  for (const access of ledger.accessTokens.values())
    if (consentKey(access) === key) endAccessToken(ledger, access, ending)
}

import type { EpochMs } from '../clock.ts'
import type { Evicted, NamedToken, Revoked } from '../journal/entry.ts'
import { lastSix } from '../journal/journal.ts'
import { type Environment, environments } from '../environment.ts'
import {
  type AccessToken,
  environmentKey,
  type Grant,
  type Ledger,
  type RefreshToken,
} from './ledger.ts'

/** The reason and the time at which tokens end. */
export type Ending = { readonly at: EpochMs } & (
  Pick<Evicted, 'event' | 'limit'> | Pick<Revoked, 'event' | 'by'>
)

/** Describes a token for the journal. */
export function toNamedToken(
  tokenType: NamedToken['tokenType'],
  token: string,
  { dataCenter, user }: Grant,
) {
  return { tokenType, token: lastSix(token), dataCenter, user: user.email }
}

/** Ends an access token. An expired token is removed without a journal entry. */
export function endAccessToken(ledger: Ledger, access: AccessToken, ending: Ending): void {
  ledger.accessTokens.delete(access.token)
  if (ending.at < access.expiresAt)
    ledger.journal.add({ ...ending, ...toNamedToken('access_token', access.token, access) })
}

/** Ends a refresh token and the access tokens that were created from it. */
export function endRefreshToken(ledger: Ledger, refresh: RefreshToken, ending: Ending): void {
  ledger.refreshTokens.delete(refresh.token)
  ledger.journal.add({ ...ending, ...toNamedToken('refresh_token', refresh.token, refresh) })
  for (const access of ledger.accessTokens.values())
    if (access.refreshToken === refresh.token) endAccessToken(ledger, access, ending)
}

/**
 * Ends all tokens and codes of a user and a client in one environment, or in all of them. That the
 * codes end too is the strictest reading of revoke-refresh-token.html (see the setting
 * `revocationScope`). The next consent counts as the first again.
 */
export function endGrant(
  ledger: Ledger,
  { clientId, user, environment }: EndedGrant,
  ending: Ending,
): void {
  const endedEnvironments = environment === undefined ? environments : [environment]
  const keys = endedEnvironments.map((ended) =>
    environmentKey({ clientId, user, environment: ended }),
  )
  const isEnded = (grant: Grant) => keys.includes(environmentKey(grant))
  for (const key of keys) ledger.consents.delete(key)
  for (const [code, other] of ledger.codes) if (isEnded(other)) ledger.codes.delete(code)
  for (const refresh of ledger.refreshTokens.values())
    if (isEnded(refresh)) endRefreshToken(ledger, refresh, ending)
  for (const access of ledger.accessTokens.values())
    if (isEnded(access)) endAccessToken(ledger, access, ending)
}

type EndedGrant = Pick<Grant, 'clientId' | 'user'> & { readonly environment?: Environment }

import type { AccessToken, ConnectionRecord } from '../domain/record.ts'
import {
  clockSlackMs,
  isPlausibleDeadline,
  maxAccessTokenMs,
  type EpochMs,
} from '../domain/time.ts'
import type { ServableTokens } from './decision.ts'

/**
 * `fresh`: serve the access token. `due`: serve it, and refresh in the background. `stale`: it has
 * expired or expires soon, so refresh first.
 */
export type Freshness = 'fresh' | 'due' | 'stale'

const dueBeforeExpiryMs = 600_000
const dueSpreadMs = 240_000
const staleBeforeExpiryMs = 120_000

/**
 * An access token becomes due ten to fourteen minutes before it expires, and stale two minutes
 * before. The moment when it is due is computed from its id. So all processes agree on the moment,
 * and connections that were refreshed together are not all due at the same time. If a token lives
 * less than an hour, these times shrink in proportion, so a new token is never stale.
 */
export const freshnessOf = (record: ConnectionRecord, now: EpochMs): Freshness => {
  const accessToken = validAccessToken(record, now)
  if (!accessToken) return 'stale'
  const { id, issuedAt, expiresAt } = accessToken
  const lifetimeMs = Math.min(expiresAt - issuedAt, maxAccessTokenMs)
  // Multiplying first is exact: 120_000 * 237_000 / 3_600_000 is 7900, but
  // 120_000 * (237_000 / 3_600_000) is 7899.999….
  const inProportion = (ms: number) => (ms * lifetimeMs) / maxAccessTokenMs
  const leftMs = expiresAt - now
  if (leftMs <= inProportion(staleBeforeExpiryMs)) return 'stale'
  return leftMs <= inProportion(dueBeforeExpiryMs + dueSpreadMs * hashFraction(id))
    ? 'due'
    : 'fresh'
}

/** The stored access token, unless it has expired, or a clock that jumped has set its instants. */
const validAccessToken = ({ tokens }: ConnectionRecord, now: EpochMs): AccessToken | undefined => {
  const accessToken = tokens?.accessToken
  if (!accessToken) return undefined
  const { issuedAt, expiresAt } = accessToken
  // If `issuedAt` is in the future, a clock jumped, and `expiresAt` is wrong as well.
  const isValid =
    isPlausibleDeadline(expiresAt, now, maxAccessTokenMs) &&
    issuedAt <= now + clockSlackMs &&
    issuedAt < expiresAt
  return isValid ? accessToken : undefined
}

/** The token set of an active record, if its access token is fresh or due. */
export const servableTokens = (
  record: ConnectionRecord,
  now: EpochMs,
): ServableTokens | undefined =>
  freshnessOf(record, now) === 'stale' ? undefined : unexpiredTokens(record, now)

/**
 * Like `servableTokens`, but includes a stale access token that has not expired. It is served while
 * no refresh is possible.
 */
export const unexpiredTokens = (
  record: ConnectionRecord,
  now: EpochMs,
): ServableTokens | undefined => {
  if (record.status !== 'active') return undefined
  const accessToken = validAccessToken(record, now)
  // Another process may read a time that is later by `clockSlackMs`. The token must be valid there.
  const isUnexpired = accessToken !== undefined && accessToken.expiresAt > now + clockSlackMs
  return isUnexpired ? (record.tokens as ServableTokens) : undefined
}

/** FNV-1a as a number from 0 to 1. It spreads values and is not a cryptographic hash. */
export const hashFraction = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}

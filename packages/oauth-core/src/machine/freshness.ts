import type { AccessToken, ConnectionRecord } from '../domain/record.ts'
import {
  clockSlackMs,
  isPlausibleDeadline,
  maxAccessTokenMs,
  type EpochMs,
} from '../domain/time.ts'
import type { ServableTokens } from './decision.ts'

/**
 * What the clock says of an access token: hand it out, hand it out and refresh behind it, or
 * refresh first.
 */
export type Freshness = 'fresh' | 'due' | 'stale'

const dueMs = 600_000
const dueSpreadMs = 240_000
const staleMs = 120_000

/**
 * Due begins ten to fourteen minutes before the end: all processes agree on the moment, because it
 * follows from the access token's id, and connections that were refreshed together drift apart. A
 * token that lives shorter than Zoho's hour keeps the proportions, so that a new one is never
 * stale.
 */
export const freshnessOf = (record: ConnectionRecord, now: EpochMs): Freshness => {
  const accessToken = validAccessToken(record, now)
  if (!accessToken) return 'stale'
  const { id, issuedAt, expiresAt } = accessToken
  const lifetimeMs = Math.min(expiresAt - issuedAt, maxAccessTokenMs)
  // Multiplied before it is divided: 120 s × (237 s ÷ 60 min) is 7,899.999… ms, and the limit is
  // exact.
  const inProportion = (ms: number) => (ms * lifetimeMs) / maxAccessTokenMs
  const leftMs = expiresAt - now
  if (leftMs <= inProportion(staleMs)) return 'stale'
  return leftMs <= inProportion(dueMs + dueSpreadMs * hashFraction(id)) ? 'due' : 'fresh'
}

/** The stored access token, unless it has ended or carries instants that cannot be. */
const validAccessToken = ({ tokens }: ConnectionRecord, now: EpochMs): AccessToken | undefined => {
  const accessToken = tokens?.accessToken
  if (!accessToken) return undefined
  const { issuedAt, expiresAt } = accessToken
  // Minted in a time to come: by a clock that jumped, so its end is as wrong.
  return isPlausibleDeadline(expiresAt, now, maxAccessTokenMs) &&
    issuedAt <= now + clockSlackMs &&
    issuedAt < expiresAt
    ? accessToken
    : undefined
}

/** The tokens of an active record whose access token can be handed out now. */
export const servableTokens = (
  record: ConnectionRecord,
  now: EpochMs,
): ServableTokens | undefined =>
  freshnessOf(record, now) === 'stale' ? undefined : unexpiredTokens(record, now)

/**
 * The same, and stale ones too: what is handed out while a refresh can't be had. A good token is
 * not kept back for a bad day.
 */
export const unexpiredTokens = (
  record: ConnectionRecord,
  now: EpochMs,
): ServableTokens | undefined =>
  record.status === 'active' && (validAccessToken(record, now)?.expiresAt ?? 0) > now + clockSlackMs
    ? (record.tokens as ServableTokens)
    : undefined

/** FNV-1a, as a number from 0 to 1: it spreads, it protects nothing. */
export const hashFraction = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}

import { clockSlackMs, isAhead, longestAccessTokenMs, type ConnectionRecord, type EpochMs } from '../domain/index.ts'
import type { ServableTokens } from './effects.ts'

/** What the clock says of an access token: hand it out, hand it out and refresh behind it, or refresh first. */
export type Freshness = 'fresh' | 'due' | 'stale'

const dueMs = 600_000
const dueSpreadMs = 240_000
const staleMs = 120_000

/**
 * Due begins ten to fourteen minutes before the end: all processes agree on the moment, because it follows from the
 * access token's id, and connections that were refreshed together drift apart. A token that lives shorter than Zoho's
 * hour keeps the proportions, so that a new one is never stale.
 */
export const freshnessOf = (record: ConnectionRecord, now: EpochMs): Freshness => {
  const accessToken = record.tokens?.accessToken
  if (!accessToken || record.rejected?.accessTokenId === accessToken.id) return 'stale'
  const { mintedAt, expiresAt } = accessToken
  // Minted in a time to come: by a clock that jumped, so its end is as wrong.
  if (!isAhead(expiresAt, now, longestAccessTokenMs) || mintedAt > now + clockSlackMs || mintedAt >= expiresAt) return 'stale'
  const scale = Math.min(1, (expiresAt - mintedAt) / longestAccessTokenMs)
  const left = expiresAt - now
  if (left <= staleMs * scale) return 'stale'
  return left <= (dueMs + dueSpreadMs * fractionOf(accessToken.id)) * scale ? 'due' : 'fresh'
}

/** The tokens of an active record whose access token can be handed out now. */
export const servableTokens = (record: ConnectionRecord, now: EpochMs): ServableTokens | undefined =>
  record.status === 'active' && record.tokens?.accessToken && freshnessOf(record, now) !== 'stale'
    ? (record.tokens as ServableTokens)
    : undefined

/** FNV-1a, as a number from 0 to 1: it spreads, it protects nothing. */
const fractionOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}

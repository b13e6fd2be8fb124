import type { EpochMs } from '../domain/time.ts'
import { coolDownOf } from './rate-limits.ts'
import type { Refusal } from './decision.ts'
import {
  abandonedTokensToRevoke,
  type AbandonedToken,
  type ConnectionRecord,
} from '../domain/record.ts'

/**
 * A refresh token whose revocation Zoho has not confirmed: the connection's own token, or an
 * abandoned one. Both have the same properties.
 */
export type PendingRevocation = AbandonedToken

/** The connection's own refresh token, if the connection is in `revoking`. */
const ownTokenToRevoke = ({
  status,
  tokens,
  coolDown,
  recentCalls,
}: ConnectionRecord): PendingRevocation[] => {
  if (status !== 'revoking' || !tokens) return []
  const { dataCenter, refreshToken, refreshTokenId } = tokens
  return [{ dataCenter, refreshToken, refreshTokenId, recentCalls, ...(coolDown && { coolDown }) }]
}

/**
 * The refresh tokens to revoke: the connection's own, and the abandoned ones. While a newer consent
 * is active, the abandoned ones are not included. A token in the list can have a cool-down.
 */
export const pendingRevocations = (record: ConnectionRecord): PendingRevocation[] => [
  ...ownTokenToRevoke(record),
  ...abandonedTokensToRevoke(record),
]

/**
 * Finds a pending revocation by the id of its refresh token. Unlike `pendingRevocations`, it also
 * finds an abandoned token whose revocation waits because it could end a newer consent.
 */
export const findRevocation = (
  record: ConnectionRecord,
  refreshTokenId: string,
): PendingRevocation | undefined =>
  [...ownTokenToRevoke(record), ...(record.abandoned ?? [])].find(
    (pending) => pending.refreshTokenId === refreshTokenId,
  )

/** The tokens without a running cool-down. Zoho may be asked to revoke them now. */
export const withoutCoolDown = (
  pending: readonly PendingRevocation[],
  now: EpochMs,
): PendingRevocation[] => pending.filter((token) => !coolDownOf(token, now))

/**
 * The refusal for the tokens that have a cool-down; `undefined` if none has one. `retryAt` is the
 * end of the last cool-down: from then on, one call can revoke all of these tokens.
 */
export const coolDownRefusal = (
  pending: readonly PendingRevocation[],
  now: EpochMs,
): Refusal | undefined => {
  const retryTimes = pending.flatMap((token) => coolDownOf(token, now)?.until ?? [])
  if (retryTimes.length === 0) return undefined
  return { code: 'revocation-failed', retryAt: Math.max(...retryTimes) }
}

/**
 * The record with a new cool-down and budget for one pending revocation. The limits of the
 * connection's own token are properties of the record; an abandoned token has its own.
 */
export const withLimits = (
  record: ConnectionRecord,
  refreshTokenId: string,
  { coolDown, recentCalls }: Pick<PendingRevocation, 'coolDown' | 'recentCalls'>,
): ConnectionRecord => {
  const limits = { recentCalls, ...(coolDown && { coolDown }) }
  const { abandoned = [] } = record
  const isAbandoned = abandoned.some((token) => token.refreshTokenId === refreshTokenId)
  if (!isAbandoned) return { ...record, ...limits }
  const updated = abandoned.map((token) =>
    token.refreshTokenId === refreshTokenId ? { ...token, ...limits } : token,
  )
  return { ...record, abandoned: updated }
}

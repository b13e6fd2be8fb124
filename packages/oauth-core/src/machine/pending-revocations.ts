import type { EpochMs } from '../domain/time.ts'
import { coolDownOf } from './rate-limits.ts'
import type { Refusal } from './decision.ts'
import { abandonedTokens, type AbandonedToken, type ConnectionRecord } from '../domain/record.ts'

/** A refresh token whose revocation Zoho has not confirmed, with its cool-down and budget. */
export type PendingRevocation = AbandonedToken

const revokingToken = ({
  status,
  tokens,
  coolDown,
  budget,
}: ConnectionRecord): PendingRevocation[] => {
  if (status !== 'revoking' || !tokens) return []
  const { dataCenter, refreshToken, refreshTokenId } = tokens
  return [{ dataCenter, refreshToken, refreshTokenId, budget, ...(coolDown && { coolDown }) }]
}

/** All refresh tokens that must be revoked now: the connection's own, and the abandoned ones. */
export const pendingRevocations = (record: ConnectionRecord): PendingRevocation[] => [
  ...revokingToken(record),
  ...abandonedTokens(record),
]

/**
 * Finds a pending revocation by its refresh token. An abandoned token is found also while it waits
 * because of a newer consent.
 */
export const findRevocation = (
  record: ConnectionRecord,
  refreshTokenId: string,
): PendingRevocation | undefined =>
  [...revokingToken(record), ...(record.abandoned ?? [])].find(
    (pending) => pending.refreshTokenId === refreshTokenId,
  )

/** The tokens that may be revoked now. */
export const withoutCoolDown = (
  pending: readonly PendingRevocation[],
  now: EpochMs,
): PendingRevocation[] => pending.filter((token) => !coolDownOf(token, now))

/** The refusal for the tokens that have a cool-down; `undefined` if none has one. */
export const refusalFor = (
  pending: readonly PendingRevocation[],
  now: EpochMs,
): Refusal | undefined => {
  const retryTimes = pending.flatMap((token) => coolDownOf(token, now)?.until ?? [])
  if (retryTimes.length === 0) return undefined
  return { code: 'revocation-failed', retryAt: Math.max(...retryTimes) }
}

/** The record with a new cool-down and budget for one pending revocation. */
export const withLimits = (
  record: ConnectionRecord,
  refreshTokenId: string,
  { coolDown, budget }: Pick<PendingRevocation, 'coolDown' | 'budget'>,
): ConnectionRecord => {
  const limits = { budget, ...(coolDown && { coolDown }) }
  const { abandoned = [] } = record
  const isAbandoned = abandoned.some((token) => token.refreshTokenId === refreshTokenId)
  if (!isAbandoned) return { ...record, ...limits }
  const updated = abandoned.map((token) =>
    token.refreshTokenId === refreshTokenId ? { ...token, ...limits } : token,
  )
  return { ...record, abandoned: updated }
}

import { abandonedTokens, type AbandonedToken, type ConnectionRecord } from '../domain/record.ts'

/** A refresh token whose revocation Zoho has not confirmed, with what limits the calls for it. */
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

/**
 * All refresh tokens that are to be revoked now: the connection's own, and those that arrived too
 * late.
 */
export const pendingRevocations = (record: ConnectionRecord): PendingRevocation[] => [
  ...revokingToken(record),
  ...abandonedTokens(record),
]

/** One of them by its id; an abandoned one also while a newer consent keeps it waiting. */
export const findRevocation = (
  record: ConnectionRecord,
  refreshTokenId: string,
): PendingRevocation | undefined =>
  [...revokingToken(record), ...(record.abandoned ?? [])].find(
    (one) => one.refreshTokenId === refreshTokenId,
  )

/** The record with the cool-down and the budget of one pending revocation in its place. */
export const withLimits = (
  record: ConnectionRecord,
  refreshTokenId: string,
  { coolDown, budget }: Pick<PendingRevocation, 'coolDown' | 'budget'>,
): ConnectionRecord => {
  const limits = { budget, ...(coolDown && { coolDown }) }
  if (!record.abandoned?.some((one) => one.refreshTokenId === refreshTokenId))
    return { ...record, ...limits }
  const abandoned = record.abandoned.map((one) =>
    one.refreshTokenId === refreshTokenId ? { ...one, ...limits } : one,
  )
  return { ...record, abandoned }
}

import type { ErrorCode } from '../errors/codes.ts'
import { awaitsOutcome, type Attempt, type ConnectionRecord } from '../domain/record.ts'
import { attemptRetentionMs, clockSlackMs, type EpochMs } from '../domain/time.ts'
import { proceed, refuse, transitionTo, type Announcement, type Transition } from './decision.ts'
import type { EventOf } from './events.ts'

/**
 * How many exchanges one principal may start within `attemptWindowMs`. Zoho issues ten codes in ten
 * minutes to the whole client, so a user with real codes is not refused here. A user who sends
 * invented codes to the callback uses up only their own attempts.
 */
const maxAttemptsPerPrincipal = 10
const attemptWindowMs = 600_000
/** Limits the size of the record for any number of principals. The oldest attempts are dropped. */
const maxAttempts = 100
/** Maximum number of refresh tokens that wait for their revocation. */
const maxAbandoned = 8

/**
 * Attempts whose callback could still be replayed. An attempt in the future comes from a clock that
 * jumped. It is kept, because forgetting it would allow a replay.
 */
export const recentAttempts = (attempts: readonly Attempt[], now: EpochMs): Attempt[] =>
  attempts.filter((attempt) => attempt.at > now - attemptRetentionMs)

/** The record without attempts whose callback can no longer be replayed. */
export const withoutOldAttempts = (record: ConnectionRecord, now: EpochMs): ConnectionRecord =>
  keepAttempts(record, recentAttempts(record.attempts, now))

/**
 * The record with these attempts only. If the outcome of a dropped attempt is unknown, Zoho may
 * have issued a refresh token for it. This token is counted now, unless it was counted before.
 */
const keepAttempts = (record: ConnectionRecord, kept: readonly Attempt[]): ConnectionRecord => {
  if (kept.length === record.attempts.length) return record
  const dropped = record.attempts.filter((attempt) => !kept.includes(attempt))
  const uncounted = dropped.filter((attempt) => awaitsOutcome(attempt) && !attempt.tokenCounted)
  const next = { ...record, attempts: kept }
  if (uncounted.length === 0) return next
  return { ...next, refreshTokens: (record.refreshTokens ?? 0) + uncounted.length }
}

/** A callback is used once: the hash of its state is stored before its code is sent. */
export const exchangeStarted = (
  record: ConnectionRecord,
  event: EventOf<'exchangeStarted'>,
  now: EpochMs,
): Transition => {
  const pruned = withoutOldAttempts(record, now)
  const used = record.attempts.find((attempt) => attempt.stateHash === event.stateHash)
  if (used) {
    // A process repeats its event if the store did not acknowledge the write.
    const isRepeatedEvent = used.id !== undefined && used.id === event.id && !used.outcome
    return transitionTo(record, isRepeatedEvent ? proceed : refuse('callback-replayed'))
  }
  const retryAt = attemptsRetryAt(pruned.attempts, event.limitedPrincipal, now)
  if (retryAt) return transitionTo(record, refuse('attempts-exhausted', retryAt))
  // If the connection is revoked during this exchange, one more refresh token has to wait for its
  // revocation. So no exchange starts while the list of these tokens is full.
  const abandonedCount = record.abandoned?.length ?? 0
  if (abandonedCount >= maxAbandoned) return transitionTo(record, refuse('revocation-failed'))
  const { stateHash, id, limitedPrincipal } = event
  const attempt: Attempt = {
    stateHash,
    at: now,
    id,
    ...(limitedPrincipal !== undefined && { limitedPrincipal }),
  }
  const withRoom = dropOldestIfFull(pruned)
  const principal = record.principal ?? event.principal
  return transitionTo({ ...withRoom, principal, attempts: [...withRoom.attempts, attempt] })
}

/**
 * Drops one attempt if the list is full: the oldest whose exchange has ended. If no exchange has
 * ended, it drops the oldest attempt.
 */
const dropOldestIfFull = (record: ConnectionRecord): ConnectionRecord => {
  const { attempts } = record
  if (attempts.length < maxAttempts) return record
  const oldest = attempts.find((attempt) => !awaitsOutcome(attempt)) ?? attempts[0]
  return keepAttempts(
    record,
    attempts.filter((attempt) => attempt !== oldest),
  )
}

/** When the principal may try again; `undefined` while the principal has attempts left. */
const attemptsRetryAt = (
  attempts: readonly Attempt[],
  limitedPrincipal: string | undefined,
  now: EpochMs,
): EpochMs | undefined => {
  if (limitedPrincipal === undefined) return undefined
  const recent = attempts.filter(
    (attempt) =>
      attempt.limitedPrincipal === limitedPrincipal &&
      attempt.at > now - attemptWindowMs &&
      attempt.at <= now + clockSlackMs,
  )
  // Another attempt is allowed once this one has left the window.
  const limiting = recent.at(-maxAttemptsPerPrincipal)
  return limiting && limiting.at + attemptWindowMs
}

/** A consent that failed does not change the status of the connection. */
export const attemptFailed = (
  record: ConnectionRecord,
  event: EventOf<'attemptFailed'>,
  now: EpochMs,
): Transition => {
  const closed = closeAttempt(record, event.stateHash, 'failed', now)
  if (closed === record) return transitionTo(record)
  const shouldCount =
    mayLeaveRefreshToken.has(event.code) && !isTokenCounted(record, event.stateHash)
  const counted = shouldCount ? withCountedTokens(closed, [event.stateHash]) : closed
  return transitionTo(counted, proceed, consentFailed(event.code, event.zohoError))
}

/**
 * After these errors Zoho has issued a refresh token, or may have, and nobody stored it. It counts
 * towards Zoho's limit of twenty refresh tokens.
 */
const mayLeaveRefreshToken = new Set<ErrorCode>(['account-unread', 'exchange-outcome-unknown'])

/** Does `refreshTokens` already include the refresh token that this attempt may have left? */
export const isTokenCounted = (
  { attempts }: ConnectionRecord,
  stateHash: string | undefined,
): boolean =>
  attempts.some((attempt) => attempt.stateHash === stateHash && attempt.tokenCounted === true)

/** Counts the refresh tokens that these attempts may have left at Zoho. */
export const withCountedTokens = (
  record: ConnectionRecord,
  stateHashes: readonly string[],
): ConnectionRecord => ({
  ...record,
  attempts: record.attempts.map((attempt) =>
    stateHashes.includes(attempt.stateHash) ? { ...attempt, tokenCounted: true } : attempt,
  ),
  refreshTokens: (record.refreshTokens ?? 0) + stateHashes.length,
})

/**
 * Ends the attempts whose grants could still be stored, so that they are not stored. A lost attempt
 * becomes `failed`, because its refresh token is counted already. Any other becomes `overtaken`: if
 * its process dies before it reports the outcome, recovery counts the refresh token.
 */
export const overtakeOpenAttempts = (record: ConnectionRecord): ConnectionRecord =>
  record.attempts.some(isGrantPossible)
    ? { ...record, attempts: record.attempts.map(overtake) }
    : record

const overtake = (attempt: Attempt): Attempt => {
  if (!isGrantPossible(attempt)) return attempt
  return { ...attempt, outcome: attempt.outcome === 'lost' ? 'failed' : 'overtaken' }
}

/**
 * Can the grant of this attempt still be stored? The process of a lost attempt may only be paused.
 */
const isGrantPossible = ({ outcome }: Attempt): boolean => !outcome || outcome === 'lost'

export const consentFailed = (code: ErrorCode, zohoError?: string): Announcement => ({
  type: 'consent-failed',
  code,
  zohoError,
})

/**
 * Ends the attempt with this state hash. Returns the same record if there is no such attempt, or if
 * it has ended.
 */
export const closeAttempt = (
  record: ConnectionRecord,
  stateHash: string | undefined,
  outcome: 'granted' | 'failed',
  now: EpochMs,
): ConnectionRecord => {
  const unfinished = record.attempts.find(
    (attempt) =>
      attempt.stateHash === stateHash && (isGrantPossible(attempt) || awaitsOutcome(attempt)),
  )
  if (!unfinished) return record
  const attempts = record.attempts.map((attempt) =>
    attempt === unfinished ? { ...attempt, outcome } : attempt,
  )
  return withoutOldAttempts({ ...record, attempts }, now)
}

import type { ErrorCode } from '../errors/codes.ts'
import { isUnreported, type Attempt, type ConnectionRecord } from '../domain/record.ts'
import {
  attemptRetentionMs,
  authorizationRequestMs,
  clockSlackMs,
  type EpochMs,
} from '../domain/time.ts'
import { proceed, refuse, transitionTo, type Announcement, type Transition } from './decision.ts'
import type { EventOf } from './events.ts'

/**
 * Attempts of one principal within ten minutes. Zoho allows ten codes in ten minutes for a whole
 * client, so an honest user does not reach this limit. A user who invents codes uses up only their
 * own attempts.
 */
const attemptsPerPrincipal = 10
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
 * The record with these attempts only. A dropped attempt that was never reported may have left a
 * refresh token at Zoho, so that token is counted now.
 */
const keepAttempts = (record: ConnectionRecord, kept: readonly Attempt[]): ConnectionRecord => {
  if (kept.length === record.attempts.length) return record
  const dropped = record.attempts.filter((attempt) => !kept.includes(attempt))
  const uncounted = dropped.filter((attempt) => isUnreported(attempt) && !attempt.counted)
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
  const recent = withoutOldAttempts(record, now)
  const used = record.attempts.find((attempt) => attempt.state === event.state)
  if (used) {
    const isOwn = used.id !== undefined && used.id === event.id && !used.outcome
    return transitionTo(record, isOwn ? proceed : refuse('callback-replayed'))
  }
  const retryAt = attemptsRetryAt(recent.attempts, event.countedFor, now)
  if (retryAt) return transitionTo(record, refuse('attempts-exhausted', retryAt))
  const abandonedCount = record.abandoned?.length ?? 0
  if (abandonedCount >= maxAbandoned) return transitionTo(record, refuse('revocation-failed'))
  const { state, id, countedFor } = event
  const attempt: Attempt = { state, at: now, id, ...(countedFor !== undefined && { countedFor }) }
  const kept = dropOldestIfFull(recent)
  const principal = record.principal ?? event.principal
  return transitionTo({ ...kept, principal, attempts: [...kept.attempts, attempt] })
}

/**
 * Drops one attempt if the list is full: the oldest whose exchange has ended. If no exchange has
 * ended, it drops the oldest attempt.
 */
const dropOldestIfFull = (record: ConnectionRecord): ConnectionRecord => {
  const { attempts } = record
  if (attempts.length < maxAttempts) return record
  const oldest = attempts.find((attempt) => !isUnreported(attempt)) ?? attempts[0]
  return keepAttempts(
    record,
    attempts.filter((attempt) => attempt !== oldest),
  )
}

/** When the principal may try again; `undefined` while the principal has attempts left. */
const attemptsRetryAt = (
  attempts: readonly Attempt[],
  countedFor: string | undefined,
  now: EpochMs,
): EpochMs | undefined => {
  if (countedFor === undefined) return undefined
  const recent = attempts.filter(
    (attempt) =>
      attempt.countedFor === countedFor &&
      attempt.at > now - authorizationRequestMs &&
      attempt.at <= now + clockSlackMs,
  )
  const oldestCounted = recent.at(-attemptsPerPrincipal)
  return oldestCounted && oldestCounted.at + authorizationRequestMs
}

/** A consent that failed does not change the status of the connection. */
export const attemptFailed = (
  record: ConnectionRecord,
  event: EventOf<'attemptFailed'>,
  now: EpochMs,
): Transition => {
  const closed = closeAttempt(record, event.state, 'failed', now)
  if (closed === record) return transitionTo(record)
  const shouldCount = mayLeaveRefreshToken.has(event.code) && !isCounted(record, event.state)
  const counted = shouldCount ? withCountedTokens(closed, [event.state]) : closed
  return transitionTo(counted, proceed, consentFailed(event.code))
}

/**
 * After these errors Zoho has issued a refresh token, or may have, and nobody stored it. It counts
 * towards Zoho's limit of twenty refresh tokens.
 */
const mayLeaveRefreshToken = new Set<ErrorCode>(['account-unread', 'exchange-outcome-unknown'])

/** Does `refreshTokens` already include the refresh token that this attempt may have left? */
export const isCounted = ({ attempts }: ConnectionRecord, state: string | undefined): boolean =>
  attempts.some((attempt) => attempt.state === state && attempt.counted === true)

/** Counts the refresh tokens that these attempts may have left at Zoho. */
export const withCountedTokens = (
  record: ConnectionRecord,
  states: readonly string[],
): ConnectionRecord => ({
  ...record,
  attempts: record.attempts.map((attempt) =>
    states.includes(attempt.state) ? { ...attempt, counted: true } : attempt,
  ),
  refreshTokens: (record.refreshTokens ?? 0) + states.length,
})

/** Marks the exchanges that are under way as overtaken, so that their grants are not stored. */
export const overtakeOpenAttempts = (record: ConnectionRecord): ConnectionRecord =>
  record.attempts.some(isOpen) ? { ...record, attempts: record.attempts.map(overtake) } : record

const overtake = (attempt: Attempt): Attempt => {
  if (!isOpen(attempt)) return attempt
  // The refresh token of a lost attempt is counted already, so this attempt ends as `failed`.
  // Recovery counts the refresh token of any other attempt when its process has died.
  return { ...attempt, outcome: attempt.outcome === 'lost' ? 'failed' : 'overtaken' }
}

/**
 * Can the grant of this attempt still arrive? That of a lost attempt can, if its process paused.
 */
const isOpen = ({ outcome }: Attempt): boolean => !outcome || outcome === 'lost'

export const consentFailed = (code: ErrorCode): Announcement => ({ type: 'consent-failed', code })

/** Ends the attempt of that state. Returns the same record if there is none, or it has ended. */
export const closeAttempt = (
  record: ConnectionRecord,
  state: string | undefined,
  outcome: 'granted' | 'failed',
  now: EpochMs,
): ConnectionRecord => {
  const open = record.attempts.find(
    (attempt) => attempt.state === state && (isOpen(attempt) || isUnreported(attempt)),
  )
  if (!open) return record
  const attempts = record.attempts.map((attempt) =>
    attempt === open ? { ...attempt, outcome } : attempt,
  )
  return withoutOldAttempts({ ...record, attempts }, now)
}

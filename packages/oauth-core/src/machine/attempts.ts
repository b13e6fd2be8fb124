import type { ErrorCode } from '../errors/codes.ts'
import { isUnreported, type Attempt, type ConnectionRecord } from '../domain/record.ts'
import {
  attemptRetentionMs,
  authorizationRequestMs,
  clockSlackMs,
  type EpochMs,
} from '../domain/time.ts'
import { proceed, refuse, transitionTo, type Announcement, type Transition } from './decision.ts'
import type { ConnectionEvent } from './events.ts'

type Of<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>

/**
 * Attempts of one principal within the life of a browser binding. Zoho allows ten codes in ten
 * minutes for a whole client, so an honest user does not reach it; a member of a team who invents
 * codes stops nobody else.
 */
const attemptsPerPrincipal = 10
/** Older ones are dropped, so that no number of principals makes the record too large to store. */
const maxAttempts = 100
/** Refresh tokens that wait for their revocation. */
const maxAbandoned = 8

/**
 * Attempts that are still remembered. One ahead of now comes from a clock that jumped, and is kept:
 * forgetting allows a replay.
 */
export const recentAttempts = (attempts: readonly Attempt[], now: EpochMs): Attempt[] =>
  attempts.filter((attempt) => attempt.at > now - attemptRetentionMs)

/**
 * The record without attempts whose callback can no longer be replayed. One of them that has never
 * reported may have left a refresh token at Zoho: it is counted when it goes.
 */
export const withoutOldAttempts = (record: ConnectionRecord, now: EpochMs): ConnectionRecord =>
  withAttempts(record, recentAttempts(record.attempts, now))

const withAttempts = (record: ConnectionRecord, kept: readonly Attempt[]): ConnectionRecord => {
  if (kept.length === record.attempts.length) return record
  const dropped = record.attempts.filter((one) => !kept.includes(one))
  const uncounted = dropped.filter((one) => isUnreported(one) && !one.counted).length
  const next = { ...record, attempts: kept }
  return uncounted === 0
    ? next
    : { ...next, refreshTokens: (record.refreshTokens ?? 0) + uncounted }
}

/** A callback is used once: its state is stored before its code is sent anywhere. */
export const exchangeStarted = (
  record: ConnectionRecord,
  event: Of<'exchangeStarted'>,
  now: EpochMs,
): Transition => {
  const recent = withoutOldAttempts(record, now)
  const used = record.attempts.find((attempt) => attempt.state === event.state)
  if (used) {
    const isOwn = used.id !== undefined && used.id === event.id && !used.outcome
    return transitionTo(record, isOwn ? proceed : refuse('callback-replayed'))
  }
  const retryAt = attemptsSpentUntil(recent.attempts, event.countedFor, now)
  if (retryAt) return transitionTo(record, refuse('attempts-exhausted', retryAt))
  if ((record.abandoned?.length ?? 0) >= maxAbandoned)
    return transitionTo(record, refuse('revocation-failed'))
  const { state, id, countedFor } = event
  const attempt: Attempt = { state, at: now, id, ...(countedFor !== undefined && { countedFor }) }
  const kept = withRoom(recent)
  const principal = record.principal ?? event.principal
  return transitionTo({ ...kept, principal, attempts: [...kept.attempts, attempt] })
}

/**
 * Makes room for one more. An exchange that is under way keeps its attempt as long as another one
 * can go.
 */
const withRoom = (record: ConnectionRecord): ConnectionRecord => {
  const { attempts } = record
  if (attempts.length < maxAttempts) return record
  const oldest = attempts.find((one) => !isUnreported(one)) ?? attempts[0]
  return withAttempts(
    record,
    attempts.filter((one) => one !== oldest),
  )
}

/** Until when a principal has used up its attempts; `undefined` while it has some. */
const attemptsSpentUntil = (
  attempts: readonly Attempt[],
  countedFor: string | undefined,
  now: EpochMs,
): EpochMs | undefined => {
  if (countedFor === undefined) return undefined
  const recent = attempts.filter(
    (one) =>
      one.countedFor === countedFor &&
      one.at > now - authorizationRequestMs &&
      one.at <= now + clockSlackMs,
  )
  const oldestInTheWay = recent.at(-attemptsPerPrincipal)
  return oldestInTheWay && oldestInTheWay.at + authorizationRequestMs
}

/** A consent that failed leaves the connection as it was. */
export const attemptFailed = (
  record: ConnectionRecord,
  event: Of<'attemptFailed'>,
  now: EpochMs,
): Transition => {
  const [next, changed] = closeAttempt(record, event.state, 'failed', now)
  if (!changed) return transitionTo(record)
  const left = leavesRefreshToken.has(event.code) && !isCounted(record, event.state)
  const counted = left ? withCounted(next, [event.state]) : next
  return transitionTo(counted, proceed, consentFailed(event.code))
}

/**
 * Zoho made a refresh token then, or may have, and nobody has it: it counts among Zoho's twenty.
 */
const leavesRefreshToken = new Set<ErrorCode>(['account-unread', 'exchange-outcome-unknown'])

/** Is the refresh token that this attempt may have left counted already? */
export const isCounted = ({ attempts }: ConnectionRecord, state: string | undefined): boolean =>
  attempts.some((one) => one.state === state && one.counted === true)

/** Counts the refresh tokens that these attempts may have left at Zoho. */
export const withCounted = (
  record: ConnectionRecord,
  states: readonly string[],
): ConnectionRecord => ({
  ...record,
  attempts: record.attempts.map((one) =>
    states.includes(one.state) ? { ...one, counted: true } : one,
  ),
  refreshTokens: (record.refreshTokens ?? 0) + states.length,
})

/** Exchanges that are under way are overtaken: the grants that they bring are not stored. */
export const withoutOpenAttempts = (record: ConnectionRecord): ConnectionRecord =>
  record.attempts.some(isOpen) ? { ...record, attempts: record.attempts.map(withoutGrant) } : record

const withoutGrant = (attempt: Attempt): Attempt => {
  if (!isOpen(attempt)) return attempt
  // A lost attempt's refresh token is counted already. Recovery counts the others when their
  // process has died.
  return { ...attempt, outcome: attempt.outcome === 'lost' ? 'failed' : 'overtaken' }
}

/** Can this attempt still bring a grant? A lost one can, if its process was only paused. */
const isOpen = ({ outcome }: Attempt): boolean => !outcome || outcome === 'lost'

export const consentFailed = (code: ErrorCode): Announcement => ({ type: 'consent-failed', code })

/** Ends the attempt of that state, if it is there and has not ended. */
export const closeAttempt = (
  record: ConnectionRecord,
  state: string | undefined,
  outcome: 'granted' | 'failed',
  now: EpochMs,
): [ConnectionRecord, boolean] => {
  const open = record.attempts.find(
    (one) => one.state === state && (isOpen(one) || isUnreported(one)),
  )
  if (!open) return [record, false]
  const attempts = record.attempts.map((one) => (one === open ? { ...one, outcome } : one))
  return [withoutOldAttempts({ ...record, attempts }, now), true]
}

import type { EpochMs, SealedRecord } from '@zrecruit/oauth-core'
import type { Facts } from '../protocol/messages.ts'
import type { Schedule } from '../sql/connection-table.ts'

const second = 1_000
const minute = 60_000

/**
 * Whoever revokes or connects, by a Worker, ends it itself, in 9 s and in 20 s at most; then the
 * object takes over.
 */
const revokerMs = 10 * second
const exchangerMs = 21 * second
/** What is gone leaves its sequence for as long as the index keeps its own. */
const goneMs = 25 * 60 * minute

/** A first update that is not acknowledged is told again then. */
export const tellAgainMs = 2 * second

/** Waits as long as it has been failing already: each pause is about as long as all before it. */
const backOff = (since: EpochMs, now: EpochMs, shortestMs: number, longestMs: number): EpochMs =>
  now + Math.min(Math.max(now - since, shortestMs), longestMs)

export const tellNext = (since: EpochMs, now: EpochMs): EpochMs =>
  backOff(since, now, tellAgainMs, 10 * minute)
export const workNext = (since: EpochMs, now: EpochMs): EpochMs =>
  backOff(since, now, 10 * second, 60 * minute)

/**
 * When what a write leaves undone is looked at.
 * @param own the object's own work wrote it, and keeps to its pace
 */
export const workAfter = (
  next: SealedRecord | undefined,
  own: boolean,
  agenda: Schedule | undefined,
  now: EpochMs,
): EpochMs | null => {
  if (!next) return now + goneMs
  if (!next.pending) return null
  return (
    (own ? agenda?.workAt : undefined) ??
    now + (next.status === 'revoking' ? revokerMs : exchangerMs)
  )
}

/** When the alarm has to ring. */
export const alarmOf = (agenda: Schedule | undefined): EpochMs | undefined => {
  const due = [agenda?.tellAt, agenda?.workAt].filter((at) => at != null)
  return due.length === 0 ? undefined : Math.min(...due)
}

export const areSame = (one: Facts | undefined, other: Facts | undefined): boolean =>
  one === other ||
  (one !== undefined && other !== undefined && facts.every((fact) => one[fact] === other[fact]))

const facts = ['status', 'pending', 'principal', 'dataCenter'] as const

import type { EpochMs, SealedRecord } from '@zrecruit/oauth-core'
import type { Facts } from '../protocol/messages.ts'
import type { Schedule } from '../sql/connection-table.ts'

const second = 1_000
const minute = 60_000

// A Worker finishes its own revocation within 9 s and its own exchange within 20 s. After that, the
// object takes over.
const revocationTakeoverMs = 10 * second
const exchangeTakeoverMs = 21 * second
/** A removed record leaves its sequence a little longer than the index keeps its entry. */
const removedMs = 25 * 60 * minute

/** Delay before an update is repeated for the first time, if the index does not acknowledge it. */
export const publishRetryMs = 2 * second

/** Each delay is as long as the time since `since`, so the delays double. */
const backOff = (since: EpochMs, now: EpochMs, shortestMs: number, longestMs: number): EpochMs =>
  now + Math.min(Math.max(now - since, shortestMs), longestMs)

export const nextPublishAt = (since: EpochMs, now: EpochMs): EpochMs =>
  backOff(since, now, publishRetryMs, 10 * minute)
export const nextWorkAt = (since: EpochMs, now: EpochMs): EpochMs =>
  backOff(since, now, 10 * second, 60 * minute)

/**
 * When the object does the work that a write leaves pending.
 * @param byHostedClient whether the object's own client wrote `next`: a time that is already set is
 * kept then
 */
export const workAtAfter = (
  next: SealedRecord | undefined,
  byHostedClient: boolean,
  schedule: Schedule | undefined,
  now: EpochMs,
): EpochMs | null => {
  if (!next) return now + removedMs
  if (!next.pending) return null
  return (
    (byHostedClient ? schedule?.workAt : undefined) ??
    now + (next.status === 'revoking' ? revocationTakeoverMs : exchangeTakeoverMs)
  )
}

/** The time of the next alarm. */
export const alarmOf = (schedule: Schedule | undefined): EpochMs | undefined => {
  const due = [schedule?.publishAt, schedule?.workAt].filter((at) => at != null)
  return due.length === 0 ? undefined : Math.min(...due)
}

export const haveSameFacts = (one: Facts | undefined, other: Facts | undefined): boolean =>
  one === other ||
  (one !== undefined && other !== undefined && facts.every((fact) => one[fact] === other[fact]))

const facts = ['status', 'pending', 'principal', 'dataCenter'] as const

import type { EpochMs, SealedRecord } from '@zrecruit/oauth-core'
import type { IndexedFields } from '../protocol/messages.ts'
import type { Schedule } from '../sql/connection-tables.ts'

const second = 1_000
const minute = 60_000

// A Worker finishes its own revocation within 9 s and its own exchange within 20 s. A second later,
// the object finishes it instead.
const revocationTakeoverMs = 10 * second
const exchangeTakeoverMs = 21 * second
/**
 * How long the object keeps its tables after its record was removed: an hour longer than an update
 * may take to the index (`maxUpdateDelayMs`). Until then, a new record continues the `sequence` of
 * the removed one, so that a late update does not replace the newer row.
 */
const deleteTablesAfterMs = 25 * 60 * minute

/** Delay before an update is repeated for the first time, if the index does not acknowledge it. */
export const publishRetryMs = 2 * second

/**
 * Returns the time of the next attempt. The delay is the time since the indexed fields changed
 * (`changedAt`, which is `Schedule.sequence`), within the two limits. So delays double.
 */
const backOffUntil = (
  changedAt: EpochMs,
  now: EpochMs,
  shortestMs: number,
  longestMs: number,
): EpochMs => now + Math.min(Math.max(now - changedAt, shortestMs), longestMs)

export const nextPublishAt = (changedAt: EpochMs, now: EpochMs): EpochMs =>
  backOffUntil(changedAt, now, publishRetryMs, 10 * minute)
export const nextMaintenanceAt = (changedAt: EpochMs, now: EpochMs): EpochMs =>
  backOffUntil(changedAt, now, 10 * second, 60 * minute)

/**
 * The `maintenanceAt` after a write.
 * @param byHostedClient whether the object's own client wrote `next`. If so, a time that is already
 * set is kept
 */
export const maintenanceAtAfter = (
  next: SealedRecord | undefined,
  byHostedClient: boolean,
  schedule: Schedule | undefined,
  now: EpochMs,
): EpochMs | null => {
  if (!next) return now + deleteTablesAfterMs
  if (!next.pending) return null
  return (
    (byHostedClient ? schedule?.maintenanceAt : undefined) ??
    now + (next.status === 'revoking' ? revocationTakeoverMs : exchangeTakeoverMs)
  )
}

/** The time of the next alarm; `undefined` if none is needed. */
export const alarmTimeOf = (schedule: Schedule | undefined): EpochMs | undefined => {
  const times = [schedule?.publishAt, schedule?.maintenanceAt].filter((time) => time != null)
  return times.length === 0 ? undefined : Math.min(...times)
}

export const haveSameIndexedFields = (
  one: IndexedFields | undefined,
  other: IndexedFields | undefined,
): boolean =>
  one === other ||
  (one !== undefined &&
    other !== undefined &&
    indexedFields.every((name) => one[name] === other[name]))

const indexedFields = ['status', 'pending', 'principal', 'dataCenter'] as const

import type { EpochMs, SealedRecord } from '@zrecruit/oauth-core'
import type { Facts } from '../protocol/messages.ts'
import type { Agenda } from '../sql/connection-table.ts'

const second = 1_000
const minute = 60_000

/** Whoever revokes, by a Worker, calls Zoho itself, and is done after 9 s at most; then the object takes over. */
const revokerMs = 10 * second
/** Core remembers a used callback for half an hour: then what is left of a forgotten connection says nothing any more. */
const usedCallbacksMs = 31 * minute
/** What is gone leaves its sequence for as long as the index keeps its own. */
const goneMs = 25 * 60 * minute

/** A first update that is not acknowledged is told again then. */
export const tellAgainMs = 2 * second

/** Waits as long as it has been failing already: each pause is about as long as all before it. */
const backOff = (since: EpochMs, now: EpochMs, shortestMs: number, longestMs: number): EpochMs =>
  now + Math.min(Math.max(now - since, shortestMs), longestMs)

export const tellNext = (since: EpochMs, now: EpochMs): EpochMs => backOff(since, now, tellAgainMs, 10 * minute)
export const workNext = (since: EpochMs, now: EpochMs): EpochMs => backOff(since, now, 10 * second, 60 * minute)

/**
 * What a write leaves to be done. An exchange that never ended leaves a connection unfinished, too, and nothing has to
 * be done about that: the next consent sees to it.
 */
export const workAfter = (before: Facts | undefined, next: SealedRecord | undefined, agenda: Agenda | undefined, now: EpochMs): EpochMs | null => {
  if (!next) return now + goneMs
  if (!next.unfinished) return null
  if (next.status === 'none') return now + usedCallbacksMs
  if (next.status !== 'revoking') return null
  // Tried and not confirmed: the object keeps to its own pace.
  return before?.status === 'revoking' ? (agenda?.workAt ?? now + revokerMs) : now + revokerMs
}

/** When the alarm has to ring. */
export const alarmOf = (agenda: Agenda | undefined): EpochMs | undefined => {
  const due = [agenda?.tellAt, agenda?.workAt].filter((at) => at != null)
  return due.length === 0 ? undefined : Math.min(...due)
}

export const areSame = (one: Facts | undefined, other: Facts | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && facts.every((fact) => one[fact] === other[fact]))

const facts = ['status', 'unfinished', 'owner', 'dataCenter'] as const

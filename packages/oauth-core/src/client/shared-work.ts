import type { MonotonicClock, WaitUntil } from '../ports/index.ts'
import { withDeadline } from '../wire/index.ts'
import { inBackground } from './in-background.ts'

/** Work that is done once for all who ask while it is under way, by key. */
export type SharedWork<T> = (key: string, start: () => Promise<T>, waitUntil: WaitUntil, late: () => T) => Promise<T>

/**
 * The leader's work goes to its own `waitUntil`; each joiner has a timer of its own; work older than `longestMs` is
 * not joined, because on an edge runtime it may have died with the request that began it.
 */
export const sharedWork = <T>(monotonic: MonotonicClock, longestMs: number): SharedWork<T> => {
  const underWay = new Map<string, { readonly promise: Promise<T>; readonly startedAt: number }>()
  return (key, start, waitUntil, late) => {
    const standing = underWay.get(key)
    if (standing && monotonic() - standing.startedAt < longestMs) return withDeadline(standing.promise, longestMs, late)
    const promise = start()
    const entry = { promise, startedAt: monotonic() }
    underWay.set(key, entry)
    const end = () => {
      if (underWay.get(key) === entry) underWay.delete(key)
    }
    inBackground(waitUntil, promise.then(end, end))
    return withDeadline(promise, longestMs, late)
  }
}

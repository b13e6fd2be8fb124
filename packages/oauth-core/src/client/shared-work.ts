import { isRecruitOAuthError } from '../errors/index.ts'
import type { MonotonicClock, WaitUntil } from '../ports/index.ts'
import { withDeadline } from '../wire/index.ts'
import { inBackground } from './in-background.ts'

/** Work that is done once for all who ask while it is under way, by key. */
export type SharedWork<T> = (key: string, start: () => Promise<T>, waitUntil: WaitUntil, late: () => T) => Promise<T>

/**
 * The leader's work goes to its own `waitUntil`; each joiner has a timer of its own. On an edge runtime the work can die
 * with the request that began it all the same: it fails with the runtime's own error, and whoever joined it begins anew,
 * or it never ends, and is not joined once it is older than `longestMs`.
 */
export const sharedWork = <T>(monotonic: MonotonicClock, longestMs: number): SharedWork<T> => {
  const underWay = new Map<string, { readonly promise: Promise<T>; readonly startedAt: number }>()
  return (key, start, waitUntil, late) => {
    const share = (): Promise<T> => {
      const standing = underWay.get(key)
      const isOver = (entry: typeof standing) => {
        if (underWay.get(key) === entry) underWay.delete(key)
      }
      if (!standing || monotonic() - standing.startedAt >= longestMs) {
        const entry = { promise: start(), startedAt: monotonic() }
        underWay.set(key, entry)
        inBackground(waitUntil, entry.promise.finally(() => isOver(entry)))
        return entry.promise
      }
      return standing.promise.catch((error: unknown) => {
        if (isRecruitOAuthError(error)) throw error
        isOver(standing)
        return share()
      })
    }
    return withDeadline(share(), longestMs, late)
  }
}

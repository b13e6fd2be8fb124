import { isRecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId } from '../../domain/record.ts'
import type { MonotonicClock, WaitUntil } from '../../config/host.ts'
import { withDeadline } from '../../internal/async.ts'
import { runInBackground } from '../background.ts'

/** Runs work once for all callers that need it at the same time, by connection and key. */
export interface SingleFlight<T> {
  /** Joins the work that is under way for this connection and key, or starts it. */
  join(request: WorkRequest<T>): Promise<T>
  /** Later callers do not join the work that is under way. Callers that joined keep waiting. */
  drop(id: ConnectionId): void
}

interface WorkRequest<T> {
  readonly id: ConnectionId
  /** Only callers with the same key share work. */
  readonly key: string
  readonly start: () => Promise<T>
  readonly waitUntil: WaitUntil
  /** Returns the result for a caller that waited too long, or throws its error. */
  readonly onTimeout: () => T
}

/**
 * The work is passed to the `waitUntil` of the caller that started it, and each caller has its own
 * timer. An edge runtime can still stop the work together with the request that started it. If the
 * work then fails with an error of the runtime, the callers that joined start it again. If it never
 * settles, callers do not join it once it is older than `timeoutMs`.
 */
export const createSingleFlight = <T>(
  monotonic: MonotonicClock,
  timeoutMs: number,
): SingleFlight<T> => {
  type Entry = { readonly promise: Promise<T>; readonly startedAt: number }
  const inFlight = new Map<ConnectionId, Map<string, Entry>>()

  const remove = (id: ConnectionId, key: string, entry: Entry): void => {
    const entries = inFlight.get(id)
    if (entries?.get(key) !== entry) return
    entries.delete(key)
    if (entries.size === 0) inFlight.delete(id)
  }

  const startWork = ({ id, key, start, waitUntil }: WorkRequest<T>): Promise<T> => {
    const startedAt = monotonic()
    const entry: Entry = { promise: start(), startedAt }
    const entries = inFlight.get(id) ?? new Map<string, Entry>()
    entries.set(key, entry)
    inFlight.set(id, entries)
    const finished = entry.promise.finally(() => remove(id, key, entry))
    runInBackground(waitUntil, finished)
    return entry.promise
  }

  const joinOrStart = (request: WorkRequest<T>): Promise<T> => {
    const entry = inFlight.get(request.id)?.get(request.key)
    const isJoinable = entry && monotonic() - entry.startedAt < timeoutMs
    if (!isJoinable) return startWork(request)
    return entry.promise.catch((error: unknown) => {
      if (isRecruitOAuthError(error)) throw error
      remove(request.id, request.key, entry)
      return joinOrStart(request)
    })
  }

  return {
    join: (request) => withDeadline(joinOrStart(request), timeoutMs, request.onTimeout),
    drop(id) {
      inFlight.delete(id)
    },
  }
}

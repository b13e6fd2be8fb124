import { isRecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId } from '../../domain/record.ts'
import type { MonotonicClock, WaitUntil } from '../../config/host.ts'
import { withDeadline } from '../../internal/async.ts'
import { runInBackground } from '../background.ts'

/** Work that is done once for all callers that ask while it is under way, by connection and key. */
export interface SingleFlight<T> {
  join(request: WorkRequest<T>): Promise<T>
  /**
   * What is under way for this connection is not joined any more; callers that joined it wait on.
   */
  drop(id: ConnectionId): void
}

interface WorkRequest<T> {
  readonly id: ConnectionId
  /** Only callers with the same key share work. */
  readonly key: string
  readonly start: () => Promise<T>
  readonly waitUntil: WaitUntil
  /** What a caller gets that waited for too long. */
  readonly onTimeout: () => T
}

/**
 * The leader's work goes to its own `waitUntil`; each joiner has a timer of its own. On an edge
 * runtime the work can die with the request that began it all the same: it fails with the runtime's
 * own error, and whoever joined it begins again, or it never ends, and is not joined once it is
 * older than `longestMs`.
 */
export const createSingleFlight = <T>(
  monotonic: MonotonicClock,
  longestMs: number,
): SingleFlight<T> => {
  type Entry = { readonly promise: Promise<T>; readonly startedAt: number }
  const underWay = new Map<ConnectionId, Map<string, Entry>>()

  const end = (id: ConnectionId, key: string, entry: Entry): void => {
    const entries = underWay.get(id)
    if (entries?.get(key) !== entry) return
    entries.delete(key)
    if (entries.size === 0) underWay.delete(id)
  }

  const begin = ({ id, key, start, waitUntil }: WorkRequest<T>): Promise<T> => {
    const startedAt = monotonic()
    const entry: Entry = { promise: start(), startedAt }
    const entries = underWay.get(id) ?? new Map<string, Entry>()
    underWay.set(id, entries.set(key, entry))
    runInBackground(
      waitUntil,
      entry.promise.finally(() => end(id, key, entry)),
    )
    return entry.promise
  }

  const share = (request: WorkRequest<T>): Promise<T> => {
    const standing = underWay.get(request.id)?.get(request.key)
    if (!standing || monotonic() - standing.startedAt >= longestMs) return begin(request)
    return standing.promise.catch((error: unknown) => {
      if (isRecruitOAuthError(error)) throw error
      end(request.id, request.key, standing)
      return share(request)
    })
  }

  return {
    join: (request) => withDeadline(share(request), longestMs, request.onTimeout),
    drop: (id) => void underWay.delete(id),
  }
}

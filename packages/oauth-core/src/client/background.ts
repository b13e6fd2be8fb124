import type { WaitUntil } from '../config/host.ts'
import type { ConnectionId } from '../domain/record.ts'
import { sleep } from '../internal/async.ts'
import type { ConnectionEvent } from '../machine/events.ts'
import type { AppliedState } from '../store/repository.ts'
import type { ClientContext } from './context.ts'

/** Runs work that no caller waits for. Its errors are ignored: the work reports them itself. */
export const runInBackground = (waitUntil: WaitUntil, work: Promise<unknown>): void => {
  const settled = work.catch(() => {})
  try {
    // If `waitUntil` is async and rejects, nobody else handles the rejection.
    void Promise.resolve(waitUntil(settled) as unknown).catch(() => {})
  } catch {
    // `waitUntil` failed. The work continues, but nothing keeps the runtime alive for it.
  }
}

const pausesMs = [500, 1_000, 2_000, 4_000, 8_000]

/** Retries `save` for some fifteen seconds, until it resolves with a value. */
export const retryLater = async <T>(save: () => Promise<T | undefined>): Promise<T | undefined> => {
  for (const pauseMs of pausesMs) {
    await sleep(pauseMs)
    const saved = await save()
    if (saved) return saved
  }
  return undefined
}

/** Retries to apply an event. `undefined`: the store could not apply it within this time. */
export const applyLater = (
  { repository }: ClientContext,
  id: ConnectionId,
  event: ConnectionEvent,
): Promise<AppliedState | undefined> =>
  retryLater(() => repository.apply(id, event).catch(() => undefined))

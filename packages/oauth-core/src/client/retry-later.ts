import type { ConnectionId } from '../domain/record.ts'
import type { ConnectionEvent } from '../machine/events.ts'
import { sleep } from '../internal/async.ts'
import type { ClientContext } from './context.ts'
import type { AppliedState } from '../store/repository.ts'

const pausesMs = [500, 1_000, 2_000, 4_000, 8_000]

/**
 * Repeats for some fifteen seconds what could not be stored at once, until `save` resolves with a
 * value.
 */
export const retryLater = async <T>(save: () => Promise<T | undefined>): Promise<T | undefined> => {
  for (const pauseMs of pausesMs) {
    await sleep(pauseMs)
    const saved = await save()
    if (saved) return saved
  }
  return undefined
}

/** `undefined`: the store did not take the event in this time. */
export const applyLater = (
  { repository }: ClientContext,
  id: ConnectionId,
  event: ConnectionEvent,
): Promise<AppliedState | undefined> =>
  retryLater(() => repository.apply(id, event).catch(() => undefined))

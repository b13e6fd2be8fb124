import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { ConnectionId } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import type { ConnectionStore } from './connection-store.ts'
import { sleep, withDeadline } from '../internal/async.ts'
import type { Configuration } from '../config/configure.ts'
import type { StoreClock } from './store-clock.ts'
import { toStoreError } from './store-errors.ts'

const storeCommandMs = 1_000
/** An unavailable store is reported once in this time, whichever connections meet it. */
const reportStoreMs = 30_000
/** A broken connection to the store is back within this time, or not soon. */
const reconnectMs = 500

export interface StoreCommands {
  /** Waits a second for the store. @throws `store-unavailable` */
  withStoreTimeout<T>(call: () => Promise<T>): Promise<T>
  /**
   * The same, with the time of the answer as the store's time, and a report to `onEvent` where
   * it fails.
   */
  command<T extends { readonly asOf: EpochMs }>(
    id: ConnectionId,
    doing: 'read' | 'write',
    call: () => Promise<T>,
  ): Promise<T>
  /** Reads the row after a write failed, also where the connection has to come back first. */
  readAgain(id: ConnectionId): ReturnType<ConnectionStore['read']>
}

export const createStoreCommands = (
  { store, monotonic, onEvent }: Pick<Configuration, 'store' | 'monotonic' | 'onEvent'>,
  clock: StoreClock,
): StoreCommands => {
  const reportedAt = { read: -Infinity, write: -Infinity }

  const withStoreTimeout = <T>(call: () => Promise<T>): Promise<T> => {
    const late = (): never => {
      throw new RecruitOAuthError('store-unavailable')
    }
    return withDeadline(Promise.resolve().then(call), storeCommandMs, late)
  }

  const command: StoreCommands['command'] = async (id, doing, call) => {
    try {
      const sentAt = monotonic()
      const answer = await withStoreTimeout(call)
      // A process that was stopped meanwhile wakes up with the answer, and with a time that is as
      // old as the stop.
      if (monotonic() - sentAt > storeCommandMs) throw new RecruitOAuthError('store-unavailable')
      if (!Number.isFinite(answer.asOf)) {
        throw new RecruitOAuthError('store-unavailable', {
          summary: "The store's `asOf` is not a time.",
        })
      }
      const asOf = Math.floor(answer.asOf)
      clock.observe(asOf)
      return { ...answer, asOf }
    } catch (error) {
      if (monotonic() - reportedAt[doing] >= reportStoreMs) {
        reportedAt[doing] = monotonic()
        onEvent({ type: 'store-failed', connection: id, doing })
      }
      throw toStoreError(error)
    }
  }

  const readAgain = async (id: ConnectionId) => {
    const giveUpAt = monotonic() + reconnectMs
    for (;;) {
      try {
        return await command(id, 'read', () => store.read(id))
      } catch (error) {
        if (monotonic() >= giveUpAt) throw error
      }
      await sleep(50)
    }
  }
  return { withStoreTimeout, command, readAgain }
}

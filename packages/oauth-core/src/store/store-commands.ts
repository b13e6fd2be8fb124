import type { Configuration } from '../config/configure.ts'
import type { MonotonicClock } from '../config/host.ts'
import type { ConnectionId } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import { isRecruitOAuthError, RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { sleep, withDeadline } from '../internal/async.ts'
import type { ConnectionStore } from './connection-store.ts'

const storeTimeoutMs = 1_000
/**
 * In this time, at most one failed read and one failed write are reported, for all connections
 * together.
 */
const reportIntervalMs = 30_000
/** How long to wait for a broken connection to the store. After that it may take much longer. */
const reconnectMs = 500

/**
 * Computes store time without a call of the store: the time of the last response plus the time that
 * has passed on the monotonic clock. The host's wall clock is not used.
 */
export interface StoreClock {
  observe(asOf: EpochMs): void
  /** `undefined` until the store has answered once. */
  now(): EpochMs | undefined
}

export const createStoreClock = (monotonic: MonotonicClock): StoreClock => {
  let latest: { readonly asOf: EpochMs; readonly observedAt: number } | undefined
  return {
    observe: (asOf) => {
      latest = { asOf, observedAt: monotonic() }
    },
    now: () => latest && Math.floor(latest.asOf + monotonic() - latest.observedAt),
  }
}

/** Calls of the app's store with a time limit. */
export interface StoreCommands {
  /** @throws `store-unavailable` after one second */
  withStoreTimeout<T>(call: () => Promise<T>): Promise<T>
  /**
   * Calls the store with a time limit, and sets the store clock by the response. A failure is
   * reported to `onEvent`.
   * @throws `store-unavailable`, or the store's own error
   */
  command<T extends { readonly asOf: EpochMs }>(
    id: ConnectionId,
    doing: 'read' | 'write',
    call: () => Promise<T>,
  ): Promise<T>
  /**
   * Reads a row after a failed write. It retries while the connection to the store may come back.
   */
  readAgain(id: ConnectionId): ReturnType<ConnectionStore['read']>
}

export const createStoreCommands = (
  { store, monotonic, onEvent }: Pick<Configuration, 'store' | 'monotonic' | 'onEvent'>,
  clock: StoreClock,
): StoreCommands => {
  const reportedAt = { read: -Infinity, write: -Infinity }

  const report = (id: ConnectionId, doing: 'read' | 'write'): void => {
    if (monotonic() - reportedAt[doing] < reportIntervalMs) return
    reportedAt[doing] = monotonic()
    onEvent({ type: 'store-failed', connection: id, doing })
  }

  const withStoreTimeout = <T>(call: () => Promise<T>): Promise<T> => {
    const onTimeout = (): never => {
      throw new RecruitOAuthError('store-unavailable')
    }
    return withDeadline(Promise.resolve().then(call), storeTimeoutMs, onTimeout)
  }

  const command: StoreCommands['command'] = async (id, doing, call) => {
    try {
      const sentAt = monotonic()
      const response = await withStoreTimeout(call)
      // A process that was suspended while it waited gets an old response: its `asOf` is too early
      // by the length of the suspension.
      if (monotonic() - sentAt > storeTimeoutMs) throw new RecruitOAuthError('store-unavailable')
      if (!Number.isFinite(response.asOf)) {
        throw new RecruitOAuthError('store-unavailable', {
          summary: "The store's `asOf` is not a time.",
        })
      }
      const asOf = Math.floor(response.asOf)
      clock.observe(asOf)
      return { ...response, asOf }
    } catch (error) {
      report(id, doing)
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

/** Marks the error of a write that may have been applied, or may still be applied. */
export const withUnknownOutcome = (error: unknown): RecruitOAuthError =>
  Object.assign(toStoreError(error), { written: 'unknown' as const })

/**
 * Keeps an error of this library. Any other error becomes `store-unavailable`, because a foreign
 * error can quote addresses and statements.
 */
export const toStoreError = (error: unknown): RecruitOAuthError =>
  isRecruitOAuthError(error) ? error : new RecruitOAuthError('store-unavailable')

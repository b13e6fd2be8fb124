import type { Configuration } from '../config/configure.ts'
import type { MonotonicClock } from '../config/host.ts'
import type { ConnectionId } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import { errorKindOf } from '../errors/foreign-error.ts'
import {
  isRecruitOAuthError,
  RecruitOAuthError,
  takeDangerousCause,
} from '../errors/recruit-oauth-error.ts'
import { sleep, withDeadline } from '../internal/async.ts'
import type { ConnectionStore, ConnectionSummary, ListQuery } from './connection-store.ts'

const storeTimeoutMs = 1_000
/**
 * In this time, at most one failed read, one failed write and one failed listing are reported, for
 * all connections together.
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

type Command = 'read' | 'write' | 'list'

/**
 * Calls of the app's store with a time limit. A failure is reported to `onEvent`, with the error of
 * the driver.
 */
export interface StoreCommands {
  /**
   * Calls the store, and sets the store clock by the response.
   * @throws `store-unavailable`, or the store's own error
   */
  command<T extends { readonly asOf: EpochMs }>(
    id: ConnectionId,
    doing: 'read' | 'write',
    call: () => Promise<T>,
  ): Promise<T>
  /** @throws `store-unavailable`, or the store's own error */
  list(query: ListQuery): Promise<readonly ConnectionSummary[]>
  /**
   * Reads a row after a failed write. It retries while the connection to the store may come back.
   */
  readAgain(id: ConnectionId): ReturnType<ConnectionStore['read']>
}

export const createStoreCommands = (
  { store, monotonic, onEvent }: Pick<Configuration, 'store' | 'monotonic' | 'onEvent'>,
  clock: StoreClock,
): StoreCommands => {
  const reportedAt = { read: -Infinity, write: -Infinity, list: -Infinity }

  /** Reports an error of the store, and returns it as an error of this library. */
  const report = (error: unknown, doing: Command, connection?: ConnectionId): RecruitOAuthError => {
    const failure = toStoreError(error)
    const dangerousCause = takeDangerousCause(failure)
    if (monotonic() - reportedAt[doing] < reportIntervalMs) return failure
    reportedAt[doing] = monotonic()
    const event = {
      type: 'store-failed' as const,
      doing,
      ...(connection !== undefined && { connection }),
    }
    // Not enumerable, so that a listener that logs the whole event as JSON does not log it.
    onEvent(Object.defineProperty(event, 'dangerousCause', { value: dangerousCause }))
    return failure
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
      throw report(error, doing, id)
    }
  }

  const list: StoreCommands['list'] = async (query) => {
    try {
      return await withStoreTimeout(() => store.list(query))
    } catch (error) {
      throw report(error, 'list')
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
  return { command, list, readAgain }
}

/** Marks the error of a write that may have been applied, or may still be applied. */
export const withUnknownOutcome = (error: unknown): RecruitOAuthError =>
  Object.assign(toStoreError(error), { written: 'unknown' as const })

/**
 * Keeps an error of this library. Any other error becomes `store-unavailable`, with its class and
 * code, but without its text, which can quote addresses and statements.
 */
export const toStoreError = (error: unknown): RecruitOAuthError => {
  if (isRecruitOAuthError(error)) return error
  const kind = errorKindOf(error)
  return new RecruitOAuthError('store-unavailable', {
    summary: kind === undefined ? 'The store failed.' : `The store failed: ${kind}.`,
    hint: 'Its own error is the `dangerousCause` of the event `store-failed`.',
    dangerousCause: error,
  })
}

import type { Configuration } from '../config/configure.ts'
import {
  isEmptyRecord,
  noRecord,
  type ConnectionId,
  type ConnectionRecord,
} from '../domain/record.ts'
import { timeBudget, type EpochMs } from '../domain/time.ts'
import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { sleep } from '../internal/async.ts'
import { toBase64url } from '../internal/text.ts'
import type { Decision } from '../machine/decision.ts'
import type { ConnectionEvent } from '../machine/events.ts'
import { transition } from '../machine/transition.ts'
import type {
  ConnectionStore,
  ConnectionSummary,
  ListQuery,
  Revision,
  SealedRecord,
} from './connection-store.ts'
import { isSealedWithCurrentKey, openRecord, sealRecord } from './seal.ts'
import {
  createStoreClock,
  createStoreCommands,
  toStoreError,
  withUnknownOutcome,
  type StoreClock,
} from './store-commands.ts'

/** The record that the store had at `now` (store time). */
export interface StoredState {
  readonly record: ConnectionRecord
  readonly now: EpochMs
  /**
   * The place of this response in the order of the process's commands. A response is outdated if
   * its number is lower than that of the cached response.
   */
  readonly readSequence: number
  /** When the command was sent, on the monotonic clock. The response may lack later changes. */
  readonly readAt: number
  /**
   * Only a write has this number. It gets `writeSequence` when it is sent, and `readSequence` when
   * it is acknowledged. A response with a number between these two may be older or newer than the
   * write.
   */
  readonly writeSequence?: number
}

/** The record after an event was applied, and the decision of the state machine. */
export interface AppliedState extends StoredState {
  readonly decision: Decision
}

/**
 * Creates an event for the stored record. After a conflict, the factory is called again with the
 * new record. After a write with an unknown outcome, it is not called again: the first event may
 * have been applied, and a new event could refer to a record that was stored after it.
 */
export type EventFactory = (record: ConnectionRecord) => ConnectionEvent

/** Reads and changes the records of one client. Only events change a record. */
export interface Repository {
  readonly clock: StoreClock
  /** The next number for `readSequence` or `writeSequence`. */
  readonly nextSequence: () => number
  read(id: ConnectionId): Promise<StoredState>
  /**
   * Applies an event to the stored record, and resolves once the result is stored. After a conflict
   * it reads the record again and applies the event again. If the acknowledgement of a write is
   * lost, the revision in the store shows whether the write was applied. An error with
   * `written: 'unknown'` means that a write was sent and may still be applied.
   * @throws `store-unavailable`, `store-contended`, `record-unreadable`, `key-unknown`
   */
  apply(id: ConnectionId, event: ConnectionEvent | EventFactory): Promise<AppliedState>
  /** Reads a row that is not a connection. @throws `store-unavailable` */
  readRow(id: string): ReturnType<ConnectionStore['read']>
  /** Writes a row that is not a connection. @throws `store-unavailable` */
  writeRow(...row: Parameters<ConnectionStore['write']>): ReturnType<ConnectionStore['write']>
  /** Is a record stored that is not sealed with the current key? */
  needsReencryption(id: ConnectionId): Promise<boolean>
  /** A page of the store's index. @throws `store-unavailable`, `argument-invalid` */
  list(query: ListQuery): Promise<readonly ConnectionSummary[]>
  /** Removes a row, even an unreadable one. `false`: the row was changed in the meantime. */
  remove(id: ConnectionId): Promise<boolean>
}

export const createRepository = (config: Configuration): Repository => {
  const { store, keyRing, random, onEvent, monotonic } = config
  const clock = createStoreClock(monotonic)
  const { command, list, readAgain } = createStoreCommands(config, clock)
  let lastSequence = 0
  const nextSequence = () => ++lastSequence

  const readRow = (id: string) => command(id, 'read', () => store.read(id))
  const writeRow: Repository['writeRow'] = (id, next, expected) =>
    command(id, 'write', () => store.write(id, next, expected))

  const locationOf = (id: ConnectionId) => ({ clientId: config.clientId, connection: id })

  const load = async (
    id: ConnectionId,
  ): Promise<StoredState & { readonly sealed?: SealedRecord }> => {
    const readSequence = nextSequence()
    const readAt = monotonic()
    const { record: sealed, asOf: now } = await readRow(id)
    if (!sealed) return { record: noRecord, now, readSequence, readAt }
    const opened = await openRecord(keyRing, locationOf(id), sealed)
    if ('failure' in opened) throw new RecruitOAuthError(opened.failure)
    return { record: opened.record, now, readSequence, readAt, sealed }
  }

  const save = async (
    id: ConnectionId,
    record: ConnectionRecord,
    sealed: SealedRecord | undefined,
  ): Promise<SaveResult> => {
    const revision: Revision = toBase64url(random(16))
    const expected = sealed?.revision ?? 'absent'
    const next = isEmptyRecord(record)
      ? undefined
      : await sealRecord(keyRing, random, locationOf(id), record, revision)
    if (!next && expected === 'absent') return 'written'
    try {
      const { written } = await writeRow(id, next, expected)
      return written ? 'written' : 'conflict'
    } catch (error) {
      const failure = toStoreError(error)
      if (failure.written === 'no') throw failure
      // Each revision has one writer, so the revision in the store shows whose write was applied.
      // If the store still has the expected revision, our write may be applied later: a delayed
      // commit is not visible to readers yet.
      const found = await readRevisionAgain(id)
      if (found === (next ? revision : 'absent')) return 'written'
      if (found !== expected) return 'overtaken'
      throw withUnknownOutcome(failure)
    }
  }

  const readRevisionAgain = async (id: ConnectionId): Promise<Revision | 'absent'> => {
    try {
      const { record } = await readAgain(id)
      return record?.revision ?? 'absent'
    } catch (error) {
      throw withUnknownOutcome(error)
    }
  }

  return {
    clock,
    nextSequence,
    read: load,
    readRow,
    writeRow,
    async needsReencryption(id) {
      const { record } = await readRow(id)
      return record !== undefined && !(await isSealedWithCurrentKey(keyRing, record))
    },
    list,
    async remove(id) {
      const { record } = await readRow(id)
      return !record || (await writeRow(id, undefined, record.revision)).written
    },
    async apply(id, eventOrFactory) {
      const deadline = monotonic() + timeBudget.commitMs
      let isUncertain = false
      let event: ConnectionEvent | undefined
      try {
        for (let tries = 0; ; tries++) {
          const { record, now, readSequence, readAt, sealed } = await load(id)
          if (!event || !isUncertain)
            event = typeof eventOrFactory === 'function' ? eventOrFactory(record) : eventOrFactory
          const { record: next, decision, announcements } = transition(record, event, now)
          const writeSequence = nextSequence()
          const sentAt = monotonic()
          const saved = next === record ? 'written' : await save(id, next, sealed)
          if (saved === 'written') {
            for (const announcement of announcements) onEvent({ ...announcement, connection: id })
            const order =
              next === record
                ? { readSequence, readAt }
                : { readSequence: nextSequence(), writeSequence, readAt: sentAt }
            return { record: next, now, ...order, decision }
          }
          isUncertain ||= saved === 'overtaken'
          if (monotonic() > deadline) throw new RecruitOAuthError('store-contended')
          // A random pause. Its limit grows from 0 ms after the first conflict to 255 ms.
          await sleep((random(1)[0] as number) * Math.min(1, tries / 8))
        }
      } catch (error) {
        throw isUncertain ? withUnknownOutcome(error) : error
      }
    },
  }
}

/**
 * `overtaken`: our write failed, and the store has the revision of another write. Our write may
 * have been applied before that one.
 */
type SaveResult = 'written' | 'conflict' | 'overtaken'

import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import {
  isEmptyRecord,
  noRecord,
  type ConnectionId,
  type ConnectionRecord,
} from '../domain/record.ts'
import { timeBudget, type EpochMs } from '../domain/time.ts'
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
import { isSealedWithCurrent, openRecord, sealRecord } from './seal/seal-record.ts'
import { sleep } from '../internal/async.ts'
import type { Configuration } from '../config/configure.ts'
import { createStoreClock, type StoreClock } from './store-clock.ts'
import { createStoreCommands } from './store-commands.ts'
import { toStoreError, unknownOutcome } from './store-errors.ts'

/** A record as it stood in the store at `now`, in store time. */
export interface StoredState {
  readonly record: ConnectionRecord
  readonly now: EpochMs
  /**
   * Its place in the order of this process's questions to the store: an answer that was overtaken
   * is known by it.
   */
  readonly readSequence: number
  /**
   * When the store was asked, on the monotonic clock: what happened since then is not in the
   * answer.
   */
  readonly readAt: number
  /**
   * Of a write: its place when it was sent. What was learned between then and `readSequence` may be newer
   * or older.
   */
  readonly writeSequence?: number
}

/** A record as it was stored, and what the machine orders now. */
export interface AppliedState extends StoredState {
  readonly decision: Decision
}

/**
 * An event about the record that is stored when it is first applied. After a conflict it is made
 * again; after a write whose outcome was unknown it is not, because it may have been applied, and
 * must not mean what was stored since.
 */
export type EventFactory = (record: ConnectionRecord) => ConnectionEvent

/** The records of one client: opened, moved by events, sealed and stored. */
export interface Repository {
  readonly clock: StoreClock
  /** The next place in the order of questions. */
  readonly nextSequence: () => number
  read(id: ConnectionId): Promise<StoredState>
  /**
   * Applies an event to the stored record. On a conflict it reads again and applies the event
   * again; an acknowledgement that was lost is recognised by its revision. Resolves once the result
   * is stored. An error with `written: 'unknown'` means that a write was sent and may still be
   * applied.
   * @throws `store-unavailable`, `store-contended`, `record-unreadable`, `key-unknown`
   */
  apply(id: ConnectionId, event: ConnectionEvent | EventFactory): Promise<AppliedState>
  /** Reads a row that is not a connection's. @throws `store-unavailable` */
  readRow(id: string): ReturnType<ConnectionStore['read']>
  /** Writes a row that is not a connection's. @throws `store-unavailable` */
  writeRow(...row: Parameters<ConnectionStore['write']>): ReturnType<ConnectionStore['write']>
  /** Is there a record that is not sealed with the current key? */
  needsReencryption(id: ConnectionId): Promise<boolean>
  /** A page of the store's index. @throws `store-unavailable`, `argument-invalid` */
  list(query: ListQuery): Promise<readonly ConnectionSummary[]>
  /** Removes a row, readable or not. `false`: another one stood there by then. */
  remove(id: ConnectionId): Promise<boolean>
}

export const createRepository = (config: Configuration): Repository => {
  const { store, keyRing, random, onEvent, monotonic } = config
  const clock = createStoreClock(monotonic)
  const { withStoreTimeout, command, readAgain } = createStoreCommands(config, clock)
  let lastSequence = 0
  const nextSequence = () => ++lastSequence

  const readRow = (id: string) => command(id, 'read', () => store.read(id))
  const writeRow: Repository['writeRow'] = (id, next, expected) =>
    command(id, 'write', () => store.write(id, next, expected))

  const load = async (
    id: ConnectionId,
  ): Promise<StoredState & { readonly sealed?: SealedRecord }> => {
    const readSequence = nextSequence()
    const readAt = monotonic()
    const { record: sealed, asOf: now } = await readRow(id)
    if (!sealed) return { record: noRecord, now, readSequence, readAt }
    const opened = await openRecord(keyRing, { clientId: config.clientId, connection: id }, sealed)
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
      : await sealRecord(
          keyRing,
          random,
          { clientId: config.clientId, connection: id },
          record,
          revision,
        )
    if (!next && expected === 'absent') return 'written'
    try {
      const { written } = await writeRow(id, next, expected)
      return written ? 'written' : 'conflict'
    } catch (error) {
      const failure = toStoreError(error)
      if (failure.written === 'no') throw failure
      // Applied or not? A revision is only ever written by its own writer. While the former one
      // stands, the write can still arrive: a commit that is delayed leaves readers with the past.
      const after = await readAgain(id).catch((unreadable: unknown) =>
        Promise.reject(unknownOutcome(unreadable)),
      )
      if (next ? after.record?.revision === revision : !after.record) return 'written'
      if ((after.record?.revision ?? 'absent') !== expected) return 'overtaken'
      throw unknownOutcome(failure)
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
      return record !== undefined && !(await isSealedWithCurrent(keyRing, record))
    },
    list: (query) =>
      withStoreTimeout(() => store.list(query)).catch((error: unknown) =>
        Promise.reject(toStoreError(error)),
      ),
    async remove(id) {
      const { record } = await readRow(id)
      return !record || (await writeRow(id, undefined, record.revision)).written
    },
    async apply(id, given) {
      const deadline = monotonic() + timeBudget.commitMs
      let isUncertain = false
      let event: ConnectionEvent | undefined
      try {
        for (let tries = 0; ; tries++) {
          const { record, now, readSequence, readAt, sealed } = await load(id)
          if (!event || !isUncertain) event = typeof given === 'function' ? given(record) : given
          const { record: next, decision, announcements } = transition(record, event, now)
          const writeSequence = nextSequence()
          const sentAt = monotonic()
          const saved = next === record ? 'written' : await save(id, next, sealed)
          if (saved === 'written') {
            for (const announcement of announcements) onEvent({ ...announcement, connection: id })
            const place =
              next === record
                ? { readSequence, readAt }
                : { readSequence: nextSequence(), writeSequence, readAt: sentAt }
            return { record: next, now, ...place, decision }
          }
          isUncertain ||= saved === 'overtaken'
          if (monotonic() > deadline) throw new RecruitOAuthError('store-contended')
          // Up to 255 ms once it is crowded.
          await sleep((random(1)[0] as number) * Math.min(1, tries / 8))
        }
      } catch (error) {
        throw isUncertain ? unknownOutcome(error) : error
      }
    },
  }
}

/**
 * `overtaken`: the write failed, and another one has been applied since. Ours may have been applied
 * before that one.
 */
type SaveResult = 'written' | 'conflict' | 'overtaken'

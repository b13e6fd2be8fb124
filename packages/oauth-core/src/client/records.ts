import { RecruitOAuthError } from '../errors/index.ts'
import {
  isEmptyRecord,
  noRecord,
  timeBudget,
  toBase64url,
  type ConnectionId,
  type ConnectionRecord,
  type EpochMs,
} from '../domain/index.ts'
import { transition, type ConnectionEvent, type Effect } from '../machine/index.ts'
import type { ConnectionSummary, ListQuery, Revision, SealedRecord } from '../ports/index.ts'
import { isSealedWithCurrent, openRecord, sealRecord } from '../seal/index.ts'
import { sleep } from '../wire/index.ts'
import type { Configuration } from './configuration.ts'
import { storeClock, type StoreClock } from './store-clock.ts'
import { storeCommands } from './store-commands.ts'
import { ownError, unknownOutcome } from './store-errors.ts'

/** A record as it stood in the store at `now`, in store time. */
export interface Standing {
  readonly record: ConnectionRecord
  readonly now: EpochMs
  /**
   * Its place in the order of this process's questions to the store: an answer that was overtaken
   * is known by it.
   */
  readonly asked: number
  /**
   * When the store was asked, on the monotonic clock: what happened since then is not in the
   * answer.
   */
  readonly askedAt: number
  /**
   * Of a write: its place when it was sent. What was learned between then and `asked` may be newer
   * or older.
   */
  readonly sent?: number
}

/** A record as it was stored, and what the machine orders now. */
export interface Committed extends Standing {
  readonly effects: readonly Effect[]
}

/**
 * An event about the record that is stored when it is first applied. After a conflict it is made
 * again; after a write whose outcome was unknown it is not, because it may have been applied, and
 * must not mean what was stored since.
 */
export type EventOf = (record: ConnectionRecord) => ConnectionEvent

/** The records of one client: opened, moved by events, sealed and stored. */
export interface Records {
  readonly clock: StoreClock
  /** The next place in the order of questions. */
  readonly ask: () => number
  read(id: ConnectionId): Promise<Standing>
  /**
   * Applies an event to the stored record. On a conflict it reads again and applies the event
   * again; an acknowledgement that was lost is recognised by its revision. Resolves once the result
   * is stored. An error with `written: 'unknown'` means that a write was sent and may still be
   * applied.
   * @throws `store-unavailable`, `store-contended`, `record-unreadable`, `key-unknown`
   */
  commit(id: ConnectionId, event: ConnectionEvent | EventOf): Promise<Committed>
  /** Does a record stand there that is not sealed with the current key? */
  isStale(id: ConnectionId): Promise<boolean>
  /** A page of the store's index. @throws `store-unavailable`, `argument-invalid` */
  list(query: ListQuery): Promise<readonly ConnectionSummary[]>
  /** Removes a row, readable or not. `false`: another one stood there by then. */
  remove(id: ConnectionId): Promise<boolean>
}

export const records = (config: Configuration): Records => {
  const { store, ring, random, observer, monotonic } = config
  const clock = storeClock(monotonic)
  const { inTime, command, readAgain } = storeCommands(config, clock)
  let questions = 0
  const ask = () => ++questions

  const load = async (id: ConnectionId): Promise<Standing & { readonly sealed?: SealedRecord }> => {
    const [asked, askedAt] = [ask(), monotonic()]
    const { record: sealed, asOf: now } = await command(id, 'read', () => store.read(id))
    if (!sealed) return { record: noRecord, now, asked, askedAt }
    const opened = await openRecord(ring, { clientId: config.clientId, connection: id }, sealed)
    if ('failure' in opened) throw new RecruitOAuthError(opened.failure)
    return { record: opened.record, now, asked, askedAt, sealed }
  }

  const save = async (
    id: ConnectionId,
    record: ConnectionRecord,
    sealed: SealedRecord | undefined,
  ): Promise<Saved> => {
    const revision: Revision = toBase64url(random(16))
    const expected = sealed?.revision ?? 'absent'
    const next = isEmptyRecord(record)
      ? undefined
      : await sealRecord(
          ring,
          random,
          { clientId: config.clientId, connection: id },
          record,
          revision,
        )
    if (!next && expected === 'absent') return 'written'
    try {
      const { written } = await command(id, 'write', () => store.write(id, next, expected))
      return written ? 'written' : 'conflict'
    } catch (error) {
      const failure = ownError(error)
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
    ask,
    read: load,
    async isStale(id) {
      const { record } = await command(id, 'read', () => store.read(id))
      return record !== undefined && !(await isSealedWithCurrent(ring, record))
    },
    list: (query) =>
      inTime(() => store.list(query)).catch((error: unknown) => Promise.reject(ownError(error))),
    async remove(id) {
      const { record } = await command(id, 'read', () => store.read(id))
      return (
        !record ||
        (await command(id, 'write', () => store.write(id, undefined, record.revision))).written
      )
    },
    async commit(id, given) {
      const deadline = monotonic() + timeBudget.commitMs
      let isUncertain = false
      let event: ConnectionEvent | undefined
      try {
        for (let tries = 0; ; tries++) {
          const { record, now, asked, askedAt, sealed } = await load(id)
          if (!event || !isUncertain) event = typeof given === 'function' ? given(record) : given
          const [next, effects] = transition(record, event, now)
          const sent = ask()
          const sentAt = monotonic()
          const saved = next === record ? 'written' : await save(id, next, sealed)
          if (saved === 'written') {
            for (const effect of effects)
              if (effect.type === 'announce') observer({ ...effect.announcement, connection: id })
            const place =
              next === record ? { asked, askedAt } : { asked: ask(), sent, askedAt: sentAt }
            return { record: next, now, ...place, effects }
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
type Saved = 'written' | 'conflict' | 'overtaken'

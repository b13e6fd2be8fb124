import {
  RecruitOAuthError,
  type ConnectionId,
  type ConnectionStore,
  type ConnectionSummary,
  type ListQuery,
  type Revision,
  type SealedRecord,
} from '@zrecruit/oauth-core'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OtherProcess, StoreHarness } from '../../../src/index.ts'

/** Where a handle of the broken store is. */
export interface Place {
  /** 0: the process of the case. */
  readonly process: number
  /** The store as it should be, which all handles share. */
  readonly whole: ConnectionStore
  /** How far that process's wall clock is ahead. */
  aheadMs(): number
  stopped(): boolean
}

/**
 * One way in which a store is broken. Called once for each store, so that it can remember, and then
 * for each handle.
 */
export type Breakage = () => (handle: ConnectionStore, place: Place) => ConnectionStore

type Written = Awaited<ReturnType<ConnectionStore['write']>>
export interface Write {
  readonly id: ConnectionId
  readonly next: SealedRecord | undefined
  readonly expected: Revision | 'absent'
  /** What stood there when it was sent. */
  readonly before: SealedRecord | undefined
  readonly place: Place
  /**
   * How many writes of this id nobody has heard of yet, this one among them: of this process, and
   * of all.
   */
  underWay(): { readonly here: number; readonly all: number }
  /** As the store should have it. */
  done(): Promise<Written>
  /** Whatever stands there. */
  force(record?: SealedRecord): Promise<Written>
}

/** Breaks what is read. */
export const reading =
  (
    change: (
      record: SealedRecord | undefined,
      id: ConnectionId,
      place: Place,
    ) => SealedRecord | undefined,
  ): Breakage =>
  () =>
  (handle, place) => ({
    ...handle,
    async read(id) {
      const { record, asOf } = await handle.read(id)
      const changed = change(record, id, place)
      return { asOf, ...(changed && { record: changed }) }
    },
  })

/** Breaks what is listed. */
export const listing =
  (
    change: (
      rows: readonly ConnectionSummary[],
      query: ListQuery,
      place: Place,
    ) => readonly ConnectionSummary[] | Promise<readonly ConnectionSummary[]>,
  ): Breakage =>
  () =>
  (handle, place) => ({
    ...handle,
    list: async (query) => change(await handle.list(query), query, place),
  })

/** Breaks writing; `undefined`: this write is done as it should be. */
export const writing =
  (makes: () => (write: Write) => Promise<Written> | undefined): Breakage =>
  () => {
    const breaks = makes()
    const waiting: { readonly id: string; readonly process: number }[] = []
    return (handle, place) => ({
      ...handle,
      async write(id, given, expected) {
        const next = given && { ...given }
        const mine = { id, process: place.process }
        waiting.push(mine)
        try {
          const { record: before } = place.stopped() ? {} : await place.whole.read(id)
          const done = () => handle.write(id, next, expected)
          const force = async (record = next) =>
            place.whole.write(id, record, (await place.whole.read(id)).record?.revision ?? 'absent')
          const underWay = () => {
            const all = waiting.filter((one) => one.id === id)
            return {
              all: all.length,
              here: all.filter((one) => one.process === place.process).length,
            }
          }
          return await (breaks({ id, next, expected, before, place, underWay, done, force }) ??
            done())
        } finally {
          waiting.splice(waiting.indexOf(mine), 1)
        }
      },
    })
  }

/** Answers as if it had been done. */
export const lies = async ({ place }: Write): Promise<Written> => ({
  written: true,
  asOf: (await place.whole.read('')).asOf,
})

/** Takes one id, or one principal, for another. */
export const naming =
  (nameOf: (id: string) => string): Breakage =>
  () =>
  (handle) => ({
    read: (id) => handle.read(nameOf(id)),
    write: (id, next, expected) => handle.write(nameOf(id), next, expected),
    list: (query) => handle.list(query),
  })

/** Breaks what time it is. */
export const telling =
  (asOf: (asOf: number, place: Place, of: 'read' | 'write', answer: object) => number): Breakage =>
  () =>
  (handle, place) => ({
    ...handle,
    async read(id) {
      const answer = await handle.read(id)
      return { ...answer, asOf: asOf(answer.asOf, place, 'read', answer) }
    },
    async write(id, next, expected) {
      const answer = await handle.write(id, next, expected)
      return { ...answer, asOf: asOf(answer.asOf, place, 'write', { next, expected, ...answer }) }
    },
  })

/** As another process: does one command a turn, and when it is killed the others are not done. */
const elsewhere = (whole: ConnectionStore) => {
  let [last, alive]: [Promise<unknown>, boolean] = [Promise.resolve(), true]
  const inTurn = <T>(command: () => Promise<T>): Promise<T> => {
    const mine = last.then(async () => {
      await nextTurn()
      if (!alive) throw new RecruitOAuthError('store-unavailable')
      return command()
    })
    last = mine.catch(() => {})
    return mine
  }
  const store: ConnectionStore = {
    read: (id) => inTurn(() => whole.read(id)),
    write: (id, next, expected) => inTurn(() => whole.write(id, next, expected)),
    list: (query) => inTurn(() => whole.list(query)),
  }
  return {
    store,
    async kill() {
      alive = false
      await last
    },
  }
}

/**
 * A store in memory that can be stopped, and that several processes have open, or so it seems;
 * broken, or whole without a breakage.
 */
export const brokenStore = (breakage: Breakage = () => (handle) => handle): StoreHarness => ({
  name: 'broken',
  async start() {
    const [memory, breaks] = [memoryStore(), breakage()]
    let [stopped, processes] = [false, 0]
    const unlessStopped = <T>(command: () => Promise<T>): Promise<T> =>
      stopped ? Promise.reject(new RecruitOAuthError('store-unavailable')) : command()
    const whole: ConnectionStore = {
      read: (id) => unlessStopped(() => memory.read(id)),
      write: (id, next, expected) => unlessStopped(() => memory.write(id, next, expected)),
      list: (query) => unlessStopped(() => memory.list(query)),
    }
    return {
      store: breaks(whole, { process: 0, whole, aheadMs: () => 0, stopped: () => stopped }),
      async another(): Promise<OtherProcess> {
        const { store, kill } = elsewhere(whole)
        let ahead = 0
        return {
          store: breaks(store, {
            process: ++processes,
            whole,
            aheadMs: () => ahead,
            stopped: () => stopped,
          }),
          async moveClock(aheadMs) {
            ahead = aheadMs
          },
          kill,
        }
      },
      async stop() {
        stopped = true
      },
    }
  },
})

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

/** The context of a handle of the broken store. */
export interface HandleContext {
  /** 0 is the process of the case. */
  readonly process: number
  /** The unbroken store, which all handles share. */
  readonly base: ConnectionStore
  /** The offset of the wall clock of the process. */
  aheadMs(): number
  isStopped(): boolean
}

/**
 * A defect of a store. It is called once per store, so that it can have state, and then per handle.
 */
export type Breakage = () => (handle: ConnectionStore, context: HandleContext) => ConnectionStore

type Written = Awaited<ReturnType<ConnectionStore['write']>>
export interface Write {
  readonly id: ConnectionId
  readonly next: SealedRecord | undefined
  readonly expected: Revision | 'absent'
  /** The stored record when the write was sent. */
  readonly before: SealedRecord | undefined
  readonly context: HandleContext
  /** The number of unanswered writes of this id, including this one: here and in all processes. */
  concurrentWrites(): { readonly here: number; readonly all: number }
  /** Performs the write correctly. */
  writeCorrectly(): Promise<Written>
  /** Writes without a condition. */
  force(record?: SealedRecord): Promise<Written>
}

/** Changes read records. */
export const changeRead =
  (
    change: (
      record: SealedRecord | undefined,
      id: ConnectionId,
      context: HandleContext,
    ) => SealedRecord | undefined,
  ): Breakage =>
  () =>
  (handle, context) => ({
    ...handle,
    async read(id) {
      const { record, asOf } = await handle.read(id)
      const changed = change(record, id, context)
      return { asOf, ...(changed && { record: changed }) }
    },
  })

/** Changes listings. */
export const changeList =
  (
    change: (
      rows: readonly ConnectionSummary[],
      query: ListQuery,
      context: HandleContext,
    ) => readonly ConnectionSummary[] | Promise<readonly ConnectionSummary[]>,
  ): Breakage =>
  () =>
  (handle, context) => ({
    ...handle,
    list: async (query) => change(await handle.list(query), query, context),
  })

/** Changes writes. `undefined` means that the write is performed correctly. */
export const changeWrite =
  (createChange: () => (write: Write) => Promise<Written> | undefined): Breakage =>
  () => {
    const breaks = createChange()
    const waiting: { readonly id: string; readonly process: number }[] = []
    return (handle, context) => ({
      ...handle,
      async write(id, given, expected) {
        const next = given && { ...given }
        const mine = { id, process: context.process }
        waiting.push(mine)
        try {
          const { record: before } = context.isStopped() ? {} : await context.base.read(id)
          const writeCorrectly = () => handle.write(id, next, expected)
          const force = async (record = next) =>
            context.base.write(
              id,
              record,
              (await context.base.read(id)).record?.revision ?? 'absent',
            )
          const concurrentWrites = () => {
            const all = waiting.filter((one) => one.id === id)
            return {
              all: all.length,
              here: all.filter((one) => one.process === context.process).length,
            }
          }
          return await (breaks({
            id,
            next,
            expected,
            before,
            context,
            concurrentWrites,
            writeCorrectly,
            force,
          }) ?? writeCorrectly())
        } finally {
          waiting.splice(waiting.indexOf(mine), 1)
        }
      },
    })
  }

/** Reports success without writing. */
export const pretendWritten = async ({ context }: Write): Promise<Written> => ({
  written: true,
  asOf: (await context.base.read('')).asOf,
})

/** Replaces ids, so that several ids can mean the same record. */
export const changeId =
  (mapId: (id: string) => string): Breakage =>
  () =>
  (handle) => ({
    read: (id) => handle.read(mapId(id)),
    write: (id, next, expected) => handle.write(mapId(id), next, expected),
    list: (query) => handle.list(query),
  })

/** Changes the time. */
export const changeTime =
  (
    asOf: (asOf: number, context: HandleContext, of: 'read' | 'write', result: object) => number,
  ): Breakage =>
  () =>
  (handle, context) => ({
    ...handle,
    async read(id) {
      const response = await handle.read(id)
      return { ...response, asOf: asOf(response.asOf, context, 'read', response) }
    },
    async write(id, next, expected) {
      const response = await handle.write(id, next, expected)
      return {
        ...response,
        asOf: asOf(response.asOf, context, 'write', { next, expected, ...response }),
      }
    },
  })

/** Simulates another process: one command per turn, and none after a kill. */
const simulateProcess = (base: ConnectionStore) => {
  let last: Promise<unknown> = Promise.resolve()
  let isAlive = true
  const inTurn = <T>(command: () => Promise<T>): Promise<T> => {
    const result = last.then(async () => {
      await nextTurn()
      if (!isAlive) throw new RecruitOAuthError('store-unavailable')
      return command()
    })
    last = result.catch(() => {})
    return result
  }
  const store: ConnectionStore = {
    read: (id) => inTurn(() => base.read(id)),
    write: (id, next, expected) => inTurn(() => base.write(id, next, expected)),
    list: (query) => inTurn(() => base.list(query)),
  }
  return {
    store,
    async kill() {
      isAlive = false
      await last
    },
  }
}

/** A store in memory with simulated processes that can be stopped. Unbroken without a breakage. */
export const brokenStore = (breakage: Breakage = () => (handle) => handle): StoreHarness => ({
  name: 'broken',
  async start() {
    const memory = memoryStore()
    const breaks = breakage()
    let isStopped = false
    let processes = 0
    const unlessStopped = <T>(command: () => Promise<T>): Promise<T> =>
      isStopped ? Promise.reject(new RecruitOAuthError('store-unavailable')) : command()
    const base: ConnectionStore = {
      read: (id) => unlessStopped(() => memory.read(id)),
      write: (id, next, expected) => unlessStopped(() => memory.write(id, next, expected)),
      list: (query) => unlessStopped(() => memory.list(query)),
    }
    return {
      store: breaks(base, { process: 0, base, aheadMs: () => 0, isStopped: () => isStopped }),
      async another(): Promise<OtherProcess> {
        const { store, kill } = simulateProcess(base)
        let ahead = 0
        return {
          store: breaks(store, {
            process: ++processes,
            base,
            aheadMs: () => ahead,
            isStopped: () => isStopped,
          }),
          async moveClock(aheadMs) {
            ahead = aheadMs
          },
          kill,
        }
      },
      async stop() {
        isStopped = true
      },
    }
  },
})

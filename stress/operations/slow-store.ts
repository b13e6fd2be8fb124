import type { ConnectionStore } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

/** How the store is slowed down. `share`: share of the commands, from 0 to 1. */
export interface Slowness {
  /**
   * The write reaches the store up to so many milliseconds late. It is really sent, also when
   * nobody waits any longer.
   */
  readonly writes: { readonly share: number; readonly maxMs: number }
  /** The store reads at once, and the answer arrives up to so many milliseconds late. */
  readonly reads: { readonly share: number; readonly maxMs: number }
}

export const noSlowness: Slowness = {
  writes: { share: 0, maxMs: 0 },
  reads: { share: 0, maxMs: 0 },
}

/** Core waits a second for a command. A command that takes nearly as long may be given up. */
const givenUpMs = 950

export interface SlowStore {
  readonly store: ConnectionStore
  become(slowness: Slowness): void
  /** Resolves when no command is under way, the late ones included. */
  idle(): Promise<void>
}

/**
 * A store whose writes are applied late while reads go on, and whose answers arrive late.
 *
 * @param chance a number from 0 to 1, a new one at each call
 * @param failed told of a command that failed, or that core may have given up
 */
export const slowStore = (
  store: ConnectionStore,
  chance: () => number,
  failed: (doing: 'read' | 'write') => void,
): SlowStore => {
  let slowness = noSlowness
  const underWay = new Set<Promise<unknown>>()
  const lateness = ({ share, maxMs }: Slowness['reads']) =>
    chance() < share ? (0.3 + 0.7 * chance()) * maxMs : 0

  const watched = async <T>(doing: 'read' | 'write', work: () => Promise<T>): Promise<T> => {
    const promise = work()
    // Reported before core serves its caller without the store, not when the store answers at last.
    const givenUp = setTimeout(() => failed(doing), givenUpMs)
    const quiet = promise.catch(() => undefined)
    underWay.add(quiet)
    try {
      return await promise
    } catch (error) {
      failed(doing)
      throw error
    } finally {
      underWay.delete(quiet)
      clearTimeout(givenUp)
    }
  }
  return {
    store: {
      read: (id) =>
        watched('read', async () => {
          const answer = await store.read(id)
          await sleep(lateness(slowness.reads))
          // As from a socket: after a stop of the process, deadlines that passed come first.
          await nextTurn()
          return answer
        }),
      write: (id, next, expected) =>
        watched('write', async () => {
          await sleep(lateness(slowness.writes))
          return store.write(id, next, expected)
        }),
      list: (query) => store.list(query),
    },
    become(next) {
      slowness = next
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

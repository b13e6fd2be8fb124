import type { ConnectionStore } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

/** How the store is slowed down. `share` is the share of slow commands, from 0 to 1. */
export interface Slowness {
  /** The write is sent up to `maxMs` late, even if core no longer waits for it. */
  readonly writes: { readonly share: number; readonly maxMs: number }
  /** The store reads immediately, and the response arrives up to `maxMs` late. */
  readonly reads: { readonly share: number; readonly maxMs: number }
}

export const noSlowness: Slowness = {
  writes: { share: 0, maxMs: 0 },
  reads: { share: 0, maxMs: 0 },
}

/** Core stops waiting for a command after one second. The failure is reported before that. */
const giveUpMs = 950

export interface SlowStore {
  readonly store: ConnectionStore
  setSlowness(slowness: Slowness): void
  /** Resolves when no command is in progress, including late ones. */
  idle(): Promise<void>
}

/**
 * A store with late writes and late responses.
 *
 * @param random returns numbers from 0 to 1
 * @param onFailure called for a command that failed or for which core may have stopped waiting
 */
export const slowStore = (
  store: ConnectionStore,
  random: () => number,
  onFailure: (doing: 'read' | 'write') => void,
): SlowStore => {
  let slowness = noSlowness
  const inProgress = new Set<Promise<unknown>>()
  const delayMs = ({ share, maxMs }: Slowness['reads']) =>
    random() < share ? (0.3 + 0.7 * random()) * maxMs : 0

  const watched = async <T>(doing: 'read' | 'write', work: () => Promise<T>): Promise<T> => {
    const promise = work()
    // Reports before core serves its caller without the store, not when the store answers.
    const giveUp = setTimeout(() => onFailure(doing), giveUpMs)
    const settled = promise.catch(() => undefined)
    inProgress.add(settled)
    try {
      return await promise
    } catch (error) {
      onFailure(doing)
      throw error
    } finally {
      inProgress.delete(settled)
      clearTimeout(giveUp)
    }
  }
  return {
    store: {
      read: (id) =>
        watched('read', async () => {
          const response = await store.read(id)
          await sleep(delayMs(slowness.reads))
          // The response comes as from a socket: after SIGCONT, timers that have expired run first.
          await nextTurn()
          return response
        }),
      write: (id, next, expected) =>
        watched('write', async () => {
          await sleep(delayMs(slowness.writes))
          return store.write(id, next, expected)
        }),
      list: (query) => store.list(query),
    },
    setSlowness(next) {
      slowness = next
    },
    async idle() {
      while (inProgress.size > 0) await Promise.all(inProgress)
    },
  }
}

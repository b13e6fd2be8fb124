import type { ConnectionStore } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

/** The part of `fetch` that core asks for. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * The moments at which a process can die, found by running it: `write 2: sent` is its second write,
 * when the command has left and its answer was not seen yet. Of each command there are three:
 * before, sent, answered.
 */
export const watchSteps = (reach: (step: string) => Promise<void>) => {
  const counts = new Map<string, number>()
  const through = async <T>(
    what: string,
    command: () => Promise<T>,
    sent: () => Promise<unknown>,
  ): Promise<T> => {
    const nth = (counts.get(what) ?? 0) + 1
    counts.set(what, nth)
    await reach(`${what} ${nth}: before`)
    const answer = command()
    answer.catch(() => {}) // It may fail while nobody listens yet.
    await sent()
    await reach(`${what} ${nth}: sent`)
    const seen = await answer
    await reach(`${what} ${nth}: answered`)
    return seen
  }
  return {
    // One turn: the bytes are on their way. Whether the store acts on them before the process is
    // dead, it decides.
    store: (store: ConnectionStore): ConnectionStore => ({
      read: (id) => through('read', () => store.read(id), nextTurn),
      write: (id, next, expected) =>
        through('write', () => store.write(id, next, expected), nextTurn),
      list: (query) => store.list(query),
    }),
    // Long enough for the endpoint to have acted, and shorter than the latency of its answer. The
    // answer's body is not read yet.
    fetch:
      (fetch: Fetch): Fetch =>
      (url, init) =>
        through(
          `${init.method ?? 'GET'} ${new URL(url).pathname}`,
          () => fetch(url, init),
          () => sleep(100),
        ),
  }
}

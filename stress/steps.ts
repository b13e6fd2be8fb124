import type { ConnectionStore } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

/** The subset of `fetch` that core uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * Names the moments at which a process can be killed. Every read, every write and every request has
 * three steps: `before`, `sent` and, if it does not fail, `answered`. For example, `write 2: sent`
 * means that the process has sent its second write and has not seen the response.
 * @param reach called at each step; the command continues when the returned promise resolves
 */
export const watchSteps = (reach: (step: string) => Promise<void>) => {
  const counts = new Map<string, number>()
  const runInSteps = async <T>(
    name: string,
    command: () => Promise<T>,
    waitUntilSent: () => Promise<unknown>,
  ): Promise<T> => {
    const nth = (counts.get(name) ?? 0) + 1
    counts.set(name, nth)
    await reach(`${name} ${nth}: before`)
    const response = command()
    response.catch(() => {}) // The command may fail before its response is awaited below.
    await waitUntilSent()
    await reach(`${name} ${nth}: sent`)
    const result = await response
    await reach(`${name} ${nth}: answered`)
    return result
  }
  return {
    // After one turn of the event loop the bytes are sent. The store may or may not execute the
    // command before the process is killed.
    store: (store: ConnectionStore): ConnectionStore => ({
      read: (id) => runInSteps('read', () => store.read(id), nextTurn),
      write: (id, next, expected) =>
        runInSteps('write', () => store.write(id, next, expected), nextTurn),
      list: (query) => store.list(query),
    }),
    // 100 ms are long enough for the endpoint to act, and shorter than the latency that `kill.ts`
    // sets for token and revocation requests. Other requests are answered by then.
    // At the step `answered`, the body of the response is not read yet.
    fetch:
      (fetch: Fetch): Fetch =>
      (url, init) =>
        runInSteps(
          `${init.method ?? 'GET'} ${new URL(url).pathname}`,
          () => fetch(url, init),
          () => sleep(100),
        ),
  }
}

import { randomInt } from 'node:crypto'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { resultCode } from './result-code.ts'

/** A command waits no longer: the port promises an answer within a second. */
const busyTimeoutMs = 1_000

/**
 * Runs steps, and those that meet a busy file again, until another connection lets go of it.
 * SQLite's own waiting (`busy_timeout`) sleeps in the thread and stops every other request of the
 * process; here the event loop goes on. Who waits stands in one line for each store, so a thousand
 * waiting commands cost no more tries than one, and the first is served first; pauses are short and
 * random, so that no process starves. A step is one statement, or leaves nothing behind when it
 * fails: it can be run again from its start.
 */
export const retryQueue = (): (<T>(step: () => T) => Promise<T>) => {
  let lastInLine: Promise<unknown> = Promise.resolve()
  return async (step) => {
    const giveUpAt = performance.now() + busyTimeoutMs
    try {
      return step()
    } catch (error) {
      if (!isBusy(error)) throw error
    }
    const mine = lastInLine.then(() => retry(step, giveUpAt))
    lastInLine = mine.catch(() => undefined)
    return mine
  }
}

const retry = async <T>(step: () => T, giveUpAt: number): Promise<T> => {
  await nextTurn() // A long line that gets the file at last does not stop the process either.
  for (;;) {
    try {
      return step()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAt) throw error
    }
    await sleep(randomInt(1, 6))
  }
}

// PROTOCOL is the race for WAL's shared memory, lost too often in a row.
const isBusy = (error: unknown): boolean =>
  ['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_PROTOCOL'].includes(resultCode(error) ?? '')

import { randomInt } from 'node:crypto'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { isBusy } from './errors.ts'

/** The store interface gives a command one second. */
const busyTimeoutMs = 1_000

/**
 * Runs steps, and repeats a step that finds the file locked. SQLite's own waiting (`busy_timeout`)
 * would sleep in the thread and stop all other requests of the process; this queue does not block
 * the event loop.
 *
 * The waiting steps of a store form one queue and run in order. Only the first one in the queue
 * tries again, so a thousand waiting steps make no more tries than one. Pauses are short and
 * random, so that no process starves. A step must be one statement, or change nothing when it
 * fails, because it is run again from its start.
 */
export const createRetryQueue = (): (<T>(step: () => T) => Promise<T>) => {
  let lastInQueue: Promise<unknown> = Promise.resolve()
  return async (step) => {
    const giveUpAt = performance.now() + busyTimeoutMs
    try {
      return step()
    } catch (error) {
      if (!isBusy(error)) throw error
    }
    const result = lastInQueue.then(() => retry(step, giveUpAt))
    lastInQueue = result.catch(() => undefined)
    return result
  }
}

const retry = async <T>(step: () => T, giveUpAt: number): Promise<T> => {
  // When the file becomes free, the steps of a long queue succeed one after the other. Between two
  // of them, the event loop must run.
  await nextTurn()
  for (;;) {
    try {
      return step()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAt) throw error
    }
    await sleep(randomInt(1, 6))
  }
}

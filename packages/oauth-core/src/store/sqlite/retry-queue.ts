import { randomInt } from 'node:crypto'
import { setImmediate as yieldToEventLoop, setTimeout as sleep } from 'node:timers/promises'
import { isBusy } from './errors.ts'

/** The store interface allows one second per command. */
const busyTimeoutMs = 1_000

/**
 * Returns a function that runs a command, and repeats it while the file is locked. SQLite's own
 * waiting (`busy_timeout`) would sleep in the thread and stop all other requests of the process;
 * this queue does not block the event loop.
 *
 * A new command runs at once. It joins the queue only if it finds the file locked, so it can
 * overtake the waiting commands. The waiting commands of a store run in order. Only the first one
 * in the queue is attempted again, so a thousand waiting commands make no more attempts than one.
 * Pauses are short and random, so that no process starves. A command must be one statement, or
 * change nothing when it fails, because it is run again from its start.
 */
export const createRetryQueue = (): (<T>(command: () => T) => Promise<T>) => {
  let lastInQueue: Promise<unknown> = Promise.resolve()
  return async (command) => {
    const giveUpAt = performance.now() + busyTimeoutMs
    try {
      return command()
    } catch (error) {
      if (!isBusy(error)) throw error
    }
    const result = lastInQueue.then(() => retry(command, giveUpAt))
    lastInQueue = result.catch(() => undefined)
    return result
  }
}

const retry = async <T>(command: () => T, giveUpAt: number): Promise<T> => {
  // When the file becomes free, the commands of a long queue succeed one after the other. The event
  // loop must run between two of them.
  await yieldToEventLoop()
  for (;;) {
    try {
      return command()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= giveUpAt) throw error
    }
    await sleep(randomInt(1, 6))
  }
}

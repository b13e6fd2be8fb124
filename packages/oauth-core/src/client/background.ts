import type { WaitUntil } from '../config/host.ts'

/**
 * Work that nobody waits for: the runtime is asked to let it end, and its failure was observed
 * where it happened.
 */
export const runInBackground = (waitUntil: WaitUntil, work: Promise<unknown>): void => {
  const quiet = work.catch(() => {})
  try {
    // One that is async would leave its rejection to nobody.
    void Promise.resolve(waitUntil(quiet) as unknown).catch(() => {})
  } catch {
    // A runtime that lends none after all: the work goes on as long as it may.
  }
}

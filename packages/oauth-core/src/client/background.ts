import type { WaitUntil } from '../config/host.ts'

/** Runs work that no caller waits for. Its failure was reported where it happened. */
export const runInBackground = (waitUntil: WaitUntil, work: Promise<unknown>): void => {
  const quiet = work.catch(() => {})
  try {
    // An async `waitUntil` could reject without a handler.
    void Promise.resolve(waitUntil(quiet) as unknown).catch(() => {})
  } catch {
    // No `waitUntil`: continue on a best-effort basis.
  }
}

import type { EpochMs } from '../domain/time.ts'
import type { MonotonicClock } from '../config/host.ts'

/**
 * Store time between the store's answers: its last word, carried on by the monotonic clock. No
 * host's wall clock is asked.
 */
export interface StoreClock {
  observe(asOf: EpochMs): void
  /** `undefined` until the store has answered once. */
  now(): EpochMs | undefined
}

export const createStoreClock = (monotonic: MonotonicClock): StoreClock => {
  let anchor: { readonly asOf: EpochMs; readonly at: number } | undefined
  return {
    observe: (asOf) => {
      anchor = { asOf, at: monotonic() }
    },
    now: () => anchor && Math.floor(anchor.asOf + monotonic() - anchor.at),
  }
}

/** Milliseconds since 1970 on the emulator's own clock. */
export type EpochMs = number

/**
 * The emulator's own clock: what a monotonic clock says, plus the amount by which it was advanced.
 */
export interface EmulatorClock {
  now(): EpochMs
  /** Moves the clock forward and answers the new time. `seconds` is finite and not negative. */
  advance(seconds: number): EpochMs
  /** By how much it was advanced in all. */
  aheadMs(): number
  /** Forgets every advance. */
  reset(): void
}

/**
 * Epoch milliseconds that never jump: the process's start plus monotonic time. The only clock that
 * the package reads.
 */
export function monotonicTime(): EpochMs {
  return performance.timeOrigin + performance.now()
}

export function createClock(monotonic: () => EpochMs): EmulatorClock {
  let advancedMs = 0
  const now = () => Math.floor(monotonic() + advancedMs)
  return {
    now,
    advance(seconds) {
      advancedMs += seconds * 1000
      return now()
    },
    aheadMs: () => advancedMs,
    reset() {
      advancedMs = 0
    },
  }
}

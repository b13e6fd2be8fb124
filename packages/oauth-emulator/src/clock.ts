/** Milliseconds since 1970 on the emulator's clock. */
export type EpochMs = number

/** The emulator's clock: a monotonic clock plus the total by which a test advanced it. */
export interface EmulatorClock {
  now(): EpochMs
  /** Moves the clock forward and returns the new time. `seconds` is finite and not negative. */
  advance(seconds: number): EpochMs
  /** The total by which the clock was advanced, in milliseconds. */
  aheadMs(): number
  /** Undoes every advance. */
  reset(): void
}

/**
 * Epoch milliseconds that never jump: the start time of the process plus monotonic time. The
 * package reads no other clock.
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

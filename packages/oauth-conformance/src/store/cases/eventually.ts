import { setTimeout as pause } from 'node:timers/promises'

/** Retries an assertion for 15 seconds, then fails with its last error. */
export const eventually = async (assertion: () => Promise<void>): Promise<void> => {
  const end = performance.now() + 15_000
  for (;;) {
    try {
      return await assertion()
    } catch (error) {
      if (performance.now() > end) throw error
    }
    await pause(20)
  }
}

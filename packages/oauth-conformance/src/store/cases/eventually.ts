import { setTimeout as pause } from 'node:timers/promises'

/** Comes true within fifteen seconds, or fails as it failed last. */
export const eventually = async (isSo: () => Promise<void>): Promise<void> => {
  const end = performance.now() + 15_000
  for (;;) {
    try {
      return await isSo()
    } catch (error) {
      if (performance.now() > end) throw error
    }
    await pause(20)
  }
}

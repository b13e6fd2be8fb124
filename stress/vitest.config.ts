import { mergeConfig } from 'vitest/config'
import shared from '../vitest.shared.ts'

// Proofs by real processes, in the shorter run of each. `pnpm prove:processes` is the longer one.
export default mergeConfig(shared, {
  test: { name: 'stress', include: ['*.test.ts'], testTimeout: 180_000, maxConcurrency: 9 },
})

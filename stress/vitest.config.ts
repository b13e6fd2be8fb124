import { mergeConfig } from 'vitest/config'
import shared from '../vitest.shared.ts'

// The shorter run of each experiment. `pnpm prove:processes` is the longer one.
export default mergeConfig(shared, {
  test: { name: 'stress', include: ['**/*.test.ts'], testTimeout: 180_000, maxConcurrency: 9 },
})

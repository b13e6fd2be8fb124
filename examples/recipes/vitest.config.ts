import { randomInt } from 'node:crypto'
import { mergeConfig } from 'vitest/config'
import { tier } from '../../vitest.shared.ts'
import alone from '../../vitest.alone.ts'

/** The tests in `nestjs-tests` are written for Jest, whose functions are global. */
const jestTests = tier === 'slow' ? [] : ['nestjs-tests/*.spec.ts']

export default mergeConfig(alone, {
  test: {
    globals: true,
    include: jestTests,
    // Below the range from which the system takes ports for clients.
    env: { PORT: String(randomInt(10_000, 30_000)) },
  },
})

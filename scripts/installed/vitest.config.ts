import { join } from 'node:path'
import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// What is built, packed, and installed as users do; all else tests the sources.
export default mergeConfig(shared, {
  test: {
    name: 'installed',
    include: ['test/**/*.test.ts'],
    globalSetup: join(import.meta.dirname, 'registry.ts'),
    maxConcurrency: 2,
  },
})

import { join } from 'node:path'
import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// These tests use packages that are built, packed and installed as users install them. All other
// tests use the sources.
export default mergeConfig(shared, {
  test: {
    name: 'installed',
    include: ['test/**/*.test.ts'],
    globalSetup: join(import.meta.dirname, 'registry.ts'),
    maxConcurrency: 2,
  },
})

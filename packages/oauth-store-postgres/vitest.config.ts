import { join } from 'node:path'
import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// One server for all files; who kills it or changes its roles has another.
export default mergeConfig(shared, {
  test: { globalSetup: join(import.meta.dirname, 'test/server.ts') },
})

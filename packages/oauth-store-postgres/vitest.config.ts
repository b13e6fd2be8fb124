import { join } from 'node:path'
import { mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// All test files share this server. A test that kills or reconfigures a server starts its own.
export default mergeConfig(shared, {
  test: { globalSetup: join(import.meta.dirname, 'test/server.ts') },
})

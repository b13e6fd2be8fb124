import { configDefaults, defineConfig } from 'vitest/config'
import { ConformanceTable } from './scripts/conformance-table.ts'

// One run over everything; each package's tests also run from its own folder with `pnpm test`.
export default defineConfig({
  test: {
    // What stands in examples/emulator/jest is for Jest; a test of the emulator's starts it.
    projects: ['packages/*', 'packages/oauth-nestjs/test/nest-11', 'examples/*/*', '!examples/emulator/jest', 'scripts', 'scripts/installed', 'scripts/prove'],
    // One for each processor: much of the time a test waits for a server, a lease or a browser.
    maxWorkers: '100%',
    reporters: [...configDefaults.reporters, new ConformanceTable()],
  },
})

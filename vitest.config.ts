import { configDefaults, defineConfig } from 'vitest/config'
import { ConformanceTable } from './scripts/conformance-table.ts'

// One run over everything; each package's tests also run from its own folder with `pnpm test`.
export default defineConfig({
  test: {
    // What stands in examples/emulator/jest is for Jest; a test of the emulator's starts it.
    projects: [
      'packages/*',
      'packages/oauth-nestjs/test/nest-11',
      'examples/*/*',
      '!examples/emulator/jest',
      'scripts',
      'scripts/installed',
      'scripts/prove',
    ],
    reporters: [...configDefaults.reporters, new ConformanceTable()],
  },
})

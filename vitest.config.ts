import { configDefaults, defineConfig } from 'vitest/config'
import { ConformanceTable } from './scripts/conformance-table.ts'

// One run over everything; each package's tests also run from its own folder with `pnpm test`.
export default defineConfig({
  test: {
    // Not examples/emulator/jest: Jest runs it, started by a test of the emulator.
    projects: [
      'packages/*',
      'packages/oauth-nestjs/test/nest-11',
      'examples/{hono,koa,nestjs}/*',
      'examples/shared-ui',
      'testing',
      'scripts',
      'scripts/installed',
      'scripts/prove',
    ],
    reporters: [...configDefaults.reporters, new ConformanceTable()],
  },
})

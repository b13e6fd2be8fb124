import { configDefaults, defineConfig } from 'vitest/config'
import { ConformanceTable } from './scripts/conformance-table.ts'
import { tier } from './vitest.shared.ts'

/** In these projects every test is slow, even if its file does not end in `.slow.test.ts`. */
const slowProjects = ['packages/oauth-nestjs/test/nest-11', 'scripts/installed', 'stress']

// One run over everything; each package's tests also run from its own folder with `pnpm test`.
export default defineConfig({
  test: {
    // Not examples/emulator/jest: Jest runs it, started by a test of the emulator.
    projects: [
      'packages/*',
      'examples/{hono,koa,nestjs}/*',
      'examples/{recipes,shared-ui}',
      'testing',
      'scripts',
      ...(tier === 'fast' ? [] : slowProjects),
    ],
    reporters: [...configDefaults.reporters, new ConformanceTable()],
  },
})

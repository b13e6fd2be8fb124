import { defineConfig } from 'vitest/config'

// One run over everything; each package's tests also run from its own folder with `pnpm test`.
export default defineConfig({
  // What stands in examples/emulator/jest is for Jest; a test of the emulator's starts it.
  test: { projects: ['packages/*', 'packages/oauth-nestjs/test/nest-11', 'examples/*/*', '!examples/emulator/jest', 'scripts'] },
})

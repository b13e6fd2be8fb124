import { defineConfig } from 'vitest/config'

// One run over everything; each package's tests also run from its own folder with `pnpm test`.
export default defineConfig({
  test: { projects: ['packages/*', 'examples/*/*', 'scripts'] },
})

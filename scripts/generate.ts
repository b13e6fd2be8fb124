import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

// `pnpm generate` writes all generated files: the pages in docs, the state machine's table in
// ARCHITECTURE.md, and the pins of the packages.

const root = join(import.meta.dirname, '..')
const fromSources = '--conditions=@zrecruit/source'
const commands: readonly (readonly [program: string, ...args: string[]])[] = [
  [process.execPath, 'scripts/trust.ts', '--write'],
  [process.execPath, fromSources, 'scripts/error-pages.ts', '--write'],
  [process.execPath, fromSources, 'scripts/conformance-page.ts', '--write'],
  [process.execPath, 'scripts/option-pages.ts', '--write'],
  [process.execPath, 'scripts/recipe-pages.ts', '--write'],
  ['vitest', 'run', 'packages/oauth-core/test/machine/table.test.ts', '-u'],
  ['pnpm', 'build'],
  [process.execPath, 'scripts/check-package.ts', '--write'],
]
for (const [program, ...args] of commands) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) {
    process.exitCode = 1
    break
  }
}

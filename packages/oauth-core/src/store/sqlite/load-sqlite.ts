import type * as Sqlite from 'node:sqlite'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'

/**
 * Loads `node:sqlite`. It is not imported, because bundlers and test runners that remove the prefix
 * `node:` could not find it: this module has no name without the prefix.
 * @throws `configuration-invalid` if the runtime does not have it
 */
export const loadSqlite = (): typeof Sqlite => {
  // Node has had `getBuiltinModule` since 20.16 and 22.3. A browser has no `process`.
  const { process } = globalThis as { process?: Partial<NodeJS.Process> }
  const sqlite = process?.getBuiltinModule?.('node:sqlite')
  if (sqlite) return sqlite
  throw new RecruitOAuthError('configuration-invalid', {
    summary:
      'sqliteStore needs Node 22.13 or newer, or another runtime that has the module ' +
      `node:sqlite. This is ${describeRuntime()}.`,
    hint: 'Update the runtime, or use another store.',
  })
}

const describeRuntime = (): string => {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> }
  const versions: Readonly<Record<string, string | undefined>> = process?.versions ?? {}
  const { bun, deno, node } = versions
  if (bun !== undefined) return `Bun ${bun}`
  if (deno !== undefined) return `Deno ${deno}`
  return node === undefined ? 'a runtime without `process`' : `Node ${node}`
}

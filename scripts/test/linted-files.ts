import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A file that breaks a rule, and a part of the message that oxlint must print. */
export type Violation = readonly [title: string, path: string, text: string, message: string]

export const core = (path: string) => `packages/oauth-core/src/${path}`
export const hono = (path: string) => `packages/oauth-hono/src/${path}`
export const emulator = (path: string) => `packages/oauth-emulator/src/${path}`
export const importOf = (source: string) => `export { x } from '${source}'\n`
export const typeImportOf = (source: string) => `export type { X } from '${source}'\n`

const root = join(import.meta.dirname, '../..')

/** Lints the files in a temporary folder with this repository's rules. Returns messages by path. */
export const lintFiles = (
  files: readonly (readonly [path: string, text: string])[],
): Map<string, string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-lint-'))
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
    symlinkSync(join(root, 'scripts'), join(folder, 'scripts'))
    const { stdout } = spawnSync('oxlint', ['--format', 'json', 'packages', 'examples'], {
      cwd: folder,
      encoding: 'utf8',
    })
    return messagesByFile(stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const messagesByFile = (output: string): Map<string, string[]> => {
  const { diagnostics } = JSON.parse(output) as {
    diagnostics: { filename: string; message: string; help?: string }[]
  }
  const messages = new Map<string, string[]>()
  for (const { filename, message, help } of diagnostics)
    messages.set(filename, [...(messages.get(filename) ?? []), `${message} ${help ?? ''}`])
  return messages
}

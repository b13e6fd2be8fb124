import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const script = join(root, 'scripts/error-pages.ts')
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zrecruit-errors-'))
  cpSync(join(root, 'docs/errors'), folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (command: string) =>
  spawnSync(process.execPath, ['--conditions=@zrecruit/source', script, command, folder], {
    encoding: 'utf8',
  })
const change = (file: string, from: string, to: string) => {
  const before = readFileSync(join(folder, file), 'utf8')
  expect(before).toContain(from)
  writeFileSync(join(folder, file), before.replace(from, to))
}

it('passes for the current pages', () => {
  expect(run('--check')).toMatchObject({ status: 0, stderr: '' })
})

it.each<[string, () => void, string]>([
  [
    'a page whose status differs from the table of codes',
    () => change('throttled.md', 'response: 503', 'response: 429'),
    'throttled.md is stale',
  ],
  [
    'a page whose summary differs from the table of codes',
    () => change('throttled.md', '> Zoho is', '> Zoho was'),
    'throttled.md is stale',
  ],
  [
    'an index that differs from the table of codes',
    () => change('README.md', 'callback-expired.md', 'throttled.md'),
    'README.md is stale',
  ],
  [
    'a code without a page',
    () => rmSync(join(folder, 'not-connected.md')),
    'docs/errors/not-connected.md does not exist',
  ],
  [
    'a page with the title of another code',
    () => change('not-connected.md', '# not-connected', '# throttled'),
    'docs/errors/not-connected.md does not exist, or lacks its title `# not-connected`',
  ],
  [
    'a page without its solution',
    () => change('not-connected.md', '\n## Solution\n', '\n'),
    'not-connected.md lacks the sections Solution',
  ],
])('fails for %s', (_, corrupt, message) => {
  corrupt()
  const { status, stderr } = run('--check')
  expect([status, stderr]).toEqual([1, expect.stringContaining(message)])
})

it('writes the facts and keeps the text below them', () => {
  const before = readFileSync(join(folder, 'throttled.md'), 'utf8')
  change('throttled.md', 'response: 503', 'response: 429')
  expect(run('--write').status).toBe(0)
  expect(readFileSync(join(folder, 'throttled.md'), 'utf8')).toBe(before)
})

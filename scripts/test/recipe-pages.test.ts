import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zrecruit-recipes-'))
  cpSync(join(root, 'docs/recipes'), folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (command: string) =>
  spawnSync(process.execPath, [join(root, 'scripts/recipe-pages.ts'), command, folder], {
    encoding: 'utf8',
  })
const tunnel = () => join(folder, 'tunnel.md')
const change = (from: RegExp, to: string) => {
  const before = readFileSync(tunnel(), 'utf8')
  expect(before).toMatch(from)
  writeFileSync(tunnel(), before.replace(from, to))
}

it('passes for the current pages', () => {
  expect(run('--check')).toMatchObject({ status: 0, stderr: '' })
})

it.each<[string, RegExp, string, string]>([
  ['code that differs from its file', /serve\(\{/, 'listen({', 'tunnel.md is stale'],
  ['code that is not from a file', /<!-- code: .*\n/, '', 'a block of TypeScript is not from'],
  [
    'a file that does not exist',
    /src\/tunnel\.ts/,
    'src/none.ts',
    'a block of TypeScript is not from a file',
  ],
  [
    'a file that is on no page',
    /<!-- code: .*\n```ts\n[^]*?\n```\n/,
    '',
    'examples/recipes/src/tunnel.ts is on no page',
  ],
])('fails for %s', (_, from, to, message) => {
  change(from, to)
  const { status, stderr } = run('--check')
  expect([status, stderr]).toEqual([1, expect.stringContaining(message)])
})

it('writes the code, and keeps the text and the other blocks', () => {
  const before = readFileSync(tunnel(), 'utf8')
  change(/serve\(\{/, 'listen({')
  expect(run('--write').status).toBe(0)
  expect(readFileSync(tunnel(), 'utf8')).toBe(before)
  change(/```ts\n[^]*?\n```\n/, '```ts\n```\n')
  expect(run('--write').status).toBe(0)
  expect(readFileSync(tunnel(), 'utf8')).toBe(before)
})

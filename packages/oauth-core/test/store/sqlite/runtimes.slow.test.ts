import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { runBundledStore } from './bundled-store.ts'
import { temporaryDirectory } from './temporary.ts'

const modules = join(import.meta.dirname, '../../../node_modules')
const node20 = join(modules, 'node-20/bin/node')
const refusal =
  /^configuration-invalid: sqliteStore needs Node 22\.13 or newer, .* This is Node 20\.\d+\.\d+\. /

it.each([
  ['Node', process.execPath, []],
  ['Bun', join(modules, 'bun/bin/bun.exe'), []],
  ['Deno', join(modules, 'deno/deno'), ['run', '--allow-all', '--no-config']],
] as const)('works on %s', { timeout: 30_000 }, async (_, program, args) => {
  const { output } = await runBundledStore(temporaryDirectory(), 'node22', [program, ...args])
  expect(output).toBe('one')
})

it('names the required version on Node 20', async () => {
  const { output } = await runBundledStore(temporaryDirectory(), 'node20', [node20])
  expect(output).toMatch(refusal)
})

it.each([
  ['module', 'const { sqliteStore } = await import("@zrecruit/oauth-core/sqlite")'],
  ['commonjs', 'const { sqliteStore } = require("@zrecruit/oauth-core/sqlite")'],
])('the built package, as %s, loads on Node 20 and names the version', async (type, load) => {
  const code =
    `${load}; try { sqliteStore("zoho.db") } ` +
    'catch (error) { console.log(error.code + ": " + error.message) }'
  const { stdout } = await promisify(execFile)(node20, [`--input-type=${type}`, '--eval', code], {
    cwd: join(modules, '..'),
  })
  expect(stdout).toMatch(refusal)
})

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

// Each rule of the house is broken once, in a tree of its own, and must say why.
const core = (path: string) => `packages/oauth-core/src/${path}`
const hono = (path: string) => `packages/oauth-hono/src/${path}`
const emulator = (path: string) => `packages/oauth-emulator/src/${path}`
const read = (source: string) => `export { x } from '${source}'\n`
const readType = (source: string) => `export type { X } from '${source}'\n`

const broken: [title: string, path: string, text: string, reason: string][] = [
  [
    'internal imports nothing',
    core('internal/a.ts'),
    read('../errors/codes.ts'),
    'internal may not import errors',
  ],
  [
    'errors imports nothing',
    core('errors/a.ts'),
    read('../domain/record.ts'),
    'errors may not import domain',
  ],
  [
    'domain imports errors and internal only',
    core('domain/a.ts'),
    read('../store/memory.ts'),
    'domain may not import store',
  ],
  [
    'machine does not import store',
    core('machine/a.ts'),
    read('../store/memory.ts'),
    'machine may not import store',
  ],
  [
    'store does not import client',
    core('store/a.ts'),
    read('../client/context.ts'),
    'store may not import client',
  ],
  [
    'store imports only types of config',
    core('store/b.ts'),
    read('../config/configure.ts'),
    'only types of config',
  ],
  [
    'store/sqlite does not import client',
    core('store/sqlite/a.ts'),
    read('../../client/context.ts'),
    'store/sqlite may not import client',
  ],
  [
    'store/sqlite imports no types of machine',
    core('store/sqlite/b.ts'),
    readType('../../machine/events.ts'),
    'store/sqlite may not import machine',
  ],
  [
    'endpoints does not import machine',
    core('endpoints/a.ts'),
    read('../machine/transition.ts'),
    'endpoints may not import machine',
  ],
  [
    'client does not import routes',
    core('client/a.ts'),
    read('../routes/handler.ts'),
    'client may not import routes',
  ],
  [
    'client does not import store/sqlite',
    core('client/tokens/b.ts'),
    read('../../store/sqlite/index.ts'),
    'client may not import store/sqlite',
  ],
  [
    'client does not import node',
    core('client/c.ts'),
    `await import('../node/index.ts')\n`,
    'client may not import node',
  ],
  [
    'routes does not import endpoints',
    core('routes/a.ts'),
    readType('../endpoints/token.ts'),
    'routes may not import endpoints',
  ],
  [
    'routes does not import node',
    core('routes/b.ts'),
    read('../node/index.ts'),
    'routes may not import node',
  ],
  [
    'node does not import store/sqlite',
    core('node/a.ts'),
    read('../store/sqlite/index.ts'),
    'node may not import store/sqlite',
  ],
  [
    'the entry point does not import node',
    core('index.ts'),
    read('./node/index.ts'),
    'the entry point may not import node',
  ],
  [
    'no module imports the entry point',
    core('client/d.ts'),
    read('../index.ts'),
    'no module imports an entry point',
  ],
  [
    'a new module needs its line',
    core('attic/a.ts'),
    read('../domain/record.ts'),
    'attic is not in the table',
  ],
  [
    'types in a type position count',
    core('domain/b.ts'),
    `export type X = import('../endpoints/token.ts').X\n`,
    'domain may not import endpoints',
  ],
  [
    'node: is for node and store/sqlite',
    core('store/c.ts'),
    read('node:crypto'),
    'only the modules node and store/sqlite',
  ],
  ['core has no dependency', core('client/g.ts'), read('hono'), 'core depends on nothing'],
  [
    'an adapter imports core and its framework',
    hono('a.ts'),
    read('node:http'),
    "oauth-hono may not import 'node:http'",
  ],
  [
    'an adapter does not import the emulator',
    hono('b.ts'),
    read('@zrecruit/oauth-emulator'),
    'an adapter is thin',
  ],
  [
    'the emulator does not import core',
    emulator('a.ts'),
    read('@zrecruit/oauth-core'),
    'shares no code with the client',
  ],
  [
    'packages are entered by name',
    emulator('b.ts'),
    read('../../oauth-core/src/index.ts'),
    'entered by their name',
  ],
  [
    'so are they by examples',
    'examples/hono/a/src/a.ts',
    read('../../../../packages/oauth-hono/src/index.ts'),
    'entered by their name',
  ],
  ['no export *', hono('c.ts'), `export * from './d.ts'\n`, 'No `export *`'],
  [
    'no export * of core outside of index.ts',
    hono('e.ts'),
    `export * from '@zrecruit/oauth-core'\n`,
    'No `export *`',
  ],
  [
    'domain has no async',
    core('domain/c.ts'),
    'export const f = async () => 1\n',
    'they await nothing',
  ],
  [
    'machine has no await',
    core('machine/b.ts'),
    'export const x = await Promise.resolve(1)\n',
    'they await nothing',
  ],
  [
    'machine has no for await',
    core('machine/c.ts'),
    'for await (const x of [1]) globalThis.x = x\nexport {}\n',
    'they await nothing',
  ],
  [
    'domain has no Date',
    core('domain/d.ts'),
    'export const f = () => new Date(0)\n',
    'time is an argument',
  ],
  [
    'nor by globalThis',
    core('machine/d.ts'),
    'export const f = () => globalThis.Date.now()\n',
    'time is an argument',
  ],
  [
    'machine has no performance',
    core('machine/e.ts'),
    'export const f = () => performance.now()\n',
    'time is an argument',
  ],
  [
    'machine has no timers',
    core('machine/f.ts'),
    'export const f = () => setTimeout(f, 1)\n',
    'wait for nothing',
  ],
  ['domain has no fetch', core('domain/e.ts'), `export const f = () => fetch('/')\n`, 'do no I/O'],
  [
    'domain has no crypto',
    core('domain/f.ts'),
    'export const f = () => crypto.randomUUID()\n',
    'draw no randomness',
  ],
  [
    'client has no process',
    core('client/h.ts'),
    'export const f = () => process.env\n',
    'Workers have none',
  ],
  ['no Math.random', emulator('c.ts'), 'export const f = () => Math.random()\n', 'can be guessed'],
  ['no long files', hono('d.ts'), `${'\n'.repeat(250)}export const x = 1\n`, 'too many lines'],
]

const below = [
  'endpoints/token.ts',
  'machine/transition.ts',
  'store/repository.ts',
  'domain/record.ts',
  'errors/codes.ts',
  'internal/async.ts',
]
const good: [path: string, text: string][] = [
  [core('domain/good.ts'), `${read('../errors/codes.ts')}${read('./a.ts')}`],
  [
    core('store/good.ts'),
    `${readType('../config/host.ts')}export { type X as Y } from '../config/host.ts'\n`,
  ],
  [core('store/sqlite/good.ts'), `${read('node:sqlite')}export const f = () => process.env\n`],
  [
    core('client/good.ts'),
    below.map((path, index) => `export { x as x${index} } from '../${path}'\n`).join(''),
  ],
  [
    hono('good.ts'),
    `${read('@zrecruit/oauth-core/sqlite')}${read('hono/factory').replace('{ x }', '{ x as y }')}`,
  ],
  [hono('index.ts'), `export * from '@zrecruit/oauth-core'\n`],
  [emulator('good.ts'), read('node:http')],
  ['examples/shared-ui/test/good.ts', read('../src/html.ts')],
]

const root = join(import.meta.dirname, '../..')
const tree = mkdtempSync(join(tmpdir(), 'zrecruit-lint-'))
const messages = new Map<string, string[]>()

beforeAll(() => {
  const files = [...broken.map(([, path, text]) => [path, text] as const), ...good]
  for (const [path, text] of files) {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), text)
  }
  cpSync(join(root, '.oxlintrc.json'), join(tree, '.oxlintrc.json'))
  symlinkSync(join(root, 'scripts'), join(tree, 'scripts'))
  const { stdout } = spawnSync('oxlint', ['--format', 'json', 'packages', 'examples'], {
    cwd: tree,
    encoding: 'utf8',
  })
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { filename: string; message: string; help?: string }[]
  }
  for (const { filename, message, help } of diagnostics)
    messages.set(filename, [...(messages.get(filename) ?? []), `${message} ${help ?? ''}`])
})
afterAll(() => rmSync(tree, { recursive: true, force: true }))

it.each(broken)('%s', (_, path, __, reason) => {
  expect(messages.get(path)).toContainEqual(expect.stringContaining(reason))
})

it.each(good)('%s is as it should be', (path) => {
  expect(messages.get(path)).toBeUndefined()
})

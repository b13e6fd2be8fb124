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
    'errors reads nothing',
    core('errors/a.ts'),
    read('../domain/index.ts'),
    'errors may not read domain',
  ],
  [
    'domain reads errors only',
    core('domain/a.ts'),
    read('../ports/index.ts'),
    'domain may not read ports',
  ],
  [
    'machine does not read ports',
    core('machine/a.ts'),
    read('../ports/index.ts'),
    'machine may not read ports',
  ],
  [
    'ports does not read seal',
    core('ports/a.ts'),
    read('../seal/index.ts'),
    'ports may not read seal',
  ],
  [
    'ports reads only types of machine',
    core('ports/b.ts'),
    read('../machine/index.ts'),
    'only types of machine',
  ],
  [
    'seal does not read machine',
    core('seal/a.ts'),
    read('../machine/index.ts'),
    'seal may not read machine',
  ],
  [
    'memory does not know the client',
    core('memory/a.ts'),
    read('../client/index.ts'),
    'memory may not read client',
  ],
  [
    'sqlite does not know the client',
    core('sqlite/a.ts'),
    read('../client/index.ts'),
    'sqlite may not read client',
  ],
  [
    'sqlite reads no types of the machine',
    core('sqlite/b.ts'),
    readType('../machine/index.ts'),
    'sqlite may not read machine',
  ],
  [
    'wire does not read machine',
    core('wire/a.ts'),
    read('../machine/index.ts'),
    'wire may not read machine',
  ],
  [
    'client does not know http',
    core('client/a.ts'),
    read('../http/index.ts'),
    'client may not read http',
  ],
  [
    'client does not know sqlite',
    core('client/b.ts'),
    read('../sqlite/index.ts'),
    'client may not read sqlite',
  ],
  [
    'client does not know node',
    core('client/c.ts'),
    `await import('../node/index.ts')\n`,
    'client may not read node',
  ],
  [
    'http does not read wire',
    core('http/a.ts'),
    readType('../wire/index.ts'),
    'http may not read wire',
  ],
  [
    'http does not read node',
    core('http/b.ts'),
    read('../node/index.ts'),
    'http may not read node',
  ],
  [
    'node does not read sqlite',
    core('node/a.ts'),
    read('../sqlite/index.ts'),
    'node may not read sqlite',
  ],
  [
    'the door does not read node',
    core('index.ts'),
    read('./node/index.ts'),
    'the door may not read node',
  ],
  ['no room reads the door', core('client/d.ts'), read('../index.ts'), 'no room reads the door'],
  [
    'a new room needs its line',
    core('attic/a.ts'),
    read('../domain/index.ts'),
    'attic is not in the table',
  ],
  [
    'rooms are entered by their index',
    core('client/e.ts'),
    read('../domain/secret.ts'),
    'entered by its index.ts',
  ],
  [
    'types in a type position count',
    core('domain/b.ts'),
    `export type X = import('../wire/index.ts').X\n`,
    'domain may not read wire',
  ],
  [
    'node: is for node and sqlite',
    core('seal/b.ts'),
    read('node:crypto'),
    'only the rooms node and sqlite',
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

const below = ['wire', 'machine', 'seal', 'ports', 'domain', 'errors', 'memory']
const good: [path: string, text: string][] = [
  [core('domain/good.ts'), `${read('../errors/index.ts')}${read('./a.ts')}`],
  [
    core('ports/good.ts'),
    `${readType('../machine/index.ts')}export { type X as Y } from '../machine/index.ts'\n`,
  ],
  [core('sqlite/good.ts'), `${read('node:sqlite')}export const f = () => process.env\n`],
  [
    core('client/good.ts'),
    below.map((room) => `export { x as ${room} } from '../${room}/index.ts'\n`).join(''),
  ],
  [
    hono('good.ts'),
    `${read('@zrecruit/oauth-core/sqlite')}${read('hono/factory').replace('{ x }', '{ x as y }')}`,
  ],
  [emulator('good.ts'), read('node:http')],
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

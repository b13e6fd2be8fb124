import { expect, it } from 'vitest'
import { core, emulator, hono, lintFiles, type Violation } from './linted-files.ts'

// Breaks each rule of .oxlintrc.json that this repository relies on, except those about imports.
const violations: Violation[] = [
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
    'machine has no globalThis.Date',
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

const messages = lintFiles(violations.map(([, path, text]) => [path, text] as const))

it.each(violations)('%s', (_, path, __, message) => {
  expect(messages.get(path)).toContainEqual(expect.stringContaining(message))
})

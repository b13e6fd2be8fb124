import { expect, it } from 'vitest'
import {
  core,
  emulator,
  hono,
  importOf,
  lintFiles,
  typeImportOf,
  type Violation,
} from './linted-files.ts'

// Breaks each rule about imports between modules and packages (scripts/lint/modules.ts).
const violations: Violation[] = [
  [
    'internal imports nothing',
    core('internal/a.ts'),
    importOf('../errors/codes.ts'),
    'internal may not import errors',
  ],
  [
    'errors imports nothing',
    core('errors/a.ts'),
    importOf('../domain/record.ts'),
    'errors may not import domain',
  ],
  [
    'domain imports only errors and internal',
    core('domain/a.ts'),
    importOf('../store/memory.ts'),
    'domain may not import store',
  ],
  [
    'machine does not import store',
    core('machine/a.ts'),
    importOf('../store/memory.ts'),
    'machine may not import store',
  ],
  [
    'store does not import client',
    core('store/a.ts'),
    importOf('../client/context.ts'),
    'store may not import client',
  ],
  [
    'store imports only types of config',
    core('store/b.ts'),
    importOf('../config/configure.ts'),
    'only types of config',
  ],
  [
    'store/sqlite does not import client',
    core('store/sqlite/a.ts'),
    importOf('../../client/context.ts'),
    'store/sqlite may not import client',
  ],
  [
    'store/sqlite imports no types of machine',
    core('store/sqlite/b.ts'),
    typeImportOf('../../machine/events.ts'),
    'store/sqlite may not import machine',
  ],
  [
    'endpoints does not import machine',
    core('endpoints/a.ts'),
    importOf('../machine/transition.ts'),
    'endpoints may not import machine',
  ],
  [
    'client does not import routes',
    core('client/a.ts'),
    importOf('../routes/handler.ts'),
    'client may not import routes',
  ],
  [
    'client does not import store/sqlite',
    core('client/tokens/b.ts'),
    importOf('../../store/sqlite/index.ts'),
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
    typeImportOf('../endpoints/token.ts'),
    'routes may not import endpoints',
  ],
  [
    'routes does not import node',
    core('routes/b.ts'),
    importOf('../node/index.ts'),
    'routes may not import node',
  ],
  [
    'node does not import store/sqlite',
    core('node/a.ts'),
    importOf('../store/sqlite/index.ts'),
    'node may not import store/sqlite',
  ],
  [
    'the entry point does not import node',
    core('index.ts'),
    importOf('./node/index.ts'),
    'the entry point may not import node',
  ],
  [
    'no module imports the entry point',
    core('client/d.ts'),
    importOf('../index.ts'),
    'no module imports an entry point',
  ],
  [
    'a module that is not in the table is refused',
    core('attic/a.ts'),
    importOf('../domain/record.ts'),
    'attic is not in the table',
  ],
  [
    'an import() type counts as an import',
    core('domain/b.ts'),
    `export type X = import('../endpoints/token.ts').X\n`,
    'domain may not import endpoints',
  ],
  [
    'only node and store/sqlite import node:',
    core('store/c.ts'),
    importOf('node:crypto'),
    'only the modules node and store/sqlite',
  ],
  ['core imports no package', core('client/g.ts'), importOf('hono'), 'core has no dependencies'],
  [
    'an adapter imports only core and its framework',
    hono('a.ts'),
    importOf('node:http'),
    "oauth-hono may not import 'node:http'",
  ],
  [
    'an adapter does not import the emulator',
    hono('b.ts'),
    importOf('@zrecruit/oauth-emulator'),
    'an adapter is thin',
  ],
  [
    'the emulator does not import core',
    emulator('a.ts'),
    importOf('@zrecruit/oauth-core'),
    'shares no code with the client',
  ],
  [
    'packages import each other by name',
    emulator('b.ts'),
    importOf('../../oauth-core/src/index.ts'),
    'import other packages by their name',
  ],
  [
    'examples import packages by name',
    'examples/hono/a/src/a.ts',
    importOf('../../../../packages/oauth-hono/src/index.ts'),
    'import other packages by their name',
  ],
]

const coreModules = [
  'endpoints/token.ts',
  'machine/transition.ts',
  'store/repository.ts',
  'domain/record.ts',
  'errors/codes.ts',
  'internal/async.ts',
]
const allowed: [path: string, text: string][] = [
  [core('domain/good.ts'), `${importOf('../errors/codes.ts')}${importOf('./a.ts')}`],
  [
    core('store/good.ts'),
    `${typeImportOf('../config/host.ts')}export { type X as Y } from '../config/host.ts'\n`,
  ],
  [core('store/sqlite/good.ts'), `${importOf('node:sqlite')}export const f = () => process.env\n`],
  [
    core('client/good.ts'),
    coreModules.map((path, index) => `export { x as x${index} } from '../${path}'\n`).join(''),
  ],
  [
    hono('good.ts'),
    importOf('@zrecruit/oauth-core/sqlite') +
      importOf('hono/factory').replace('{ x }', '{ x as y }'),
  ],
  [hono('index.ts'), `export * from '@zrecruit/oauth-core'\n`],
  [emulator('good.ts'), importOf('node:http')],
  ['examples/shared-ui/test/good.ts', importOf('../src/html.ts')],
  ['examples/recipes/test/good.ts', importOf('../src/tunnel.ts')],
]

const messages = lintFiles([
  ...violations.map(([, path, text]) => [path, text] as const),
  ...allowed,
])

it.each(violations)('%s', (_, path, __, message) => {
  expect(messages.get(path)).toContainEqual(expect.stringContaining(message))
})

it.each(allowed)('allows the imports of %s', (path) => {
  expect(messages.get(path)).toBeUndefined()
})

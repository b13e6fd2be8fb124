import { describeMinimalApp } from '@zrecruit-examples/hono-minimal/test'
import { fileURLToPath } from 'node:url'

// tsx reads how decorators are meant from the tsconfig.json of the folder that it is started in, as
// `pnpm start` is.
describeMinimalApp([
  '/bin/sh',
  '-c',
  'cd "$0" && exec "$@"',
  fileURLToPath(new URL('..', import.meta.url)),
  process.execPath,
  '--conditions=@zrecruit/source',
  '--import',
  'tsx',
  'src/server.ts',
])

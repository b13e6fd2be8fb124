import { describeMinimalApp } from '@zrecruit-examples/hono-minimal/test'
import { fileURLToPath } from 'node:url'

describeMinimalApp([
  process.execPath,
  '--conditions=@zrecruit/source',
  fileURLToPath(new URL('../src/server.ts', import.meta.url)),
])

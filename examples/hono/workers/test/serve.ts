import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

// Runs the bundle of `wrangler deploy --dry-run` with `wrangler dev` in workerd, and prints a line
// once the Worker responds. Durable Objects are stored in the folder of ZOHO_DATABASE, so they
// survive a restart.
const [bundle = ''] = process.argv.slice(2)
const { PORT = '', ZOHO_DATABASE = '', ...env } = process.env
const variableNames = [
  'ZOHO_CLIENT_ID',
  'ZOHO_CLIENT_SECRET',
  'ZOHO_ENCRYPTION_KEY',
  'ZOHO_DATA_CENTERS',
]
const origin = `http://localhost:${PORT}`
const variableOptions = [
  ...variableNames.map((name) => `${name}:${env[name]}`),
  `ZOHO_REDIRECT_URI:${origin}/zoho/callback`,
].flatMap((pair) => ['--var', pair])

const wrangler = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin/wrangler.js',
)
const options = [
  '--no-bundle',
  '--ip',
  '127.0.0.1',
  '--port',
  PORT,
  '--inspector-port',
  '0',
  '--persist-to',
  dirname(ZOHO_DATABASE),
  '--show-interactive-dev-session=false',
  '--log-level',
  'log',
]
const child = spawn(
  process.execPath,
  [
    wrangler,
    'dev',
    bundle,
    '--config',
    join(import.meta.dirname, '../wrangler.jsonc'),
    ...options,
    ...variableOptions,
  ],
  {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' },
    detached: true, // Starts a process group of its own, so that `endGroup` ends workerd, too.
  },
)
const ended = once(child, 'exit')
let log = ''
for (const stream of [child.stdout, child.stderr])
  stream.on('data', (chunk) => (log += String(chunk)))
const endGroup = () => {
  try {
    process.kill(-(child.pid as number), 'SIGKILL')
  } catch {
    // The group has already ended.
  }
}
process.on('exit', endGroup)
process.once('SIGTERM', () => process.exit(0))
void ended.then(() => {
  process.stderr.write(log)
  process.exit(1)
})

// Requests a path without a route, because the page itself would call Zoho.
while (!(await fetch(`${origin}/ready`).catch(() => undefined))) await pause(100)
console.log('listening')

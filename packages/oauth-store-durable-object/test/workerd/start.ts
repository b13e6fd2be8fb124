import { spawn, type ChildProcess } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createEmulator } from '@zrecruit/oauth-emulator'
import { build } from 'esbuild'
import type { TestContext } from 'vitest'
import type { Commands } from '../inside/commands.ts'

const folderOf = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
const text = JSON.stringify

const secrets = {
  clientSecret: 'the-planted-client-secret',
  key: Buffer.alloc(32, 'planted key ').toString('base64'),
}

/**
 * A server that every call out of the objects passes by: what is held there waits, until it is let
 * through or its process dies.
 */
const startGate = async () => {
  const passed: string[] = []
  const held = new Map<string, ServerResponse[]>()
  const waiting = new Map<string, () => void>()
  const server = createServer((request, response) => {
    let point = ''
    request.on('data', (chunk) => (point += String(chunk)))
    request.on('end', () => {
      passed.push(point)
      const there = held.get(point)
      if (!there) return void response.end()
      there.push(response)
      waiting.get(point)?.()
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    /** From now on whoever comes to this point waits; resolves when the first one does. */
    hold: (point: string) => ({
      reached: new Promise<void>((resolve) => {
        held.set(point, [])
        waiting.set(point, resolve)
      }),
    }),
    letThrough(point: string) {
      for (const response of held.get(point) ?? []) response.end()
      held.delete(point)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const bundle = async (file: string, stores: number) => {
  const classes = Array.from(
    { length: stores },
    (_, number) => `export class Store${number} extends forStore(${number}) {}`,
  )
  const contents = `import worker, { forStore } from './worker.ts'
export default worker
export { ZohoConnections } from './worker.ts'
${classes.join('\n')}`
  await build({
    stdin: { contents, resolveDir: join(import.meta.dirname, '../inside') },
    bundle: true,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    conditions: ['@zrecruit/source'],
    external: ['node:*', 'cloudflare:*'],
    outfile: file,
  })
}

/**
 * In memory where there is room: processes die here, machines do not, and a disk that many tests
 * share is slow to acknowledge.
 */
const quickFolder = (): string => {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 2 ** 28 ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}

/** workerd with our class, on a disk that outlives it, before an emulator. */
export const startWorkerd = async (
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  { compatibilityDate = '2026-11-01', stores = 0 } = {},
) => {
  const folder = mkdtempSync(join(quickFolder(), 'zrecruit-workerd-'))
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  const [gate, emulator] = [
    await startGate(),
    createEmulator({
      clientSecret: secrets.clientSecret,
      redirectUris: ['https://app.example.com/zoho/callback'],
    }),
  ]
  await emulator.listen({ port: 0 })
  await bundle(join(folder, 'worker.mjs'), stores)
  const names = [
    ['ZOHO', 'ZohoConnections'],
    ...Array.from({ length: stores }, (_, number) => [`STORE${number}`, `Store${number}`]),
  ] as [string, string][]
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "disk", disk = (path = ${text(disk)}, writable = true)), (name = "internet", network = (allow = ["private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = ${text(compatibilityDate)}, compatibilityFlags = ["nodejs_compat"],
  durableObjectNamespaces = [${names.map(([, name]) => `(className = ${text(name)}, uniqueKey = ${text(name)}, enableSql = true)`).join(', ')}],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    ${names.map(([binding, name]) => `(name = ${text(binding)}, durableObjectNamespace = ${text(name)})`).join(', ')},
    (name = "CLIENT", json = ${text(text(emulator.client))}), (name = "DATA_CENTERS", json = ${text(text(emulator.dataCenters))}),
    (name = "KEY", text = ${text(secrets.key)}), (name = "GATE", text = ${text(gate.origin)}),
  ],
);
`,
  )
  let running:
    | { readonly child: ChildProcess; readonly origin: string; readonly ended: Promise<unknown> }
    | undefined
  const log: string[] = []
  let over = false
  const start = async () => {
    if (over) throw new Error('the test is over')
    const child = spawn(
      join(folderOf('workerd'), 'bin/workerd'),
      ['serve', '--experimental', '--control-fd=3', join(folder, 'config.capnp')],
      { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
    )
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => log.push(String(chunk)))
    const end = () => void child.kill('SIGKILL')
    process.once('exit', end) // A run that is given up leaves nothing behind.
    const ended = new Promise((resolve) => child.once('close', resolve)).finally(() =>
      process.off('exit', end),
    )
    running = { child, origin: '', ended }
    const port = await new Promise<number>((resolve, reject) => {
      child.stdio[3]?.on('data', (chunk: Buffer) => {
        for (const line of String(chunk).trim().split('\n')) {
          const message = JSON.parse(line) as { event: string; port: number }
          if (message.event === 'listen') resolve(message.port)
        }
      })
      void ended.then(() => reject(new Error(`workerd did not start: ${log.join('')}`)))
    })
    running = { child, origin: `http://127.0.0.1:${port}`, ended }
  }
  const kill = async () => {
    running?.child.kill('SIGKILL')
    await running?.ended
    running = undefined
  }
  onTestFinished(async () => {
    over = true
    await kill()
    await Promise.all([gate.close(), emulator.close()])
    rmSync(folder, { recursive: true, force: true })
  })
  await start()

  const planted = new Set<string>(Object.values(secrets))
  const codeFor = () => {
    const { code } = emulator.issueSelfClientCode({
      scope: 'ZohoRecruit.modules.ALL,ZohoRecruit.org.READ,ZohoRecruit.users.READ',
      dataCenter: 'eu',
    })
    planted.add(code)
    return code
  }
  const plant = () => {
    const { accessTokens, refreshTokens } = emulator.tokens()
    for (const { token } of [...accessTokens, ...refreshTokens]) planted.add(token)
  }
  /** Has the Worker do it. What it throws is thrown here. */
  const ask = async (command: string, ...given: readonly unknown[]): Promise<unknown> => {
    const response = await fetch(running?.origin ?? '', {
      method: 'POST',
      body: text({ command, given }),
    })
    const { result, error } = (await response.json()) as { result?: unknown; error?: object }
    if (error) throw Object.assign(new Error(), error)
    return result
  }
  let ahead = 0
  const push = (ms: number) => ask('push', (ahead += ms))
  return {
    gate,
    emulator,
    log,
    ask: new Proxy(
      {},
      {
        get:
          (_, command: string) =>
          (...given: unknown[]) =>
            ask(command, ...given),
      },
    ) as Commands,
    kill,
    key: secrets.key,
    /** A code to connect with. */
    codeFor,
    /** Another secret that must not lie on the disk. */
    alsoSecret: (secret: string) => void planted.add(secret),
    /**
     * For all objects it is so much later from now on, but for their alarms: those ring when they
     * are due by our own clock.
     */
    push,
    async start() {
      await start()
      await push(0)
    },
    /**
     * Connects by a code; an hour passes where the access token is to be stale. Answers the token
     * requests until then.
     */
    async connect(id: string, facts: { stale?: true } = {}) {
      await ask('connect', id, codeFor())
      plant()
      if (facts.stale) await push(3_600_000)
      gate.passed.length = 0
      return emulator.calls().token
    },
    /** Secrets that lie on the disk in clear, whatever was in use since the connection was made. */
    leaked(): string[] {
      plant()
      const bytes = Buffer.concat(
        readdirSync(disk, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
      )
      // The id is there, so the search finds what is there.
      if (!bytes.includes('acme') || planted.size < 4) throw new Error('nothing was searched')
      return [...planted].filter((secret) => formsOf(secret).some((form) => bytes.includes(form)))
    },
  }
}

export const until = async (isSo: () => unknown, longestMs = 15_000): Promise<void> => {
  const end = performance.now() + longestMs
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('it did not become so')
    await pause(20)
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: { code?: string; message?: string }) => error.code ?? `no code: ${error.message}`,
  )

const formsOf = (secret: string): Buffer[] => {
  const bytes = Buffer.from(secret)
  return [
    bytes,
    Buffer.from(secret, 'base64'),
    Buffer.from(secret, 'utf16le'),
    Buffer.from(bytes.toString('base64').replace(/=+$/, '').slice(0, -2)),
    Buffer.from(bytes.toString('hex')),
  ]
}

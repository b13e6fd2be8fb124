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
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createEmulator } from '@zrecruit/oauth-emulator'
import type { TestContext } from 'vitest'
import type { Commands } from '../inside/commands.ts'
import { startGate } from './gate.ts'
import { bundleWorker, workerdConfig } from './worker-config.ts'

const folderOf = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))

const secrets = {
  clientSecret: 'the-planted-client-secret',
  key: Buffer.alloc(32, 'planted key ').toString('base64'),
}

/**
 * A folder in memory, if there is room. Memory is enough because the tests kill processes, not
 * machines, and a disk that many tests share is slow.
 */
const fastFolder = (): string => {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 2 ** 28 ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}

/** Starts workerd with the package's class, a disk that survives restarts, and an emulator. */
export const startWorkerd = async (
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  { compatibilityDate = '2026-11-01', stores = 0 } = {},
) => {
  const folder = mkdtempSync(join(fastFolder(), 'zrecruit-workerd-'))
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  const gate = await startGate()
  const emulator = createEmulator({
    clientSecret: secrets.clientSecret,
    redirectUris: ['https://app.example.com/zoho/callback'],
  })
  await emulator.listen({ port: 0 })
  await bundleWorker(join(folder, 'worker.mjs'), stores)
  writeFileSync(
    join(folder, 'config.capnp'),
    workerdConfig({
      disk,
      compatibilityDate,
      stores,
      variables: {
        CLIENT: { json: emulator.client },
        DATA_CENTERS: { json: emulator.dataCenters },
        KEY: { text: secrets.key },
        GATE: { text: gate.origin },
      },
    }),
  )
  let running:
    | { readonly child: ChildProcess; readonly origin: string; readonly ended: Promise<unknown> }
    | undefined
  const log: string[] = []
  let isOver = false
  const start = async () => {
    if (isOver) throw new Error('the test is over')
    const child = spawn(
      join(folderOf('workerd'), 'bin/workerd'),
      ['serve', '--experimental', '--control-fd=3', join(folder, 'config.capnp')],
      { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
    )
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => log.push(String(chunk)))
    const end = () => void child.kill('SIGKILL')
    process.once('exit', end) // An aborted test run leaves no process.
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
    isOver = true
    await kill()
    await Promise.all([gate.close(), emulator.close()])
    rmSync(folder, { recursive: true, force: true })
  })
  await start()

  /** Everything that must not be on the disk in clear text. */
  const usedSecrets = new Set<string>(Object.values(secrets))
  const codeFor = () => {
    const { code } = emulator.issueSelfClientCode({
      scope: 'ZohoRecruit.modules.ALL,ZohoRecruit.org.READ,ZohoRecruit.users.READ',
      dataCenter: 'eu',
    })
    usedSecrets.add(code)
    return code
  }
  const addTokensToSecrets = () => {
    const { accessTokens, refreshTokens } = emulator.tokens()
    for (const { token } of [...accessTokens, ...refreshTokens]) usedSecrets.add(token)
  }
  /** Runs a command in the Worker. Its errors are thrown here. */
  const ask = async (command: string, ...given: readonly unknown[]): Promise<unknown> => {
    const response = await fetch(running?.origin ?? '', {
      method: 'POST',
      body: JSON.stringify({ command, given }),
    })
    const { result, error } = (await response.json()) as { result?: unknown; error?: object }
    if (error) throw Object.assign(new Error(), error)
    return result
  }
  let ahead = 0
  const advanceClock = (ms: number) => ask('advanceClock', (ahead += ms))
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
    /** Adds a secret that must not be on the disk in clear text. */
    addSecret: (secret: string) => void usedSecrets.add(secret),
    /** Advances the clock of all objects. Their alarms still run by the real clock. */
    advanceClock,
    async start() {
      await start()
      await advanceClock(0)
    },
    /**
     * Connects with a code. For a stale access token, an hour passes afterwards. Returns the number
     * of token requests so far.
     */
    async connect(id: string, options: { stale?: true } = {}) {
      await ask('connect', id, codeFor())
      addTokensToSecrets()
      if (options.stale) await advanceClock(3_600_000)
      gate.passed.length = 0
      return emulator.calls().token
    },
    /** The secrets used so far that are on the disk in clear text. */
    leaked(): string[] {
      addTokensToSecrets()
      const bytes = Buffer.concat(
        readdirSync(disk, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
      )
      // The connection's id is on the disk, so the search works if it finds the id.
      if (!bytes.includes('acme') || usedSecrets.size < 4) throw new Error('nothing was searched')
      return [...usedSecrets].filter((secret) =>
        encodingsOf(secret).some((encoded) => bytes.includes(encoded)),
      )
    },
  }
}

export const until = async (condition: () => unknown, timeoutMs = 15_000): Promise<void> => {
  const deadline = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('the condition was not met in time')
    await pause(20)
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

export const errorCodeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: { code?: string; message?: string }) => error.code ?? `no code: ${error.message}`,
  )

/** The encodings in which a secret could be stored. */
const encodingsOf = (secret: string): Buffer[] => {
  const bytes = Buffer.from(secret)
  return [
    bytes,
    Buffer.from(secret, 'base64'),
    Buffer.from(secret, 'utf16le'),
    Buffer.from(bytes.toString('base64').replace(/=+$/, '').slice(0, -2)),
    Buffer.from(bytes.toString('hex')),
  ]
}

import type { Emulator } from '@zrecruit/oauth-emulator'
import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface ExampleApp {
  readonly origin: string
  /** Holds the app's SQLite file. */
  readonly folder: string
  /** Ends the process and starts it again on the same file. */
  restart(): Promise<void>
  /** Ends the process and removes the file. */
  stop(): Promise<void>
}

type EmulatorAtHand = Pick<Emulator, 'client' | 'addRedirectUris'> & {
  readonly dataCenters: object
}

/**
 * Runs an example, this one unless `argv` names another, as a process of its own, before an
 * emulator that gets to know its redirect URI. `more` goes into its environment.
 */
export const startExampleApp = async (
  emulator: EmulatorAtHand,
  argv: readonly string[] = thisOne,
  more: Readonly<Record<string, string>> = {},
): Promise<ExampleApp> => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  emulator.addRedirectUris([`${origin}/zoho/callback`])
  const folder = await mkdtemp(join(tmpdir(), 'zrecruit-example-'))
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ZOHO_'))
  const env = {
    ...Object.fromEntries(inherited),
    PORT: String(port),
    ZOHO_CLIENT_ID: emulator.client.id,
    ZOHO_CLIENT_SECRET: emulator.client.secret,
    ZOHO_DATA_CENTERS: JSON.stringify(emulator.dataCenters),
    ZOHO_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ZOHO_DATABASE: join(folder, 'zoho.db'),
    ...more,
  }
  let running = await start(argv, env).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true })
    throw error
  })
  return {
    origin,
    folder,
    async restart() {
      await running.end()
      running = await start(argv, env)
    },
    async stop() {
      await running.end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const thisOne = [
  process.execPath,
  '--conditions=@zrecruit/source',
  fileURLToPath(new URL('../src/server.ts', import.meta.url)),
]

const start = async (
  [program = '', ...parameters]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ end(): Promise<void> }> => {
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
    // Ctrl-C in a terminal is for the whole group: who started this ends it, in its own time.
    detached: true,
  })
  const ended = once(child, 'exit')
  const listening = await Promise.race([
    once(child.stdout, 'data').then(() => true),
    ended.then(() => false),
  ])
  if (!listening) throw new Error('the example app ended before it listened')
  return {
    async end() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/**
 * Below the ports that the system gives to whoever asks for any: between our looking and the app's
 * listening nobody is given it.
 */
const freePort = async (): Promise<number> => {
  const port = randomInt(10_000, 30_000)
  const server = createServer()
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
    return port
  } catch {
    return freePort()
  } finally {
    server.close()
  }
}

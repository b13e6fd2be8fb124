import type { Emulator } from '@zrecruit/oauth-emulator'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'

export interface ExampleApp {
  readonly origin: string
  /** Contains the app's SQLite file. */
  readonly folder: string
  /** Ends the process and starts it again on the same file. */
  restart(): Promise<void>
  /** Ends the process and removes the file. */
  stop(): Promise<void>
}

/** The client and the data centers of a running emulator. */
export type EmulatedZoho = Pick<Emulator, 'client'> & { readonly dataCenters: object }

/** The command for a program that Node runs without a loader. */
export const nodeCommand = (program: URL): readonly string[] => [
  process.execPath,
  '--conditions=@zrecruit/source',
  fileURLToPath(program),
]

/**
 * The command for `src/server.ts` of a NestJS app. tsx reads the option for decorators from
 * `tsconfig.json` in the working directory, so the command starts in `folder`.
 */
export const nestCommand = (folder: URL): readonly string[] => [
  '/bin/sh',
  '-c',
  'cd "$0" && exec "$@"',
  fileURLToPath(folder),
  process.execPath,
  '--conditions=@zrecruit/source',
  '--import',
  'tsx',
  'src/server.ts',
]

/** The environment of an example app that uses the emulator and a database in `folder`. */
export const exampleEnvironment = (
  emulator: EmulatedZoho,
  port: number,
  folder: string,
): Record<string, string | undefined> & { readonly ZOHO_DATABASE: string } => {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ZOHO_'))
  return {
    ...Object.fromEntries(inherited),
    PORT: String(port),
    ZOHO_CLIENT_ID: emulator.client.id,
    ZOHO_CLIENT_SECRET: emulator.client.secret,
    ZOHO_DATA_CENTERS: JSON.stringify(emulator.dataCenters),
    ZOHO_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ZOHO_DATABASE: join(folder, 'zoho.db'),
  }
}

/**
 * Starts an example app as a process, and adds its redirect URI to the emulator's client.
 * `variables` are added to its environment.
 */
export const startExampleApp = async (
  emulator: EmulatedZoho & Pick<Emulator, 'addRedirectUris'>,
  command: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<ExampleApp> => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  emulator.addRedirectUris([`${origin}/zoho/callback`])
  const folder = await mkdtemp(join(tmpdir(), 'zrecruit-example-'))
  const env = { ...exampleEnvironment(emulator, port, folder), ...variables }
  let running = await start(command, env).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true })
    throw error
  })
  return {
    origin,
    folder,
    async restart() {
      await running.end()
      running = await start(command, env)
    },
    async stop() {
      await running.end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const start = async (
  [program = '', ...parameters]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ end(): Promise<void> }> => {
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
    // Ctrl-C in a terminal reaches the whole process group. In a group of its own, the app ends
    // when the test or the demo ends it.
    detached: true,
  })
  const ended = once(child, 'exit')
  const isListening = await Promise.race([
    once(child.stdout, 'data').then(() => true),
    ended.then(() => false),
  ])
  if (!isListening) throw new Error('the example app ended before it listened')
  return {
    async end() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

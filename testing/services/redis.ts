import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../ports.ts'
import { startGuarded, type Guarded } from './guarded.ts'
import type { Service } from './service.ts'

export interface RedisOptions {
  /** Settings of `redis.conf`, such as `{ maxmemory: '4mb' }`. They replace the defaults here. */
  readonly settings?: Readonly<Record<string, string>>
  /** Variables that are added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Whether no `redis-server` is installed. With `CI` set, always false, so that its tests fail if it
 * is missing.
 */
export const redisIsMissing = (): boolean =>
  !process.env['CI'] && spawnSync('redis-server', ['--version']).error !== undefined

/** Starts a Redis whose acknowledged writes are on the disk (`appendfsync always`). */
export const startRedis = async ({
  settings = {},
  env = {},
}: RedisOptions = {}): Promise<Service> => {
  const directory = mkdtempSync(join(tmpdir(), 'zrecruit-redis-'))
  const start = async (port: number): Promise<Guarded> => {
    // `untilReady` must not read the log of an earlier start.
    rmSync(join(directory, 'log'), { force: true })
    const allSettings = {
      bind: '127.0.0.1',
      port: `${port}`,
      dir: directory,
      appendonly: 'yes',
      appendfsync: 'always',
      ...settings,
    }
    const server = await startGuarded(
      directory,
      'redis-server',
      Object.entries(allSettings).flatMap(([name, value]) => [
        `--${name}`,
        ...(value === '' ? [''] : value.split(' ')),
      ]),
      env,
    )
    try {
      await untilReady(port, server.pid, directory, settings['requirepass'])
      return server
    } catch (error) {
      await server.kill()
      throw error
    }
  }

  const startOnFreePort = async (retries = 5): Promise<{ port: number; server: Guarded }> => {
    const port = await freePort()
    try {
      return { port, server: await start(port) }
    } catch (error) {
      const log = logOf(directory)
      if (retries > 0 && log.includes('Address already in use')) return startOnFreePort(retries - 1)
      rmSync(directory, { recursive: true, force: true })
      throw new Error(`redis-server did not start: ${log.slice(-2_000)}`, { cause: error })
    }
  }

  const started = await startOnFreePort()
  let { server } = started
  const password = settings['requirepass']
  return {
    url: `redis://${password ? `:${encodeURIComponent(password)}@` : ''}127.0.0.1:${started.port}`,
    directory,
    kill: () => server.kill(),
    async restart() {
      server = await start(started.port)
    },
    freeze: () => void process.kill(server.pid, 'SIGSTOP'),
    thaw: () => void process.kill(server.pid, 'SIGCONT'),
    async stop() {
      await server.remove()
      rmSync(directory, { recursive: true, force: true }) // After `kill`, `remove` cannot do it.
    },
  }
}

const logOf = (directory: string): string => {
  try {
    return readFileSync(join(directory, 'log'), 'utf8')
  } catch {
    return ''
  }
}

/** Waits until the process `pid`, and not another one on its port, has loaded its data. */
const untilReady = async (
  port: number,
  pid: number,
  directory: string,
  password?: string,
): Promise<void> => {
  const deadline = performance.now() + 10_000
  while (performance.now() < deadline) {
    const info = await ask(port, `${password ? `AUTH ${password}\r\n` : ''}INFO\r\nQUIT\r\n`)
    if (new RegExp(`^process_id:${pid}\r$`, 'm').test(info) && /^loading:0\r$/m.test(info)) return
    if (/Address already in use|FATAL/.test(logOf(directory))) break
    await sleep(20)
  }
  throw new Error('Redis did not respond.')
}

const ask = (port: number, commands: string): Promise<string> =>
  new Promise((resolve) => {
    let response = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(commands))
    socket.setEncoding('utf8').on('data', (text: string) => (response += text))
    socket.on('error', () => undefined).on('close', () => resolve(response))
  })

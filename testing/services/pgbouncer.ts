import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../ports.ts'
import { directoryFor, humbleUser } from './places.ts'
import { answers } from './postgres.ts'
import { server } from './server.ts'
import type { Service } from './service.ts'

const program = '/usr/sbin/pgbouncer'

/** Debian's. On a machine with `CI` set it must be there: `startPgBouncer` says so. */
export const hasPgBouncer = (): boolean => existsSync(program) || Boolean(process.env['CI'])

/**
 * Debian's PgBouncer before a server, in transaction mode: each statement may meet another of its
 * two connections.
 */
export const startPgBouncer = async (postgres: Service): Promise<Service> => {
  if (!existsSync(program)) throw new Error(`${program} is not there: apt-get install pgbouncer`)
  const [user, port, behind] = [humbleUser(), await freePort(), new URL(postgres.url)]
  const base = directoryFor(user, 'pgbouncer')
  writeFileSync(join(base, 'users'), `"${behind.username}" ""\n`)
  writeFileSync(
    join(base, 'ini'),
    `[databases]
* = host=${behind.hostname} port=${behind.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(base, 'users')}
pool_mode = transaction
default_pool_size = 2
server_login_retry = 1
`,
  )
  const url = `postgresql://${behind.username}@127.0.0.1:${port}${behind.pathname}`
  const {
    start,
    watch: _watch,
    ...rest
  } = server({ program, args: [join(base, 'ini')], base, user, answers: () => answers(url) })
  try {
    await start()
  } catch (error) {
    await rest.stop()
    throw error
  }
  return { url, directory: base, ...rest }
}

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../ports.ts'
import { createDirectoryFor, unprivilegedUser } from './places.ts'
import { isAnsweringAt } from './postgres.ts'
import { createServer } from './server.ts'
import type { Service } from './service.ts'

const program = '/usr/sbin/pgbouncer'

/**
 * Whether Debian's PgBouncer is installed. With `CI` set, always true: if it is missing,
 * `startPgBouncer` fails.
 */
export const hasPgBouncer = (): boolean => existsSync(program) || Boolean(process.env['CI'])

/**
 * Starts Debian's PgBouncer in front of a server, in transaction mode. It has two connections to
 * the server, and each statement can run on either of them.
 */
export const startPgBouncer = async (postgres: Service): Promise<Service> => {
  if (!existsSync(program)) throw new Error(`${program} was not found: apt-get install pgbouncer`)
  const [user, port, upstream] = [unprivilegedUser(), await freePort(), new URL(postgres.url)]
  const base = createDirectoryFor(user, 'pgbouncer')
  writeFileSync(join(base, 'users'), `"${upstream.username}" ""\n`)
  writeFileSync(
    join(base, 'ini'),
    `[databases]
* = host=${upstream.hostname} port=${upstream.port}
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
  const url = `postgresql://${upstream.username}@127.0.0.1:${port}${upstream.pathname}`
  const {
    start,
    watch: _watch,
    ...rest
  } = createServer({
    program,
    args: [join(base, 'ini')],
    base,
    user,
    isAnswering: () => isAnsweringAt(url),
  })
  try {
    await start()
  } catch (error) {
    await rest.stop()
    throw error
  }
  return { url, directory: base, ...rest }
}

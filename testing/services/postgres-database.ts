import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { startPostgres } from './postgres.ts'

/**
 * A new, empty database, on the server that `POSTGRES_URL` names or on one of this test run's own.
 * `drop()` leaves nothing behind.
 */
export const postgresDatabase = async (): Promise<{
  readonly url: string
  drop(): Promise<void>
}> => {
  const given = process.env['POSTGRES_URL']
  if (!given) {
    const { url, stop } = await startPostgres()
    return { url, drop: stop }
  }
  const name = `zrecruit_test_${randomBytes(6).toString('hex')}`
  // Sorted as people do, as in our own server.
  await run(
    given,
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ` +
      "ICU_LOCALE 'und'",
  )
  const url = new URL(given)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(given, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

const run = async (connectionString: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { startPostgres } from './postgres.ts'

/**
 * Creates an empty database on the server at `POSTGRES_URL`, or starts a server if that variable is
 * not set. `drop()` removes the database or the server.
 */
export const postgresDatabase = async (): Promise<{
  readonly url: string
  drop(): Promise<void>
}> => {
  const serverUrl = process.env['POSTGRES_URL']
  if (!serverUrl) {
    const { url, stop } = await startPostgres()
    return { url, drop: stop }
  }
  const name = `zrecruit_test_${randomBytes(6).toString('hex')}`
  // The same collation as in `startPostgres`.
  await run(
    serverUrl,
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ` +
      "ICU_LOCALE 'und'",
  )
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => run(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
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

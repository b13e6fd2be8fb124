import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import { postgresStore, type PostgresClient, type PostgresStore } from '../src/index.ts'

/** A pool that ends with its test. */
export const openPool = (options: pg.PoolConfig = {}): pg.Pool => {
  const pool = new pg.Pool({ connectionString: inject('postgres'), ...options })
  pool.on('error', () => undefined)
  onTestFinished(() => pool.end())
  return pool
}

/** An empty schema that goes with its test. */
export const makeSchema = async (pool: pg.Pool): Promise<string> => {
  const schema = `Test_${randomBytes(6).toString('hex')}`
  await pool.query(`CREATE SCHEMA "${schema}"`)
  onTestFinished(async () => void (await pool.query(`DROP SCHEMA "${schema}" CASCADE`)))
  return schema
}

/** A migrated store in a schema of its own; `clientOf` may wrap the pool that it goes through. */
export const openStore = async (
  options: pg.PoolConfig = {},
  clientOf: (pool: pg.Pool) => PostgresClient = (pool) => pool,
): Promise<{ store: PostgresStore; pool: pg.Pool; schema: string; table: string }> => {
  const pool = openPool(options)
  const schema = await makeSchema(pool)
  const store = postgresStore(clientOf(pool), { schema })
  await store.migrate()
  return { store, pool, schema, table: `"${schema}".zrecruit_connections` }
}

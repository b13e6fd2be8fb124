import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import { postgresStore, type PostgresClient, type PostgresStore } from '../src/index.ts'

/** Opens a pool that is closed when the test ends. */
export const openPool = (options: pg.PoolConfig = {}): pg.Pool => {
  const pool = new pg.Pool({ connectionString: inject('postgres'), ...options })
  pool.on('error', () => undefined)
  onTestFinished(() => pool.end())
  return pool
}

/** Creates an empty schema that is dropped when the test ends. */
export const makeSchema = async (pool: pg.Pool): Promise<string> => {
  const schema = `Test_${randomBytes(6).toString('hex')}`
  await pool.query(`CREATE SCHEMA "${schema}"`)
  onTestFinished(async () => void (await pool.query(`DROP SCHEMA "${schema}" CASCADE`)))
  return schema
}

/** Creates a migrated store in its own schema. `clientOf` can wrap the store's pool. */
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

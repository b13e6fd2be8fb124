import { randomBytes } from 'node:crypto'
import type { OtherProcess, StoreHarness } from '@zrecruit/oauth-conformance'
import pg from 'pg'
import { postgresStore, type PostgresClient } from '../src/index.ts'

/** A way to the database, of a handle's own. */
export interface Opened {
  readonly client: PostgresClient
  /** Twice is no error. */
  end(): Promise<void>
}

/**
 * Each case has a schema of its own. `another` opens it elsewhere; by default, over a client of its
 * own in this process.
 */
export const subject = (
  name: string,
  open: () => Promise<Opened>,
  another?: (schema: string) => Promise<OtherProcess>,
): StoreHarness => ({
  name,
  async start() {
    const schema = `Case_${randomBytes(6).toString('hex')}`
    const [admin, { client, end }] = [await open(), await open()]
    await admin.client.query(`CREATE SCHEMA "${schema}"`, [])
    const store = postgresStore(client, { schema })
    await store.migrate()
    let stopped = false
    return {
      store,
      another: async () => {
        if (another) return another(schema)
        const { client: own, end: kill } = await open()
        return { store: postgresStore(own, { schema }), moveClock: async () => undefined, kill }
      },
      async stop() {
        if (stopped) return
        stopped = true
        await end()
        await admin.client.query(`DROP SCHEMA "${schema}" CASCADE`, [])
        await admin.end()
      },
    }
  },
})

export const poolOn =
  (url: () => string, options: pg.PoolConfig = {}) =>
  async (): Promise<Opened> => {
    const client = new pg.Pool({ connectionString: url(), ...options })
    client.on('error', () => undefined)
    return { client, end: async () => void (client.ended || (await client.end())) }
  }

import { randomBytes } from 'node:crypto'
import type { OtherProcess, StoreHarness } from '@zrecruit/oauth-conformance'
import pg from 'pg'
import { postgresStore, type PostgresClient } from '../src/index.ts'

/** A client that only one store uses. */
export interface OpenClient {
  readonly client: PostgresClient
  /** Closes the client. It may be called again. */
  end(): Promise<void>
}

/**
 * Each case has its own schema. `another` opens a second store on that schema in another process.
 * By default, the second store is in this process and has its own client.
 */
export const postgresHarness = (
  name: string,
  open: () => Promise<OpenClient>,
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

/** Returns a function that opens a pool on the server at `url()`. */
export const poolOn =
  (url: () => string, options: pg.PoolConfig = {}) =>
  async (): Promise<OpenClient> => {
    const client = new pg.Pool({ connectionString: url(), ...options })
    client.on('error', () => undefined)
    return { client, end: async () => void (client.ended || (await client.end())) }
  }

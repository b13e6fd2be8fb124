import { PGlite } from '@electric-sql/pglite'
import { hasPgBouncer, startPgBouncer, startPostgres, type Service } from '@zrecruit-tests/services'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareAndSetLaws } from '../../oauth-core/test/memory/laws/compare-and-set.ts'
import { storeLaws } from '../../oauth-core/test/memory/store-laws.ts'
import { postgresStore, type PostgresClient } from '../src/index.ts'
import { openStore } from './schemas.ts'

describe('over a pool of pg', () => {
  it.each(storeLaws)('$title', async ({ run }) => run((await openStore()).store))
})

describe('where transactions are serializable', () => {
  it.each(compareAndSetLaws)('$title', async ({ run }) => run((await openStore({ options: '-c default_transaction_isolation=serializable' })).store))
})

/** The tables stand where the search path leads, and are emptied for each law. */
const emptied = async (client: PostgresClient) => {
  const store = postgresStore(client)
  await store.migrate()
  await client.query('TRUNCATE zrecruit_connections', [])
  return store
}

describe.runIf(hasPgBouncer())('behind PgBouncer in transaction mode', () => {
  let [postgres, bouncer, pool]: [Service?, Service?, pg.Pool?] = []
  beforeAll(async () => {
    postgres = await startPostgres()
    bouncer = await startPgBouncer(postgres)
    pool = new pg.Pool({ connectionString: bouncer.url })
  })
  afterAll(async () => {
    await pool?.end()
    await bouncer?.stop()
    await postgres?.stop()
  })
  it.each(storeLaws)('$title', async ({ run }) => run(await emptied(pool as pg.Pool)))
})

describe('over PGlite', () => {
  let database: PGlite
  beforeAll(async () => {
    database = await PGlite.create()
  }, 60_000) // It makes itself a cluster, in WebAssembly.
  afterAll(() => database.close())
  it.each(storeLaws)('$title', async ({ run }) => run(await emptied(database)))
})

it('over a driver that answers with the rows themselves, as Neon’s does over HTTP', async () => {
  const { store } = await openStore({}, (pool) => ({ query: async (text, values) => (await pool.query(text, values)).rows }))
  expect(await store.write('acme', { revision: '1', status: 'active', unfinished: false, envelope: 'e' }, 'absent')).toMatchObject({ written: true })
  expect((await store.read('acme')).record?.envelope).toBe('e')
})

import { createRecord } from '@zrecruit/testing/records'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { postgresSchema, postgresStore } from '../src/index.ts'
import { migrations, schemaIn } from '../src/schema.ts'
import { makeSchema, openPool, openStore } from './schemas.ts'

const newer = [
  ...migrations,
  (place: string) => `ALTER TABLE ${place}zrecruit_connections ADD COLUMN more text;`,
]

it('is made once, however often and by however many it is asked for', async () => {
  for (let round = 0; round < 5; round++) {
    const pool = openPool({ max: 8 })
    const schema = await makeSchema(pool)
    const stores = Array.from({ length: 8 }, () => postgresStore(pool, { schema }))
    await Promise.all(stores.map((store) => store.migrate()))
    await stores[0]?.write('acme', createRecord(), 'absent')
    await Promise.all(stores.map((store) => store.migrate()))
    expect(await stores[1]?.list({ limit: 9 })).toHaveLength(1)
  }
})

it.each(['repeatable read', 'serializable'])(
  'is made once where transactions are %s',
  async (level) => {
    for (let round = 0; round < 5; round++) {
      const pool = openPool({
        max: 8,
        options: `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`,
      })
      const schema = await makeSchema(pool)
      await Promise.all(Array.from({ length: 8 }, () => postgresStore(pool, { schema }).migrate()))
      expect((await pool.query(`SELECT * FROM "${schema}".zrecruit_schema`)).rows).toEqual([
        { one: 1, version: 1 },
      ])
    }
  },
)

it('is a statement for migrations of one’s own, where the search path leads, and says nothing where all is done', async () => {
  const schema = await makeSchema(openPool())
  const pool = openPool({ options: `-c search_path=${schema.toLowerCase()},"${schema}"`, max: 1 })
  const notices: unknown[] = []
  pool.on('connect', (client) => client.on('notice', (notice) => notices.push(notice)))
  await pool.query(postgresSchema)
  await pool.query(postgresSchema)
  await postgresStore(pool).migrate()
  expect(notices).toEqual([])
  await postgresStore(pool).write('acme', createRecord(), 'absent')
  expect(await postgresStore(openPool(), { schema }).list({ limit: 9 })).toHaveLength(1)
})

it('is refused when it is newer than this release knows, naming its version, and nothing is changed', async () => {
  const { store, pool, schema } = await openStore()
  await pool.query(schemaIn(`"${schema}".`, newer))
  await expect(store.migrate()).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringMatching(
      /schema version 2, which is newer than .* Update @zrecruit\/oauth-store-postgres/,
    ) as string,
  })
  expect((await pool.query(`SELECT version FROM "${schema}".zrecruit_schema`)).rows).toEqual([
    { version: 2 },
  ])
})

it('is brought up to date in place, and an older process goes on', async () => {
  const { store, pool, schema, table } = await openStore()
  const record = createRecord()
  await store.write('acme', record, 'absent')
  await pool.query(schemaIn(`"${schema}".`, newer))
  expect((await pool.query(`SELECT revision, more FROM ${table}`)).rows).toEqual([
    { revision: record.revision, more: null },
  ])
  expect((await store.read('acme')).record).toEqual(record)
  expect(await store.write('acme', createRecord(), record.revision)).toMatchObject({
    written: true,
  })
})

it('leaves nothing of a migration that failed', async () => {
  const pool = openPool()
  const schema = await makeSchema(pool)
  await expect(
    pool.query(schemaIn(`"${schema}".`, [...migrations, () => 'SELECT 1 / 0;'])),
  ).rejects.toMatchObject({ code: '22012' })
  expect(
    (
      await pool.query(
        'SELECT count(*)::int AS n FROM pg_class WHERE relnamespace = $1::regnamespace',
        [`"${schema}"`],
      )
    ).rows,
  ).toEqual([{ n: 0 }])
})

it('wants a database whose encoding is UTF8', async () => {
  const name = `zrecruit_latin1_${process.pid}`
  const admin = openPool()
  await admin.query(
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`,
  )
  const url = new URL(admin.options.connectionString as string)
  url.pathname = `/${name}`
  const pool = new pg.Pool({ connectionString: url.href })
  onTestFinished(async () => {
    await pool.end()
    await admin.query(`DROP DATABASE ${name}`)
  })
  await expect(postgresStore(pool).migrate()).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringContaining('not UTF8') as string,
  })
  // Somebody made the table by hand.
  await pool.query(migrations[0]?.('') ?? '')
  await expect(postgresStore(pool).write('日本', createRecord(), 'absent')).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringContaining('not UTF8') as string,
  })
})

import { createRecord } from '@zrecruit/testing/records'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import { postgresSchema, postgresStore } from '../src/index.ts'
import { migrations, schemaStatement } from '../src/schema.ts'
import { makeSchema, openPool, openStore } from './schemas.ts'

const newer = [
  ...migrations,
  (prefix: string) => `ALTER TABLE ${prefix}zrecruit_connections ADD COLUMN more text;`,
]

it('is created once by many processes and calls', async () => {
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
  'is created once where transactions are %s',
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

it('runs as one statement in the search path, and a second run raises no notice', async () => {
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

it('refuses a newer schema with its version, and changes nothing', async () => {
  const { store, pool, schema } = await openStore()
  await pool.query(schemaStatement(`"${schema}".`, newer))
  await expect(store.migrate()).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringMatching(
      /schema version 2, and this release of .* Update @zrecruit\/oauth-store-postgres/,
    ) as string,
  })
  expect((await pool.query(`SELECT version FROM "${schema}".zrecruit_schema`)).rows).toEqual([
    { version: 2 },
  ])
})

it('is migrated in place while an older process continues', async () => {
  const { store, pool, schema, table } = await openStore()
  const record = createRecord()
  await store.write('acme', record, 'absent')
  await pool.query(schemaStatement(`"${schema}".`, newer))
  expect((await pool.query(`SELECT revision, more FROM ${table}`)).rows).toEqual([
    { revision: record.revision, more: null },
  ])
  expect((await store.read('acme')).record).toEqual(record)
  expect(await store.write('acme', createRecord(), record.revision)).toMatchObject({
    written: true,
  })
})

it('rolls back a failed migration', async () => {
  const pool = openPool()
  const schema = await makeSchema(pool)
  await expect(
    pool.query(schemaStatement(`"${schema}".`, [...migrations, () => 'SELECT 1 / 0;'])),
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

it('requires a database with the encoding UTF8', async () => {
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
  // A table that was created by hand.
  await pool.query(migrations[0]?.('') ?? '')
  await expect(postgresStore(pool).write('日本', createRecord(), 'absent')).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringContaining('not UTF8') as string,
  })
})

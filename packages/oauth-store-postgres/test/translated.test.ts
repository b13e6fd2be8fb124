import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { createRecord } from '@zrecruit/testing/records'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { postgresStore } from '../src/index.ts'
import { makeSchema, openPool, openStore } from './schemas.ts'

/** A secret that no error may contain. */
const canary = `CANARY${randomBytes(6).toString('hex')}`

/** Runs all commands, and expects each to fail with this error. */
const expectErrorFromAll = async (
  store: ReturnType<typeof postgresStore>,
  code: string,
  message: RegExp,
  commands = ['read', 'write', 'remove', 'list'],
) => {
  const all: Readonly<Record<string, () => Promise<unknown>>> = {
    read: () => store.read(canary),
    write: () =>
      store.write(canary, createRecord({ envelope: canary, principal: canary }), 'absent'),
    remove: () => store.write(canary, undefined, canary),
    list: () => store.list({ principal: canary, limit: 1 }),
  }
  const errors = await Promise.all(
    commands.map(async (name) =>
      all[name]?.().then(
        () => `${name} did not fail`,
        (error: unknown) => error,
      ),
    ),
  )
  for (const error of errors) {
    expect(error).toMatchObject({
      name: 'RecruitOAuthError',
      code,
      message: expect.stringMatching(message) as string,
    })
    expect(error).not.toHaveProperty('cause')
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(
      new RegExp(`${canary}|127\\.0\\.0\\.1|SELECT .*FROM`),
    )
  }
}

/** Creates a role with a password, and a pool for it. */
const createRole = async (rights = '') => {
  const [admin, name] = [openPool(), `zrecruit_test_${randomBytes(6).toString('hex')}`]
  await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD '${canary}' ${rights}`)
  onTestFinished(async () => void (await admin.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`)))
  const url = new URL(inject('postgres'))
  url.username = name
  url.password = canary
  return { admin, name, url, pool: openPool({ connectionString: url.href }) }
}

it('reports a missing table and how to create it', async () => {
  await expectErrorFromAll(
    postgresStore(openPool(), { schema: await makeSchema(openPool()) }),
    'configuration-invalid',
    /^The table Test_\w+\.zrecruit_connections does not exist \(42P01\)\. Run migrate\(\), or add/,
  )
})

it('reports a missing schema', async () => {
  await expect(postgresStore(openPool(), { schema: 'nowhere' }).migrate()).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringContaining('CREATE SCHEMA') as string,
  })
})

it.each([
  ['other columns', 'id integer, hello text', ['read', 'write', 'remove', 'list']],
  [
    'a numeric id',
    'id integer PRIMARY KEY, revision text, status text, pending boolean, principal text, ' +
      'data_center text, envelope text',
    ['read', 'write', 'remove'],
  ],
])('reports another table of the same name with %s', async (_, columns, commands) => {
  const schema = await makeSchema(openPool())
  await openPool().query(`CREATE TABLE "${schema}".zrecruit_connections (${columns})`)
  const store = postgresStore(openPool(), { schema })
  await expectErrorFromAll(
    store,
    'configuration-invalid',
    /differs from the table that this release creates \((22|42)\w{3}\)/,
    commands,
  )
  await expect(store.migrate()).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringContaining('(42P07)') as string,
  })
})

it('reports a constraint that the app has added', async () => {
  const { store, pool, table } = await openStore()
  await pool.query(`ALTER TABLE ${table} ADD CHECK (length(envelope) < 3)`)
  await expectErrorFromAll(
    store,
    'configuration-invalid',
    /differs from the table that this release creates \(23514\)/,
    ['write'],
  )
})

it('reports missing permissions, and works with those that the error names', async () => {
  const { admin, name, pool } = await createRole()
  const { schema, table } = await openStore()
  const store = postgresStore(pool, { schema })
  const missing =
    /This database user lacks a permission on .* \(42501\)\. GRANT SELECT, INSERT, UPDATE, DELETE/
  await expectErrorFromAll(store, 'configuration-invalid', missing)
  await admin.query(
    `GRANT USAGE ON SCHEMA "${schema}" TO ${name}; GRANT SELECT ON ${table} TO ${name}`,
  )
  await expectErrorFromAll(store, 'configuration-invalid', missing, ['write', 'remove'])
  await expect(store.migrate()).rejects.toMatchObject({ code: 'configuration-invalid' })
  await admin.query(
    `GRANT INSERT, UPDATE, DELETE ON ${table} TO ${name}; GRANT SELECT ON ` +
      `"${schema}".zrecruit_schema TO ${name}`,
  )
  const [first, second] = [createRecord(), createRecord()]
  expect(await store.write('acme', first, 'absent')).toMatchObject({ written: true })
  expect(await store.write('acme', second, first.revision)).toMatchObject({ written: true })
  expect(await store.list({ limit: 1 })).toHaveLength(1)
  expect(await store.write('acme', undefined, second.revision)).toMatchObject({ written: true })
  await store.migrate()
})

it('reads where transactions are read-only, and reports why writes fail', async () => {
  const { schema } = await openStore()
  const store = postgresStore(openPool({ options: '-c default_transaction_read_only=on' }), {
    schema,
  })
  expect(await store.read('acme')).toEqual({ asOf: expect.any(Number) as number })
  await expectErrorFromAll(
    store,
    'configuration-invalid',
    /refuses writes.* \(25006\)\. Give the store a pool on the primary/,
    ['write', 'remove'],
  )
})

it('reports a wrong user or database', async () => {
  const nobody = new URL(inject('postgres'))
  nobody.username = canary
  await expectErrorFromAll(
    postgresStore(openPool({ connectionString: nobody.href })),
    'configuration-invalid',
    /rejects this user or database \(28\w{3}\)/,
  )
  const nowhere = new URL(inject('postgres'))
  nowhere.pathname = `/${canary}`
  await expectErrorFromAll(
    postgresStore(openPool({ connectionString: nowhere.href })),
    'configuration-invalid',
    /^The database does not exist \(3D000\)\. Correct/,
  )
})

it('reports too many connections', async () => {
  const { pool } = await createRole('CONNECTION LIMIT 0')
  await expectErrorFromAll(postgresStore(pool), 'store-unavailable', /no connection left \(53300\)/)
})

it('reports a refused connection', async () => {
  await expectErrorFromAll(
    postgresStore(openPool({ connectionString: `postgresql://user:${canary}@127.0.0.1:9/app` })),
    'store-unavailable',
    /^PostgreSQL did not respond \(ECONNREFUSED\)\. Check that it is up/,
  )
})

it.each([
  ['statement_timeout', /longer than statement_timeout allows \(57014\)/],
  ['lock_timeout', /longer than lock_timeout allows \(55P03\)/],
])('reports that %s was exceeded', async (setting, message) => {
  const { schema, table, pool } = await openStore()
  const holder = await pool.connect()
  await holder.query(`BEGIN; LOCK TABLE ${table}`)
  await expectErrorFromAll(
    postgresStore(openPool({ options: `-c ${setting}=50` }), { schema }),
    'store-unavailable',
    message,
  )
  await holder.query('COMMIT')
  holder.release()
})

describe('errors that these tests cannot provoke on a server', () => {
  const storeFailingWith = (error: unknown) => {
    let calls = 0
    const store = postgresStore({
      query: async () => {
        calls++
        throw error
      },
    })
    return { store, calls: () => calls }
  }
  it.each([
    ['57P01', 'store-unavailable', 'retry', /is stopping or starting/],
    ['08006', 'store-unavailable', 'retry', /did not respond \(08006\)/],
    ['53100', 'store-unavailable', 'retry', /disk is full/],
    ['XX001', 'store-unavailable', 'report', /damaged/],
    ['EPIPE', 'store-unavailable', 'retry', /did not respond \(EPIPE\)/],
    ['EPERM', 'store-unavailable', 'retry', /did not respond \(EPERM\)/],
    ['26000', 'store-unavailable', 'retry', /reports an error of the store's statement \(26000\)/],
    ['P0001', 'store-unavailable', 'retry', /reports an error of the store's statement \(P0001\)/],
    ['40003', 'store-unavailable', 'retry', /did not respond \(40003\)/],
  ])('SQLSTATE %s becomes %s', async (code, ours, remedy, message) => {
    const { store, calls } = storeFailingWith(Object.assign(new Error(canary), { code }))
    await expectErrorFromAll(store, ours, message)
    await expect(store.read('acme')).rejects.toMatchObject({ remedy })
    expect(calls(), 'no command was repeated').toBe(5)
  })

  it.each([
    [new Error(canary)],
    [new TypeError(canary)],
    [Object.assign(new Error(canary), { name: `${canary} x` })],
    [canary],
    [undefined],
    [{ code: canary.toLowerCase() }],
    [{ code: 7 }],
  ])('does not quote the driver’s error %j', async (error) => {
    await expectErrorFromAll(
      storeFailingWith(error).store,
      'store-unavailable',
      /^The PostgreSQL client failed( \(TypeError\))?\. Its own error is the `dangerousCause`/,
    )
  })

  it('repeats a serialization failure, ten attempts in total', async () => {
    const { store, calls } = storeFailingWith(Object.assign(new Error(canary), { code: '40001' }))
    await expect(store.read('acme')).rejects.toMatchObject({
      code: 'store-contended',
      message: expect.stringContaining('(40001)') as string,
    })
    expect(calls()).toBe(10)
  })
})

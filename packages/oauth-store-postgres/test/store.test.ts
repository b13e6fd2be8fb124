import { setTimeout as sleep } from 'node:timers/promises'
import { createRecord } from '@zrecruit/testing/records'
import { expect, it, vi } from 'vitest'
import { postgresStore } from '../src/index.ts'
import { openPool, openStore } from './schemas.ts'

it('takes the time from the database, not from the clock of JavaScript', async () => {
  const { store } = await openStore()
  vi.useFakeTimers({ now: 0, toFake: ['Date'] })
  try {
    const { asOf } = await store.read('acme')
    expect(Math.abs(asOf - (performance.timeOrigin + performance.now()))).toBeLessThan(60_000)
  } finally {
    vi.useRealTimers()
  }
})

it('returns the time from after the wait for another transaction', async () => {
  const { store, pool, table } = await openStore()
  const record = createRecord()
  await store.write('acme', record, 'absent')
  const holder = await pool.connect()
  await holder.query(`BEGIN; SELECT 1 FROM ${table} FOR UPDATE`)
  const writing = store.write('acme', createRecord(), record.revision)
  await sleep(300)
  const { asOf: whileItWaits } = await store.read('acme')
  await holder.query('COMMIT')
  holder.release()
  expect(await writing).toMatchObject({ written: true })
  expect((await writing).asOf).toBeGreaterThanOrEqual(whileItWaits)
})

it('does not depend on the type parsers of the app', async () => {
  const spoilt = {
    getTypeParser: (oid: number) => (text: string) => (oid === 25 ? text : { oid, text }),
  }
  const { store } = await openStore({ types: spoilt })
  const record = createRecord({ principal: 'user 1', dataCenter: 'eu', pending: true })
  expect(await store.write('acme', record, 'absent')).toEqual({
    written: true,
    asOf: expect.any(Number) as number,
  })
  expect(await store.read('acme')).toEqual({ record, asOf: expect.any(Number) as number })
  expect(await store.list({ principal: 'user 1', limit: 1 })).toEqual([
    { id: 'acme', status: 'active', pending: true, principal: 'user 1', dataCenter: 'eu' },
  ])
})

it('does not depend on how the app names columns', async () => {
  const camelCase = (row: object) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
        value as unknown,
      ]),
    )
  const { store } = await openStore({}, (pool) => ({
    query: async (text, values) => ({ rows: (await pool.query(text, values)).rows.map(camelCase) }),
  }))
  const record = createRecord({ principal: 'user 1', dataCenter: 'eu' })
  await store.write('acme', record, 'absent')
  expect((await store.read('acme')).record).toEqual(record)
})

it.each([
  ['rows as arrays', () => ({ rows: [['1', '2']] })],
  ['no rows', () => ({ rowCount: 1 })],
  ['nothing', () => undefined],
  ['an empty list', () => ({ rows: [] })],
  ['parsed JSON', () => ({ rows: [{ answer: { instant: 1 } }] })],
  ['other text', () => [{ answer: 'a secret' }]],
  ['an invalid time', () => ({ rows: [{ answer: '{"instant":"now","id":null}' }] })],
])('refuses a driver that returns %s', async (_, answer) => {
  const store = postgresStore({ query: async () => answer() })
  await expect(store.read('acme')).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringContaining('rows of the statement') as string,
  })
  await expect(store.write('acme', createRecord(), 'absent')).rejects.toMatchObject({
    code: 'configuration-invalid',
  })
})

it('refuses an invalid client and an invalid schema name', () => {
  for (const client of [undefined, {}, 'postgresql://localhost/app'])
    expect(() => postgresStore(client as never)).toThrow(
      expect.objectContaining({
        code: 'configuration-invalid',
        message: expect.stringContaining('query(text, values)') as string,
      }) as Error,
    )
  for (const schema of [
    '',
    '1a',
    'a b',
    'a"b',
    'a.b',
    "a'b",
    'a;--',
    'a$b',
    'ä',
    'a'.repeat(64),
    7,
    null,
  ])
    expect(() => postgresStore(openPool(), { schema: schema as string })).toThrow(
      expect.objectContaining({
        code: 'configuration-invalid',
        message: expect.stringContaining('schema') as string,
      }) as Error,
    )
})

it.each(['\0', 'a\0b', '\ud800', 'a\udc00b'])(
  'refuses an id that PostgreSQL cannot store: %j',
  async (id) => {
    const { store, table, pool } = await openStore()
    const refusal = { code: 'argument-invalid' }
    await expect(store.read(id)).rejects.toMatchObject(refusal)
    await expect(store.write(id, createRecord(), 'absent')).rejects.toMatchObject(refusal)
    await expect(
      store.write('acme', createRecord({ principal: id }), 'absent'),
    ).rejects.toMatchObject(refusal)
    await expect(
      store.write('acme', createRecord({ envelope: id }), 'absent'),
    ).rejects.toMatchObject(refusal)
    await expect(store.write(id, undefined, 'revision')).rejects.toMatchObject(refusal)
    await expect(store.list({ principal: id, limit: 1 })).rejects.toMatchObject(refusal)
    await expect(store.list({ after: id, limit: 1 })).rejects.toMatchObject(refusal)
    expect((await pool.query(`SELECT * FROM ${table}`)).rows).toEqual([])
  },
)

it('stores an id with control characters, as the ids of the client’s own rows have', async () => {
  const { store } = await openStore()
  const id = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))
    .slice(1)
    .join('')
  await store.write(id, createRecord({ principal: id }), 'absent')
  expect((await store.list({ principal: id, limit: 1 })).map((row) => row.id)).toEqual([id])
})

it('refuses an id that is too long for an index, and changes nothing', async () => {
  const { store } = await openStore()
  const noise = (length: number) =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(length)))
      .toString('base64url')
      .slice(0, length)
  await expect(store.write(noise(4096), createRecord(), 'absent')).rejects.toMatchObject({
    code: 'argument-invalid',
    message: expect.stringContaining('(54000)') as string,
  })
  expect(await store.list({ limit: 1 })).toEqual([])
  const [id, principal] = [noise(1300), noise(1300)]
  expect(await store.write(id, createRecord({ principal }), 'absent')).toMatchObject({
    written: true,
  })
  expect(await store.list({ principal, limit: 1 })).toMatchObject([{ id, principal }])
})

it('uses an index for every combination of list conditions', async () => {
  const { pool, schema, table } = await openStore()
  await pool.query(
    `INSERT INTO ${table} SELECT 'c' || n, 'r', 'active', n % 50 = 0, 'user ' || n % 20, ` +
      "'eu', repeat('x', 500) FROM generate_series(1, 20000) AS n",
  )
  await pool.query(`ANALYZE ${table}`)
  const planOf = async (query: { principal?: string; pending?: true; after?: string }) => {
    let plan = ''
    const explain = async (text: string, values: unknown[]) => {
      const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values)
      plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      return { rows: [] }
    }
    await postgresStore({ query: explain }, { schema }).list({ ...query, limit: 100 })
    return plan
  }
  const [principal, after, pending] = ['user 7', 'c5', true as const]
  const plans = await Promise.all(
    [
      {},
      { after },
      { principal },
      { principal, after },
      { pending },
      { pending, after },
      { principal, pending },
      { principal, pending, after },
    ].map(planOf),
  )
  const used = plans.map(
    (plan) => /(?:Index Scan|Bitmap Index Scan)\w* (?:using|on) (\w+)/.exec(plan)?.[1],
  )
  const [byId, byPrincipal, byPending] = [
    'zrecruit_connections_pkey',
    'zrecruit_connections_by_principal',
    'zrecruit_connections_pending',
  ]
  expect(used.slice(0, 6)).toEqual([byId, byId, byPrincipal, byPrincipal, byPending, byPending])
  for (const name of used.slice(6)) expect([byPrincipal, byPending]).toContain(name)
  for (const plan of plans) expect(plan).not.toContain('Seq Scan')
  for (const plan of plans.slice(0, 6)) expect(plan).not.toContain('Sort')
})

it('orders by bytes also in a table that was created with the default collation', async () => {
  const { store, pool, table } = await openStore()
  await pool.query(`ALTER TABLE ${table} ALTER id TYPE text COLLATE "default"`)
  const ids = ['10', '9', 'B', 'a', 'aa', 'b', 'ä']
  for (const id of ids) await store.write(id, createRecord(), 'absent')
  expect(
    (await pool.query<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).rows.map(
      ({ id }) => id,
    ),
    'the order of the database',
  ).not.toEqual(ids)
  expect((await store.list({ limit: 9 })).map(({ id }) => id)).toEqual(ids)
  expect((await store.list({ after: 'B', limit: 9 })).map(({ id }) => id)).toEqual(ids.slice(3))
})

it('applies a write that waited for a pool only if its revision is current', async () => {
  const { pool, table } = await openStore()
  const small = openPool({ max: 1 })
  const patient = postgresStore(small, { schema: table.split('"')[1] as string })
  const first = createRecord()
  await patient.write('acme', first, 'absent')

  const holder = await small.connect()
  const late = patient.write('acme', createRecord({ envelope: 'late' }), first.revision)
  const second = createRecord({ envelope: 'newer' })
  expect(
    (
      await postgresStore(pool, { schema: table.split('"')[1] as string }).write(
        'acme',
        second,
        first.revision,
      )
    ).written,
  ).toBe(true)
  expect(small.waitingCount).toBe(1)
  holder.release()
  expect(await late, 'the revision is no longer current').toMatchObject({
    written: false,
  })
  expect((await patient.read('acme')).record).toEqual(second)
  expect(small.waitingCount).toBe(0)
})

it('reports `store-unavailable` when the pool has no free client in time', async () => {
  const pool = openPool({ max: 1, connectionTimeoutMillis: 50 })
  const holder = await pool.connect()
  const failures = await Promise.all(
    Array.from({ length: 20 }, () =>
      postgresStore(pool)
        .read('acme')
        .catch((error: unknown) => error),
    ),
  )
  for (const error of failures)
    expect(error).toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('free client') as string,
    })
  expect(pool.waitingCount).toBe(0)
  holder.release()
})

it('works with a driver that returns the rows themselves, as Neon’s does over HTTP', async () => {
  const { store } = await openStore({}, (pool) => ({
    query: async (text, values) => (await pool.query<object>(text, values)).rows,
  }))
  const record = createRecord()
  expect(await store.write('acme', record, 'absent')).toMatchObject({ written: true })
  expect((await store.read('acme')).record).toEqual(record)
})

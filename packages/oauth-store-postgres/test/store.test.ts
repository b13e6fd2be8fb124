import { setTimeout as sleep } from 'node:timers/promises'
import { createRecord } from '@zrecruit/testing/records'
import { expect, it, vi } from 'vitest'
import { postgresStore } from '../src/index.ts'
import { openStore } from './schemas.ts'

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

it.each(['\0', 'a\0b', '\ud800', 'a\udc00b'])(
  'refuses text that PostgreSQL cannot store: %j',
  async (text) => {
    const { store, table, pool } = await openStore()
    const refusal = { code: 'argument-invalid' }
    await expect(store.read(text)).rejects.toMatchObject(refusal)
    await expect(store.write(text, createRecord(), 'absent')).rejects.toMatchObject(refusal)
    await expect(
      store.write('acme', createRecord({ principal: text }), 'absent'),
    ).rejects.toMatchObject(refusal)
    await expect(
      store.write('acme', createRecord({ envelope: text }), 'absent'),
    ).rejects.toMatchObject(refusal)
    await expect(store.write(text, undefined, 'revision')).rejects.toMatchObject(refusal)
    await expect(store.list({ principal: text, limit: 1 })).rejects.toMatchObject(refusal)
    await expect(store.list({ after: text, limit: 1 })).rejects.toMatchObject(refusal)
    expect((await pool.query(`SELECT * FROM ${table}`)).rows).toEqual([])
  },
)

it('stores an id and a principal with control characters', async () => {
  const { store } = await openStore()
  const id = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))
    .slice(1)
    .join('')
  await store.write(id, createRecord({ principal: id }), 'absent')
  expect((await store.list({ principal: id, limit: 1 })).map((row) => row.id)).toEqual([id])
})

it('refuses an id that is too long for an index, and changes nothing', async () => {
  const { store } = await openStore()
  const randomText = (length: number) =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(length)))
      .toString('base64url')
      .slice(0, length)
  await expect(store.write(randomText(4096), createRecord(), 'absent')).rejects.toMatchObject({
    code: 'argument-invalid',
    message: expect.stringContaining('(54000)') as string,
  })
  expect(await store.list({ limit: 1 })).toEqual([])
  const [id, principal] = [randomText(1300), randomText(1300)]
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

it('orders by bytes even in a table that was created with the default collation', async () => {
  const { store, pool, table } = await openStore()
  await pool.query(`ALTER TABLE ${table} ALTER id TYPE text COLLATE "default"`)
  const ids = ['10', '9', 'B', 'a', 'aa', 'b', 'ä']
  for (const id of ids) await store.write(id, createRecord(), 'absent')
  expect(
    (await pool.query<{ id: string }>(`SELECT id FROM ${table} ORDER BY id`)).rows.map(
      ({ id }) => id,
    ),
    'the default collation has another order',
  ).not.toEqual(ids)
  expect((await store.list({ limit: 9 })).map(({ id }) => id)).toEqual(ids)
  expect((await store.list({ after: 'B', limit: 9 })).map(({ id }) => id)).toEqual(ids.slice(3))
})

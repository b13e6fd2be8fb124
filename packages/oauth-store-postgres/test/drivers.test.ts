import { createRecord } from '@zrecruit/testing/records'
import { expect, it } from 'vitest'
import { postgresStore } from '../src/index.ts'
import { openPool, openStore } from './schemas.ts'

it('does not depend on the type parsers of the app', async () => {
  const types = {
    getTypeParser: (oid: number) => (text: string) => (oid === 25 ? text : { oid, text }),
  }
  const { store } = await openStore({ types })
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
  ['parsed JSON', () => ({ rows: [{ result: { instant: 1 } }] })],
  ['other text', () => [{ result: 'a secret' }]],
  ['an invalid time', () => ({ rows: [{ result: '{"instant":"now","id":null}' }] })],
])('refuses a driver that returns %s', async (_, queryResult) => {
  const store = postgresStore({ query: async () => queryResult() })
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

it('refuses an unknown option, and names the nearest one', () => {
  expect(() => postgresStore(openPool(), { schemas: 'auth' } as object)).toThrow(
    'The option `schemas` is unknown. Did you mean `schema`?',
  )
})

it('applies a write that waited for a client only if its revision is current', async () => {
  const { store, schema } = await openStore()
  const small = openPool({ max: 1 })
  const waitingStore = postgresStore(small, { schema })
  const first = createRecord()
  await waitingStore.write('acme', first, 'absent')

  const holder = await small.connect()
  const late = waitingStore.write('acme', createRecord({ envelope: 'late' }), first.revision)
  const second = createRecord({ envelope: 'newer' })
  expect((await store.write('acme', second, first.revision)).written).toBe(true)
  expect(small.waitingCount).toBe(1)
  holder.release()
  expect(await late, 'the revision is no longer current').toMatchObject({
    written: false,
  })
  expect((await waitingStore.read('acme')).record).toEqual(second)
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

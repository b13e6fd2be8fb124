import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgres, type Service } from '@zrecruit/testing/services'
import { createRecruitOAuth } from '@zrecruit/oauth-core'
import { startChild, type Child } from '@zrecruit/testing/processes'
import { createRecord } from '@zrecruit/testing/records'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { postgresStore } from '../src/index.ts'
import { openPool } from './schemas.ts'
import type { CountOutcome, WorkerCommands } from './worker.ts'

let server: Service
let workers: readonly Child<WorkerCommands>[]
beforeAll(async () => {
  ;[server, workers] = await Promise.all([
    startPostgres(),
    Promise.all(
      Array.from({ length: 8 }, () =>
        startChild<WorkerCommands>(new URL('worker.ts', import.meta.url)),
      ),
    ),
  ])
}, 60_000)
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL')
  await server.stop()
})

const open = (options: Parameters<typeof openPool>[0] = {}) =>
  openPool({
    connectionString: server.url,
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
    ...options,
  })

it(
  'eight processes create the table and count together without a lost update',
  { timeout: 60_000 },
  async () => {
    await Promise.all(
      workers.map((worker) => worker.request('migrateAndCount', { url: server.url, times: 25 })),
    )
    expect((await postgresStore(open()).read('counter')).record?.envelope).toBe('200')
  },
)

it(
  'a killed server keeps every acknowledged write, and adds none',
  { timeout: 60_000 },
  async () => {
    const store = postgresStore(open())
    await store.migrate()
    const before = Number((await store.read('counter')).record?.envelope ?? 0)
    const outcomes: CountOutcome[] = []
    const counting = workers.map(async (worker) => {
      worker.onEvent((outcome) => outcomes.push(outcome as CountOutcome))
      // Rejects when the worker is killed, after its last event has arrived.
      await worker.request('countForever', { url: server.url }).catch(() => {})
    })
    for (let round = 0; round < 3; round++) {
      const reached = outcomes.length + 20
      while (outcomes.length < reached || outcomes.at(-1) === 'failed') await sleep(5)
      await server.kill()
      await server.restart()
    }
    const countBeforeRestart = outcomes.length
    while (!outcomes.slice(countBeforeRestart).includes('acknowledged')) await sleep(5)
    for (const worker of workers) worker.kill('SIGKILL')
    await Promise.all(counting)
    const count = Number((await store.read('counter')).record?.envelope) - before
    const acknowledged = outcomes.filter((outcome) => outcome === 'acknowledged').length
    const unknown = outcomes.filter((outcome) => outcome === 'unknown').length
    expect(acknowledged).toBeGreaterThan(20)
    expect(count).toBeGreaterThanOrEqual(acknowledged)
    // Each killed process may have had one write in progress.
    expect(count).toBeLessThanOrEqual(acknowledged + unknown + workers.length)
  },
)

it('a killed server keeps an acknowledged write even with synchronous_commit off', async () => {
  const admin = open()
  await postgresStore(admin).migrate()
  // Otherwise the server could write its log by itself before it is killed.
  await admin.query("ALTER SYSTEM SET wal_writer_delay = '10s'")
  await admin.query('SELECT pg_reload_conf()')
  const pool = open({ options: '-c synchronous_commit=off' })
  expect((await pool.query('SHOW synchronous_commit')).rows).toEqual([
    { synchronous_commit: 'off' },
  ])
  const store = postgresStore(pool)
  const kept = createRecord()
  await store.write('kept', createRecord(), 'absent')
  const firstRevision = (await store.read('kept')).record?.revision ?? ''
  expect(await store.write('kept', kept, firstRevision)).toMatchObject({ written: true })
  expect(
    (await pool.query('SHOW synchronous_commit')).rows,
    'the next transaction has the setting of the role',
  ).toEqual([{ synchronous_commit: 'off' }])
  await server.kill()
  await server.restart()
  expect((await store.read('kept')).record).toEqual(kept)
})

it('a frozen server makes commands fail in time, and is used again once it answers', async () => {
  const pool = open({ max: 3 })
  const store = postgresStore(pool)
  await store.migrate()
  const first = createRecord()
  await store.write('frozen', first, 'absent')
  const zoho = createRecruitOAuth({
    clientId: '1000.CLIENT',
    clientSecret: 'secret',
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.READ'],
    encryptionKeys: [Buffer.alloc(32, 1).toString('base64')],
    store,
    connectionFor: () => ({ id: 'acme', principal: 'alice' }),
  })
  server.freeze()
  const mine = createRecord({ envelope: 'late' })
  const startedAt = performance.now()
  const writing = store.write('frozen', mine, first.revision).catch((error: unknown) => error)
  const asking = Array.from({ length: 30 }, () =>
    zoho
      .connection('acme')
      .status()
      .catch((error: unknown) => error),
  )
  for (const error of await Promise.all(asking))
    expect(error).toMatchObject({ code: 'store-unavailable' })
  expect(performance.now() - startedAt).toBeLessThan(2_500)
  expect(await writing).toMatchObject({ code: 'store-unavailable' })
  server.thaw()
  const other = createRecord({ envelope: 'of another' })
  const { written } = await postgresStore(open()).write('frozen', other, first.revision)
  // Only the first write succeeds, whichever it is. Each writer recognises its own by the revision.
  expect((await store.read('frozen')).record).toEqual(written ? other : mine)
  expect((await zoho.connection('acme').status()).status).toBe('none')
  expect(pool.waitingCount).toBe(0)
  expect(pool.totalCount).toBeLessThanOrEqual(3)
})

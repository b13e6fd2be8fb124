/**
 * Another process, for the tests: `fork(worker.ts)`, then one order per message; each is answered
 * by `done` or `failed`. It uses the store as an app does.
 */
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { createRecord } from '@zrecruit/testing/records'
import pg from 'pg'
import { postgresStore, type PostgresStore } from '../src/index.ts'

export type Order =
  | { readonly do: 'migrate-and-count'; readonly url: string; readonly times: number }
  | { readonly do: 'count-forever'; readonly url: string }

/**
 * One more in the record `counter`, by compare-and-set. `undefined`: nobody can say whether it was.
 */
const countOnce = async (store: PostgresStore): Promise<string | undefined> => {
  for (;;) {
    const found = (await store.read('counter')).record
    const next = createRecord({ envelope: String(Number(found?.envelope ?? 0) + 1) })
    try {
      if ((await store.write('counter', next, found?.revision ?? 'absent')).written)
        return next.envelope
    } catch (error) {
      if (!isRecruitOAuthError(error) || error.code !== 'store-unavailable') throw error
      return undefined
    }
  }
}

const obey = async (order: Order): Promise<void> => {
  const pool = new pg.Pool({
    connectionString: order.url,
    max: 2,
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
  })
  pool.on('error', () => undefined)
  const store = postgresStore(pool)
  if (order.do === 'migrate-and-count') {
    await store.migrate()
    for (let times = 0; times < order.times; times++) await countOnce(store)
  }
  // A letter to standard output for each: acknowledged, unknown, or not there at all.
  if (order.do === 'count-forever')
    for (;;) {
      const outcome = await countOnce(store).then(
        (count) => (count === undefined ? 'u' : 'a'),
        () => 'n',
      )
      writeSync(1, outcome)
      if (outcome === 'n') await sleep(20)
    }
  await pool.end()
}

process.on('message', (order: Order) => {
  obey(order).then(
    () => process.send?.('done'),
    (error: unknown) => process.send?.(`failed: ${String(error)}`),
  )
})
process.on('disconnect', () => process.exit())
process.send?.('ready')

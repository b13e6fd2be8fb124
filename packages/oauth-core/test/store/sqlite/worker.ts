/**
 * Another process for the tests: `fork(worker.ts)`, then one order per message. It answers each
 * with `done` or `failed`. It uses the store as an app does, except for the order `hold`.
 */
import { writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRecord } from '@zrecruit/testing/records'
import { isRecruitOAuthError } from '../../../src/errors/recruit-oauth-error.ts'
import { sqliteStore, type SqliteStore } from '../../../src/store/sqlite/index.ts'

export type Order =
  | { readonly do: 'first-write'; readonly path: string; readonly id: string }
  | { readonly do: 'count'; readonly path: string; readonly times: number }
  | { readonly do: 'hold'; readonly path: string; readonly forMs: number }
  | { readonly do: 'count-forever'; readonly path: string }

/** Adds 1 to the record `counter` by compare-and-set. Tries again while the file is busy. */
const countOnce = async (store: SqliteStore): Promise<string> => {
  for (;;) {
    const { record: found } = await retryWhileBusy(() => store.read('counter'))
    const next = createRecord({ envelope: String(Number(found?.envelope ?? 0) + 1) })
    if (
      (await retryWhileBusy(() => store.write('counter', next, found?.revision ?? 'absent')))
        .written
    )
      return next.envelope
  }
}

/** Repeats a command after `store-unavailable`, which means that nothing was done. */
const retryWhileBusy = async <T>(command: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await command()
    } catch (error) {
      if (!isRecruitOAuthError(error) || error.code !== 'store-unavailable') throw error
    }
  }
}

const execute = async (order: Order): Promise<void> => {
  if (order.do === 'hold') {
    const database = new DatabaseSync(order.path)
    database.exec('BEGIN EXCLUSIVE')
    process.send?.('held')
    await sleep(order.forMs)
    return database.close()
  }
  const store = sqliteStore(order.path)
  if (order.do === 'first-write')
    await store.write(order.id, createRecord({ envelope: 'first' }), 'absent')
  if (order.do === 'count') for (let times = 0; times < order.times; times++) await countOnce(store)
  if (order.do === 'count-forever') for (;;) writeSync(1, `${await countOnce(store)}\n`)
  store.close()
}

process.on('message', (order: Order) => {
  execute(order).then(
    () => process.send?.('done'),
    (error: unknown) => process.send?.(`failed: ${String(error)}`),
  )
})
process.send?.('ready')

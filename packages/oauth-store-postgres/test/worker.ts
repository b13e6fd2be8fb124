/** A child process of the tests. It uses the store as an app does. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { sendEvent, serveParent } from '@zrecruit/testing/processes'
import { createRecord } from '@zrecruit/testing/records'
import pg from 'pg'
import { postgresStore, type PostgresStore } from '../src/index.ts'

/**
 * Adds one to the record `counter` by compare-and-set, and returns the new count. Returns
 * `undefined` if the outcome of the write is unknown.
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

const openStore = (connectionString: string) => {
  const pool = new pg.Pool({
    connectionString,
    max: 2,
    connectionTimeoutMillis: 1_000,
    query_timeout: 1_000,
  })
  pool.on('error', () => undefined)
  return { store: postgresStore(pool), close: () => pool.end() }
}

/** The outcome of a count: the write is acknowledged, its outcome is unknown, or it failed. */
export type CountOutcome = 'acknowledged' | 'unknown' | 'failed'

const commands = {
  async migrateAndCount({ url, times }: { url: string; times: number }) {
    const { store, close } = openStore(url)
    await store.migrate()
    for (let count = 0; count < times; count++) await countOnce(store)
    await close()
  },
  /** Sends each outcome as an event, until the process is killed. */
  async countForever({ url }: { url: string }) {
    const { store } = openStore(url)
    for (;;) {
      const outcome = await countOnce(store).then(
        (count): CountOutcome => (count === undefined ? 'unknown' : 'acknowledged'),
        (): CountOutcome => 'failed',
      )
      await sendEvent(outcome)
      if (outcome === 'failed') await sleep(20)
    }
  },
}
export type WorkerCommands = typeof commands

serveParent(commands)

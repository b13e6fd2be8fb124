/** Another process for the tests. It uses the store as an app does, except to hold the file. */
import { DatabaseSync } from 'node:sqlite'
import { sendEvent, serveParent } from '@zrecruit/testing/processes'
import { createRecord } from '@zrecruit/testing/records'
import { isRecruitOAuthError } from '../../../src/errors/recruit-oauth-error.ts'
import { sqliteStore, type SqliteStore } from '../../../src/store/sqlite/index.ts'

/**
 * Adds one to the count in the record `counter` by compare-and-set, and returns the new count. On
 * an overloaded machine the file may stay busy for long, so each command is repeated.
 */
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

const withStore = async (
  path: string,
  work: (store: SqliteStore) => Promise<unknown>,
): Promise<void> => {
  const store = sqliteStore(path)
  await work(store)
  store.close()
}

const commands = {
  firstWrite: ({ path, id }: { path: string; id: string }) =>
    withStore(path, (store) => store.write(id, createRecord({ envelope: 'first' }), 'absent')),
  count: ({ path, times }: { path: string; times: number }) =>
    withStore(path, async (store) => {
      for (let count = 0; count < times; count++) await countOnce(store)
    }),
  /** Sends each acknowledged count as an event, until the process is killed. */
  countForever: ({ path }: { path: string }) =>
    withStore(path, async (store) => {
      for (;;) await sendEvent(await countOnce(store))
    }),
  /** Resolves when the file is locked. The lock ends after `forMs`. */
  hold: ({ path, forMs }: { path: string; forMs: number }) => {
    const database = new DatabaseSync(path)
    database.exec('BEGIN EXCLUSIVE')
    setTimeout(() => database.close(), forMs)
  },
}
export type WorkerCommands = typeof commands

serveParent(commands)

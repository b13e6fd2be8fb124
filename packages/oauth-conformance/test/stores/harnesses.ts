import type { ConnectionStore } from '@zrecruit/oauth-core'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import { sqliteStore } from '@zrecruit/oauth-core/sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeInProcess, type RunningStore, type StoreHarness } from '../../src/index.ts'

/** A store in this process only. No other process can open it. */
const inThisProcess = (store: ConnectionStore, stop = async () => {}): RunningStore => ({
  store,
  another: async () => ({ store, async moveClock() {}, async kill() {} }),
  stop,
})

export const memory: StoreHarness = {
  name: 'memory',
  start: async () => inThisProcess(memoryStore()),
}

export const sqliteInMemory: StoreHarness = {
  name: 'SQLite, in memory',
  async start() {
    const store = sqliteStore(':memory:')
    return inThisProcess(store, async () => store.close())
  },
}

export const sqlite: StoreHarness = {
  name: 'SQLite, in a file',
  async start() {
    const directory = mkdtempSync(join(tmpdir(), 'zrecruit-conformance-'))
    const path = join(directory, 'zoho.db')
    const store = sqliteStore(path)
    return {
      store,
      another: () => storeInProcess(new URL('sqlite-remote.ts', import.meta.url), path),
      async stop() {
        store.close()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  },
}

import { memoryStore } from '@zrecruit/oauth-core/memory'
import { sqliteStore } from '@zrecruit/oauth-core/sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeInProcess, type StoreSubject } from '../../src/index.ts'

export const memory: StoreSubject = {
  name: 'memory',
  async start() {
    const store = memoryStore()
    return { store, another: async () => ({ store, async moveClock() {}, async kill() {} }), async stop() {} }
  },
}

export const sqlite: StoreSubject = {
  name: 'SQLite, in a file',
  async start() {
    const directory = mkdtempSync(join(tmpdir(), 'zrecruit-conformance-'))
    const path = join(directory, 'zoho.db')
    const store = sqliteStore(path)
    return {
      store,
      another: () => storeInProcess(new URL('sqlite-elsewhere.ts', import.meta.url), path),
      async stop() {
        store.close()
        rmSync(directory, { recursive: true, force: true })
      },
    }
  },
}

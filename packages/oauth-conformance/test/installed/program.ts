import { equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  adapterCases,
  describeAdapter,
  describeStore,
  runAdapterCase,
  runStoreCase,
  storeCases,
  storeInProcess,
  type StoreHarness,
} from '@zrecruit/oauth-conformance'
import { connectionOf } from '@zrecruit/oauth-conformance/app'
import { serveStore } from '@zrecruit/oauth-conformance/remote'
import { sqliteStore } from '@zrecruit/oauth-core/sqlite'
import { subject } from './readme.js'

/** This program is also the other process that has the file open. */
const sqlite: StoreHarness = {
  name: 'SQLite',
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'zrecruit-installed-'))
    const path = join(folder, 'zoho.db')
    const store = sqliteStore(path)
    return {
      store,
      another: () => storeInProcess(pathToFileURL(process.argv[1] ?? ''), path),
      async stop() {
        store.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
}

const main = async (): Promise<void> => {
  // A runner that only counts: all cases are handed to it.
  let tests = 0
  const counting = {
    describe: (_title: string, body: () => void) => body(),
    it: () => void tests++,
  }
  describeAdapter(subject, counting)
  describeStore(sqlite, counting)
  equal(tests, adapterCases.length + storeCases.length)
  for (const one of adapterCases.filter(({ id }) => id === 'whole-life' || id === 'callback-head'))
    await runAdapterCase(subject, one)
  for (const one of storeCases.filter(({ id }) => id === 'comes-back' || id === 'process-sees'))
    await runStoreCase(sqlite, one)
  equal(connectionOf('session=alice@acme')?.id, 'acme')
  console.log('it works')
}

if (process.send) serveStore((path: string) => sqliteStore(path))
else void main()

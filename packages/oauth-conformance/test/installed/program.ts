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

/** The other process runs this program too. */
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
  // A runner that only counts the cases.
  let tests = 0
  const counting = {
    describe: (_title: string, body: () => void) => body(),
    it: () => void tests++,
  }
  describeAdapter(subject, counting)
  describeStore(sqlite, counting)
  equal(tests, adapterCases.length + storeCases.length)
  for (const testCase of adapterCases.filter(
    ({ id }) => id === 'whole-life' || id === 'callback-head',
  ))
    await runAdapterCase(subject, testCase)
  for (const testCase of storeCases.filter(
    ({ id }) => id === 'comes-back' || id === 'process-sees',
  ))
    await runStoreCase(sqlite, testCase)
  equal(connectionOf('session=alice@acme')?.id, 'acme')
  console.log('it works')
}

if (process.send) serveStore((path: string) => sqliteStore(path))
else void main()

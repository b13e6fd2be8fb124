import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import {
  sqliteStore,
  type SqliteStore,
  type SqliteStoreOptions,
} from '../../../src/store/sqlite/index.ts'

/** A directory that goes with its test. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'zrecruit-sqlite-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A path where no file is yet. */
export const temporaryFile = (): string => join(temporaryDirectory(), 'zoho.db')

/** A store that is closed when its test ends. */
export const openStore = (
  path = temporaryFile(),
  options: SqliteStoreOptions = {},
): SqliteStore => {
  const store = sqliteStore(path, options)
  onTestFinished(() => store.close())
  return store
}

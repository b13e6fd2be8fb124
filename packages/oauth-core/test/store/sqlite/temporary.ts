import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import {
  sqliteStore,
  type SqliteStore,
  type SqliteStoreOptions,
} from '../../../src/store/sqlite/index.ts'

/** A directory that is removed after the test. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'zrecruit-sqlite-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** A path without a file. */
export const temporaryFile = (): string => join(temporaryDirectory(), 'zoho.db')

/** A store that is closed after the test. */
export const openStore = (
  path = temporaryFile(),
  options: SqliteStoreOptions = {},
): SqliteStore => {
  const store = sqliteStore(path, options)
  onTestFinished(() => store.close())
  return store
}

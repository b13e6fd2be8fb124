import type { DatabaseSync } from 'node:sqlite'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { checkFile, createFile, inMemory } from './file.ts'
import { loadSqlite } from './load-sqlite.ts'

/**
 * Opens the file, new or not, and migrates it to the newest schema. Several processes may do this
 * at the same time. If another process holds a lock, this throws SQLITE_BUSY and closes the
 * database, and the caller tries again.
 */
export const openDatabase = (file: string, allowShared: boolean): DatabaseSync => {
  const sqlite = loadSqlite()
  createFile(file)
  checkFile(file, allowShared)
  const database = new sqlite.DatabaseSync(file)
  try {
    database.exec('PRAGMA busy_timeout = 0') // `createRetryQueue` waits instead of SQLite.
    // WAL: readers and the one writer do not wait for each other.
    const [mode] = database.prepare('PRAGMA journal_mode = WAL').all()
    if (file !== inMemory && mode?.['journal_mode'] !== 'wal')
      throw new RecruitOAuthError('configuration-invalid', {
        summary: `The SQLite file ${JSON.stringify(file)} cannot use a write-ahead log.`,
        hint: 'Put it on a local disk.',
      })
    // FULL: a commit is on the disk before it is acknowledged. With NORMAL, a power failure could
    // lose the last commits: a consent, a revocation, or the record of a token request.
    database.exec('PRAGMA synchronous = FULL')
    migrate(database, file)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Each entry raises the schema by one version. Entries are added and never changed. A process with
 * an older release may have the file open during the migration, so an entry must not break the
 * statements of older releases.
 *
 * Text is compared by SQLite's BINARY collation: byte for byte. The envelope is the last column, so
 * that SQLite can read the other columns without the overflow pages of the envelope.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE zrecruit_connections (
    id TEXT NOT NULL PRIMARY KEY,
    revision TEXT NOT NULL,
    status TEXT NOT NULL,
    pending INTEGER NOT NULL,
    principal TEXT,
    data_center TEXT,
    envelope TEXT NOT NULL
  ) STRICT;
  CREATE INDEX zrecruit_connections_by_principal ON zrecruit_connections (principal, id);
  CREATE INDEX zrecruit_connections_pending ON zrecruit_connections (id) WHERE pending = 1;`,
]

/**
 * Migrates a file to the newest schema. The version is stored in a table of this library, and not
 * in `user_version`, because the file may belong to the app. After an exception, the transaction
 * may still be open, so the caller must close the database.
 */
export const migrate = (database: DatabaseSync, file: string, steps = migrations): void => {
  if (versionOf(database) === steps.length) return
  database.exec('BEGIN IMMEDIATE')
  const version = versionOf(database) // Read again: another process may have migrated the file.
  if (version > steps.length)
    throw new RecruitOAuthError('configuration-invalid', {
      summary:
        `The SQLite file ${JSON.stringify(file)} has schema version ${version}; this release ` +
        `of @zrecruit/oauth-core knows versions up to ${steps.length}.`,
      hint:
        'Update @zrecruit/oauth-core in this app, or restore a backup made before the newer ' +
        'release ran.',
    })
  database.exec(
    'CREATE TABLE IF NOT EXISTS zrecruit_schema (only INTEGER PRIMARY KEY CHECK (only = 1), ' +
      'version INTEGER NOT NULL) STRICT',
  )
  for (const step of steps.slice(version)) database.exec(step)
  database
    .prepare(
      'INSERT INTO zrecruit_schema VALUES (1, ?) ON CONFLICT DO UPDATE SET version = ' +
        'excluded.version',
    )
    .run(steps.length)
  database.exec('COMMIT')
}

/** The schema version of the file: 0 for a file without our tables. */
const versionOf = (database: DatabaseSync): number => {
  const hasVersion = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'zrecruit_schema'")
    .get()
  if (!hasVersion) return 0
  return Number(database.prepare('SELECT version FROM zrecruit_schema').get()?.['version'] ?? 0)
}

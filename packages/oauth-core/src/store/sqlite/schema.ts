import type { DatabaseSync } from 'node:sqlite'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'

/**
 * Each entry takes the schema one version up; entries are added, never changed. An older process
 * may have the file open while a newer one migrates it, so an entry only adds what the older
 * statements can live with.
 *
 * Text compares by SQLite's BINARY collation: byte for byte. The envelope is the last column: what
 * lies before it is read without the pages that it overflows to.
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
 * Brings a file to the newest schema. Its version is kept in a table of ours: the file can be the
 * app's, and so is `user_version`. When it throws, the transaction may be open still: close the
 * database.
 */
export const migrate = (database: DatabaseSync, file: string, steps = migrations): void => {
  if (versionOf(database) === steps.length) return
  database.exec('BEGIN IMMEDIATE')
  const version = versionOf(database) // Again: another process may have been here since.
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

const versionOf = (database: DatabaseSync): number => {
  if (
    !database
      .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'zrecruit_schema'")
      .get()
  )
    return 0
  return Number(database.prepare('SELECT version FROM zrecruit_schema').get()?.['version'] ?? 0)
}

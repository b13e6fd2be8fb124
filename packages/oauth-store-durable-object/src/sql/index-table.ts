import type { ConnectionSummary, EpochMs, ListQuery } from '@zrecruit/oauth-core'
import type { ObjectStorage, SqlValue } from '../cloudflare.ts'
import type { IndexUpdate } from '../protocol/messages.ts'
import { columnsOf, indexedFieldsOf, type IndexedRow } from './rows.ts'

/**
 * The table of the index object. For each connection it has the `IndexedFields`, without the
 * encrypted record.
 */
export interface IndexTable {
  /** Ignores an update that is older than the stored one. */
  applyUpdate(update: IndexUpdate, now: EpochMs): void
  list(query: ListQuery): ConnectionSummary[]
}

// Text compares by SQLite's BINARY collation: by the bytes of its UTF-8. The row of a removed
// connection is kept for a while without its fields. A late update from before the removal then
// finds a newer `sequence` in the row, and is ignored.
const schema = `
  CREATE TABLE IF NOT EXISTS zrecruit_index (
    id TEXT NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL,
    removed_at INTEGER,
    status TEXT,
    pending INTEGER,
    principal TEXT,
    data_center TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS zrecruit_index_present ON zrecruit_index (id) WHERE removed_at IS NULL;
  CREATE INDEX IF NOT EXISTS zrecruit_index_by_principal ON zrecruit_index (principal, id)
    WHERE removed_at IS NULL;
  CREATE INDEX IF NOT EXISTS zrecruit_index_pending ON zrecruit_index (id)
    WHERE removed_at IS NULL AND pending = 1;
  CREATE INDEX IF NOT EXISTS zrecruit_index_removed ON zrecruit_index (removed_at)
    WHERE removed_at IS NOT NULL;`

/**
 * The row of a removed connection is kept at least this long: one day. The assumption is that no
 * update arrives more than a day after it was sent.
 */
const maxUpdateDelayMs = 86_400_000

export const createIndexTable = ({ sql }: ObjectStorage): IndexTable => {
  let isCreated = false
  const createOnce = () => {
    if (!isCreated) sql.exec(schema)
    isCreated = true
  }
  return {
    applyUpdate({ id, sequence, fields }, now) {
      createOnce()
      const columns = fields ? [null, ...columnsOf(fields)] : [now, null, null, null, null]
      sql.exec(
        `INSERT INTO zrecruit_index
           (id, sequence, removed_at, status, pending, principal, data_center)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET
           sequence = excluded.sequence, removed_at = excluded.removed_at,
           status = excluded.status, pending = excluded.pending,
           principal = excluded.principal, data_center = excluded.data_center
         WHERE excluded.sequence > sequence`,
        id,
        sequence,
        ...columns,
      )
      if (!fields)
        sql.exec('DELETE FROM zrecruit_index WHERE removed_at < ?', now - maxUpdateDelayMs)
    },
    list(query) {
      createOnce()
      const [statement, values] = listStatement(query)
      return sql
        .exec(statement, ...values)
        .toArray()
        .map((row) => ({
          id: row['id'] as string,
          ...indexedFieldsOf(row as unknown as IndexedRow),
        }))
    },
  }
}

/** Returns a statement with the query's conditions only, so that SQLite can use an index for it. */
const listStatement = ({
  principal,
  pending,
  after,
  limit,
}: ListQuery): [statement: string, values: SqlValue[]] => {
  const conditions: [condition: string, ...values: SqlValue[]][] = [['removed_at IS NULL']]
  if (principal !== undefined) conditions.push(['principal = ?', principal])
  if (pending) conditions.push(['pending = 1'])
  if (after !== undefined) conditions.push(['id > ?', after])
  const where = conditions.map(([condition]) => condition).join(' AND ')
  return [
    `SELECT id, status, pending, principal, data_center FROM zrecruit_index WHERE ${where} ` +
      'ORDER BY id LIMIT ?',
    [...conditions.flatMap(([, ...values]) => values), limit],
  ]
}

import type { ConnectionSummary, EpochMs, ListQuery } from '@zrecruit/oauth-core'
import type { ObjectStorage, SqlValue } from '../cloudflare.ts'
import type { Update } from '../protocol/messages.ts'
import { columnsOf, factsOf, type FactsRow } from './rows.ts'

/** The table of the index object: the facts of all connections, and no envelope. */
export interface IndexTable {
  /** What is older than what is known changes nothing. */
  tell(update: Update, now: EpochMs): void
  list(query: ListQuery): ConnectionSummary[]
}

// Text compares by SQLite's BINARY collation: by the octets of its UTF-8. What is gone stays for a
// while, without status: an update that was sent before it was gone, and comes after, must meet
// something newer.
const schema = `
  CREATE TABLE IF NOT EXISTS zrecruit_index (
    id TEXT NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL,
    gone_at INTEGER,
    status TEXT,
    pending INTEGER,
    principal TEXT,
    data_center TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS zrecruit_index_present ON zrecruit_index (id) WHERE gone_at IS NULL;
  CREATE INDEX IF NOT EXISTS zrecruit_index_by_principal ON zrecruit_index (principal, id) WHERE gone_at IS NULL;
  CREATE INDEX IF NOT EXISTS zrecruit_index_pending ON zrecruit_index (id) WHERE gone_at IS NULL AND pending = 1;
  CREATE INDEX IF NOT EXISTS zrecruit_index_gone ON zrecruit_index (gone_at) WHERE gone_at IS NOT NULL;`

/** No update is on its way for so long. */
const longestWayMs = 86_400_000

export const indexTable = ({ sql }: ObjectStorage): IndexTable => {
  let made = false
  const make = () => {
    if (!made) sql.exec(schema)
    made = true
  }
  return {
    tell({ id, sequence, facts }, now) {
      make()
      const columns = facts ? [null, ...columnsOf(facts)] : [now, null, null, null, null]
      sql.exec(
        `INSERT INTO zrecruit_index (id, sequence, gone_at, status, pending, principal, data_center) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, gone_at = excluded.gone_at, status = excluded.status,
           pending = excluded.pending, principal = excluded.principal, data_center = excluded.data_center
         WHERE excluded.sequence > sequence`,
        id,
        sequence,
        ...columns,
      )
      if (!facts) sql.exec('DELETE FROM zrecruit_index WHERE gone_at < ?', now - longestWayMs)
    },
    list(query) {
      make()
      const [statement, values] = listing(query)
      return sql
        .exec(statement, ...values)
        .toArray()
        .map((row) => ({ id: row['id'] as string, ...factsOf(row as unknown as FactsRow) }))
    },
  }
}

/** Only the conditions that are asked for: each combination is served by an index. */
const listing = ({
  principal,
  pending,
  after,
  limit,
}: ListQuery): [statement: string, values: SqlValue[]] => {
  const conditions: [condition: string, ...values: SqlValue[]][] = [['gone_at IS NULL']]
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

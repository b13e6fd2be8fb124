import {
  RecruitOAuthError,
  type ConnectionId,
  type EpochMs,
  type ListQuery,
  type Revision,
  type SealedRecord,
} from '@zrecruit/oauth-core'

/**
 * The id and the indexed fields of a record: what a listing returns. If there is no record, all are
 * null.
 */
export interface IndexedRow {
  readonly id: ConnectionId | null
  readonly status: SealedRecord['status']
  readonly pending: boolean
  readonly principal: string | null
  readonly data_center: string | null
}
export interface RecordRow extends IndexedRow {
  readonly instant: EpochMs
  readonly revision: Revision
  readonly envelope: string
}
export interface ChangeResult {
  readonly instant: EpochMs
  /** The number of changed rows: 0 or 1. */
  readonly changes: number
}

const indexedFields =
  `'id', id, 'status', status, 'pending', pending, 'principal', principal, 'data_center', ` +
  `data_center`

// The database's time, read after the rest of the statement is done. Because `clock_timestamp()` is
// volatile, proxies do not cache the result (Hyperdrive:
// https://developers.cloudflare.com/hyperdrive/concepts/query-caching/).
const instant = `'instant', floor(extract(epoch FROM clock_timestamp())::numeric * 1000)`

// With `synchronous_commit = off`, a server acknowledges a commit before it is on disk. This turns
// it on; `true` limits that to the transaction, which is this statement.
const synchronousCommit =
  `'durable', CASE current_setting('synchronous_commit') WHEN 'off' THEN ` +
  `set_config('synchronous_commit', 'on', true) END`

/**
 * The store's commands. Each is one statement that commits by itself, without a session or a named
 * statement, so any connection pooler works.
 */
export const createStatements = (table: string) => {
  // `count(*)` returns one row in any case, with the time after the change.
  const withCount = (change: string) =>
    `WITH changed AS (${change} RETURNING 1) SELECT json_build_object('changes', count(*), ` +
    `${instant}, ${synchronousCommit})::text AS result FROM changed`
  return {
    // The left join returns the time even if there is no record.
    read:
      `SELECT json_build_object(${instant}, ${indexedFields}, 'revision', revision, 'envelope', ` +
      `envelope)::text AS result FROM (SELECT) AS one LEFT JOIN ${table} ON id = $1`,
    insert: withCount(`INSERT INTO ${table}
      (revision, status, pending, principal, data_center, envelope, id)
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`),
    update: withCount(`UPDATE ${table} SET revision = $1, status = $2, pending = $3, principal = $4,
      data_center = $5, envelope = $6
      WHERE id = $7 AND revision = $8`),
    remove: withCount(`DELETE FROM ${table} WHERE id = $1 AND revision = $2`),
    list: (query: ListQuery) => listStatement(table, query),
  }
}

/**
 * Returns a statement with the query's conditions only, so that PostgreSQL can use an index for it.
 * The columns already have COLLATE "C". The statement repeats it, so that the order is right in a
 * table that was created by hand too.
 */
const listStatement = (
  table: string,
  { principal, pending, after, limit }: ListQuery,
): { readonly text: string; readonly values: readonly unknown[] } => {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new RecruitOAuthError('argument-invalid', {
      summary: '`limit` is not an integer from 1 to 1000.',
    })
  const values: unknown[] = []
  const placeholderFor = (value: unknown): string => `$${values.push(value)}`
  const conditions = [
    principal !== undefined && `principal = ${placeholderFor(principal)}`,
    pending && 'pending',
    after !== undefined && `id COLLATE "C" > ${placeholderFor(after)}`,
  ].filter(Boolean)
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  return {
    text:
      `SELECT json_build_object(${indexedFields}, ${instant})::text AS result FROM ${table} ` +
      `${where} ORDER BY id COLLATE "C" LIMIT ${placeholderFor(limit)}`,
    values,
  }
}

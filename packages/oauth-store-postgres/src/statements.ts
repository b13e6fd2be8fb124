import {
  RecruitOAuthError,
  type ConnectionId,
  type EpochMs,
  type ListQuery,
  type Revision,
  type SealedRecord,
} from '@zrecruit/oauth-core'

/** What stands in a row. Of `id` null: there is none, and the members below are null, too. */
export interface Facts {
  readonly id: ConnectionId | null
  readonly status: SealedRecord['status']
  readonly pending: boolean
  readonly principal: string | null
  readonly data_center: string | null
}
export interface Found extends Facts {
  readonly instant: EpochMs
  readonly revision: Revision
  readonly envelope: string
}
export interface Changed {
  readonly instant: EpochMs
  /** How many rows were met: one or none. */
  readonly changes: number
}

const facts =
  `'id', id, 'status', status, 'pending', pending, 'principal', principal, 'data_center', ` +
  `data_center`

// The database's time, when the rest of the statement is done. Being volatile, it also keeps an
// answer out of any cache in between (Hyperdrive's:
// https://developers.cloudflare.com/hyperdrive/concepts/query-caching/).
const instant = `'instant', floor(extract(epoch FROM clock_timestamp())::numeric * 1000)`

// A role or a database with `synchronous_commit = off` would have a commit acknowledged before it
// lasts. `true`: until the end of this transaction, which is this statement.
const synchronousCommit =
  `'lasting', CASE current_setting('synchronous_commit') WHEN 'off' THEN ` +
  `set_config('synchronous_commit', 'on', true) END`

/**
 * The store's commands, each one statement that commits by itself: no session and no named
 * statement is needed, so any pooler will do.
 */
export const statementsOn = (table: string) => {
  // Counted, the rows give one answer in any case, with the time after the change.
  const changing = (change: string) =>
    `WITH changed AS (${change} RETURNING 1) SELECT json_build_object('changes', count(*), ` +
    `${instant}, ${synchronousCommit})::text AS answer FROM changed`
  return {
    // The one row gives the time where no record stands, too.
    read:
      `SELECT json_build_object(${instant}, ${facts}, 'revision', revision, 'envelope', ` +
      `envelope)::text AS answer FROM (SELECT) AS one LEFT JOIN ${table} ON id = $1`,
    insert:
      changing(`INSERT INTO ${table} (revision, status, pending, principal, data_center, envelope, id)
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`),
    update:
      changing(`UPDATE ${table} SET revision = $1, status = $2, pending = $3, principal = $4, data_center = $5, envelope = $6
      WHERE id = $7 AND revision = $8`),
    remove: changing(`DELETE FROM ${table} WHERE id = $1 AND revision = $2`),
    list: (query: ListQuery) => listing(table, query),
  }
}

/**
 * Only the conditions that are asked for: each combination is served by an index. COLLATE "C" is
 * that of our columns; said once more, the order holds in a table that was made by hand, too.
 */
const listing = (
  table: string,
  { principal, pending, after, limit }: ListQuery,
): { readonly text: string; readonly values: readonly unknown[] } => {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new RecruitOAuthError('argument-invalid', {
      summary: '`limit` is not an integer from 1 to 1000.',
    })
  const values: unknown[] = []
  const next = (value: unknown): string => `$${values.push(value)}`
  const conditions = [
    principal !== undefined && `principal = ${next(principal)}`,
    pending && 'pending',
    after !== undefined && `id COLLATE "C" > ${next(after)}`,
  ].filter(Boolean)
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  return {
    text:
      `SELECT json_build_object(${facts}, ${instant})::text AS answer FROM ${table} ${where} ` +
      `ORDER BY id COLLATE "C" LIMIT ${next(limit)}`,
    values,
  }
}

import { RecruitOAuthError, type ListQuery } from '@zrecruit/oauth-core'

// The database's time, when the rest of the statement is done. Being volatile, it also keeps an answer out of any cache
// in between (Hyperdrive's: https://developers.cloudflare.com/hyperdrive/concepts/query-caching/).
const instant = 'floor(extract(epoch FROM clock_timestamp())::numeric * 1000)::text AS instant'

// A role or database with `synchronous_commit = off` would have a commit acknowledged before it lasts. `true`: until the
// end of this transaction, which is this statement.
const lasting = `CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END AS lasting`

const facts = 'id, status, unfinished::text AS unfinished, owner, data_center AS center'

/** The store's commands, each one statement that commits by itself: no session and no named statement is needed, so any pooler will do. */
export const statementsOn = (table: string) => {
  // How many rows a change met: one or none. Counted, they give one row in any case, and the time after the change.
  const changing = (change: string) => `WITH changed AS (${change} RETURNING 1) SELECT count(*)::text AS changes, ${instant}, ${lasting} FROM changed`
  return {
    // The one row gives the time where no record stands, too.
    read: `SELECT ${instant}, stored.* FROM (SELECT) AS one LEFT JOIN (SELECT ${facts}, revision, envelope FROM ${table}) AS stored ON stored.id = $1`,
    insert: changing(`INSERT INTO ${table} (revision, status, unfinished, owner, data_center, envelope, id)
      VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`),
    update: changing(`UPDATE ${table} SET revision = $1, status = $2, unfinished = $3, owner = $4, data_center = $5, envelope = $6
      WHERE id = $7 AND revision = $8`),
    remove: changing(`DELETE FROM ${table} WHERE id = $1 AND revision = $2`),
    list: (query: ListQuery) => listing(table, query),
  }
}

/** Only the conditions that are asked for: each combination is served by an index. */
const listing = (table: string, { owner, unfinished, after, limit }: ListQuery): { readonly text: string; readonly values: readonly unknown[] } => {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new RecruitOAuthError('argument-invalid', { what: '`limit` is not an integer from 1 to 1000.' })
  const values: unknown[] = []
  const next = (value: unknown): string => `$${values.push(value)}`
  const conditions = [owner !== undefined && `owner = ${next(owner)}`, unfinished && 'unfinished', after !== undefined && `id > ${next(after)}`].filter(Boolean)
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  return { text: `SELECT ${facts}, ${instant} FROM ${table} ${where} ORDER BY id LIMIT ${next(limit)}`, values }
}

import type { DatabaseSync } from 'node:sqlite'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId } from '../../domain/record.ts'
import type { EpochMs } from '../../domain/time.ts'
import type { ConnectionSummary, ListQuery, Revision, SealedRecord } from '../connection-store.ts'

/**
 * The store's commands. Each runs at most one statement that changes data. They throw SQLite's own
 * errors, and `list` also throws `argument-invalid`.
 */
export interface Commands {
  read(id: ConnectionId): { readonly record?: SealedRecord; readonly asOf: EpochMs }
  write(
    id: ConnectionId,
    next: SealedRecord | undefined,
    expected: Revision | 'absent',
  ): { readonly written: boolean; readonly asOf: EpochMs }
  list(query: ListQuery): readonly ConnectionSummary[]
}

/**
 * The database's time in milliseconds. With `subsec`, SQLite returns the seconds as a REAL. The
 * product is rounded, because truncating could lose a millisecond.
 */
const asOf = `CAST(round(unixepoch('subsec') * 1000) AS INTEGER) AS asOf`

export const prepareCommands = (database: DatabaseSync): Commands => {
  const clock = database.prepare(`SELECT ${asOf}`)
  // The join returns one row with the time even if there is no record.
  const read = database.prepare(
    `SELECT ${asOf}, stored.* FROM (SELECT 1) LEFT JOIN zrecruit_connections AS stored ON ` +
      'stored.id = ?',
  )
  const insert = database.prepare(
    `INSERT INTO zrecruit_connections
      (revision, status, pending, principal, data_center, envelope, id)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  )
  const update = database.prepare(
    `UPDATE zrecruit_connections
    SET revision = ?, status = ?, pending = ?, principal = ?, data_center = ?, envelope = ?
    WHERE id = ? AND revision = ?`,
  )
  const remove = database.prepare('DELETE FROM zrecruit_connections WHERE id = ? AND revision = ?')

  const find = (id: ConnectionId) => read.get(id) as unknown as Row
  // The statements have no RETURNING: it needs `get` or `all`, which can miss a failed commit.
  // `run` reports a failed commit.
  const change = (
    id: ConnectionId,
    next: SealedRecord | undefined,
    expected: Revision | 'absent',
  ) => {
    if (!next && expected === 'absent') return find(id).id === null
    if (!next) return remove.run(id, expected).changes === 1
    const values = [
      next.revision,
      next.status,
      next.pending ? 1 : 0,
      next.principal ?? null,
      next.dataCenter ?? null,
      next.envelope,
      id,
    ] as const
    const { changes } =
      expected === 'absent' ? insert.run(...values) : update.run(...values, expected)
    return changes === 1
  }
  const now = (): EpochMs => (clock.get() as unknown as Row).asOf
  return {
    read(id) {
      const row = find(id)
      if (row.id === null) return { asOf: row.asOf }
      const record = { revision: row.revision, ...indexedFieldsOf(row), envelope: row.envelope }
      return { asOf: row.asOf, record }
    },
    write: (id, next, expected) => ({ written: change(id, next, expected), asOf: now() }),
    list(query) {
      const rows = database
        .prepare(listStatement(query))
        .all(listParameters(query)) as unknown as Row[]
      return rows.map((row) => ({ id: row.id as ConnectionId, ...indexedFieldsOf(row) }))
    },
  }
}

/** Returns a statement with the query's conditions only, so that SQLite can use an index for it. */
export const listStatement = ({ principal, pending, after, limit }: ListQuery): string => {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new RecruitOAuthError('argument-invalid', {
      summary: '`limit` is not an integer from 1 to 1000.',
    })
  const conditions = [
    principal !== undefined && 'principal = :principal',
    pending && 'pending = 1',
    after !== undefined && 'id > :after',
  ].filter(Boolean)
  return `SELECT id, status, pending, principal, data_center FROM zrecruit_connections
    ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY id LIMIT :limit`
}

const listParameters = ({ principal, after, limit }: ListQuery) => ({
  limit,
  ...(principal !== undefined && { principal }),
  ...(after !== undefined && { after }),
})

/** A row of a statement. It has only the columns that the statement selects. */
interface Row {
  readonly asOf: EpochMs
  /** `null` if there is no record. Then all properties below are `null` too. */
  readonly id: ConnectionId | null
  readonly revision: Revision
  readonly status: SealedRecord['status']
  readonly pending: 0 | 1
  readonly principal: string | null
  readonly data_center: string | null
  readonly envelope: string
}

const indexedFieldsOf = ({ status, pending, principal, data_center }: Row) => ({
  status,
  pending: pending === 1,
  ...(principal !== null && { principal }),
  ...(data_center !== null && { dataCenter: data_center }),
})

import type { DatabaseSync } from 'node:sqlite'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId } from '../../domain/record.ts'
import type { EpochMs } from '../../domain/time.ts'
import type { ConnectionSummary, ListQuery, Revision, SealedRecord } from '../connection-store.ts'

/** The store's commands, each one statement. They throw SQLite's own errors. */
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
 * The database's time. `subsec` makes it a REAL in seconds; rounding keeps its last bit from
 * costing a millisecond.
 */
const asOf = `CAST(round(unixepoch('subsec') * 1000) AS INTEGER) AS asOf`

export const prepareCommands = (database: DatabaseSync): Commands => {
  const clock = database.prepare(`SELECT ${asOf}`)
  // The one-row table gives the time where no record stands, too.
  const read = database.prepare(
    `SELECT ${asOf}, stored.* FROM (SELECT 1) LEFT JOIN zrecruit_connections AS stored ON ` +
      'stored.id = ?',
  )
  const insert =
    database.prepare(`INSERT INTO zrecruit_connections (revision, status, pending, principal, data_center, envelope, id)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`)
  const update =
    database.prepare(`UPDATE zrecruit_connections SET revision = ?, status = ?, pending = ?, principal = ?, data_center = ?, envelope = ?
    WHERE id = ? AND revision = ?`)
  const remove = database.prepare('DELETE FROM zrecruit_connections WHERE id = ? AND revision = ?')

  const find = (id: ConnectionId) => read.get(id) as unknown as Row
  // Not RETURNING: `get` and `all` may overlook that the commit failed, and `run` does not.
  const change = (
    id: ConnectionId,
    next: SealedRecord | undefined,
    expected: Revision | 'absent',
  ) => {
    if (!next)
      return expected === 'absent' ? find(id).id === null : remove.run(id, expected).changes === 1
    const values = [
      next.revision,
      next.status,
      next.pending ? 1 : 0,
      next.principal ?? null,
      next.dataCenter ?? null,
      next.envelope,
      id,
    ] as const
    return (
      (expected === 'absent' ? insert.run(...values) : update.run(...values, expected)).changes ===
      1
    )
  }
  const now = (): EpochMs => (clock.get() as unknown as Row).asOf
  return {
    read(id) {
      const row = find(id)
      return row.id === null
        ? { asOf: row.asOf }
        : {
            asOf: row.asOf,
            record: { revision: row.revision, ...factsOf(row), envelope: row.envelope },
          }
    },
    write: (id, next, expected) => ({ written: change(id, next, expected), asOf: now() }),
    list(query) {
      const rows = database.prepare(listing(query)).all(parameters(query)) as unknown as Row[]
      return rows.map((row) => ({ id: row.id as ConnectionId, ...factsOf(row) }))
    },
  }
}

/** Only the conditions that are asked for: each combination is served by an index. */
export const listing = ({ principal, pending, after, limit }: ListQuery): string => {
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

const parameters = ({ principal, after, limit }: ListQuery) => ({
  limit,
  ...(principal !== undefined && { principal }),
  ...(after !== undefined && { after }),
})

interface Row {
  readonly asOf: EpochMs
  /** Null where no record stands; the members below then, too. */
  readonly id: ConnectionId | null
  readonly revision: Revision
  readonly status: SealedRecord['status']
  readonly pending: 0 | 1
  readonly principal: string | null
  readonly data_center: string | null
  readonly envelope: string
}

const factsOf = ({ status, pending, principal, data_center }: Row) => ({
  status,
  pending: pending === 1,
  ...(principal !== null && { principal }),
  ...(data_center !== null && { dataCenter: data_center }),
})

import { RecruitOAuthError } from '@zrecruit/oauth-core'

/**
 * Whatever runs a statement and answers with its rows, as an array or in `rows`: a pool or client of `pg`, PGlite, Neon's
 * driver. Each call must be a transaction of its own, on the primary.
 */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<unknown>
}

/** A row of our statements. They answer with text alone, under names of one small word: types can be parsed and names rewritten as the app likes. */
export type Row = (name: string) => string | undefined

/** @throws what the driver throws; `configuration-invalid` for an answer that is not made of rows of text */
export const rowsOf = async (client: PostgresClient, text: string, values: readonly unknown[]): Promise<readonly Row[]> => {
  const answer = await client.query(text, [...values])
  const rows: unknown = Array.isArray(answer) ? answer : (answer as { rows?: unknown } | null | undefined)?.rows
  if (!Array.isArray(rows)) throw notRows()
  return rows.map((row: unknown) => (name) => {
    if (typeof row !== 'object' || row === null || !(name in row)) throw notRows()
    const value = (row as Record<string, unknown>)[name]
    if (value !== null && typeof value !== 'string') throw notRows()
    return value ?? undefined
  })
}

export const notRows = (): RecruitOAuthError => new RecruitOAuthError('configuration-invalid', { what: "The store's PostgreSQL client did not answer with rows of text.", cure: 'Give it a client whose `query(text, values)` answers with objects, and leave text as it is.' })

import { RecruitOAuthError } from '@zrecruit/oauth-core'

/**
 * Whatever runs a statement and answers with its rows, as an array or in `rows`: a pool or client
 * of `pg`, PGlite, Neon's driver. Each call must be a transaction of its own, on the primary.
 */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<unknown>
}

/**
 * Runs one of our statements. Each answers with JSON as text, in one column: so it matters neither
 * how the app has types parsed and columns named, nor that a driver drops U+FEFF where a text
 * begins (PGlite 0.5).
 * @throws what the driver throws; `configuration-invalid` for an answer that is not made of such
 * rows
 */
export const rowsOf = async <Row extends object>(
  client: PostgresClient,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> => {
  const answer = await client.query(text, [...values])
  const rows: unknown = Array.isArray(answer)
    ? answer
    : (answer as { rows?: unknown } | null | undefined)?.rows
  if (!Array.isArray(rows)) throw unexpectedRows()
  return rows.map((row: { readonly answer?: unknown } | null) => parse(row?.answer) as Row)
}

const parse = (text: unknown): object => {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Its error would quote the text.
  }
  throw unexpectedRows()
}

export const unexpectedRows = (): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary: "The store's PostgreSQL client did not answer with our rows.",
    hint:
      'Give it a client whose `query(text, values)` answers with objects, and leaves text as ' +
      'it is.',
  })

import { RecruitOAuthError } from '@zrecruit/oauth-core'

/**
 * A client whose `query` runs one statement and returns its rows, either as an array or in the
 * property `rows`: for example a pool or a client of `pg`, PGlite, or Neon's driver. Each call must
 * be its own transaction on the primary.
 */
export interface PostgresClient {
  query(text: string, values: unknown[]): Promise<unknown>
}

/**
 * Runs one of the store's statements, and returns its rows. Each row has one column, `result`, with
 * JSON as text. So the result depends neither on the type parsers and column names that the app has
 * configured, nor on drivers that drop a U+FEFF at the start of a text (PGlite 0.5).
 * @throws the driver's errors; `configuration-invalid` for a result without such rows
 */
export const rowsOf = async <Row extends object>(
  client: PostgresClient,
  text: string,
  values: readonly unknown[],
): Promise<readonly Row[]> => {
  if (isUnconnected(client)) throw unconnectedClient()
  const result = await client.query(text, [...values])
  const rows: unknown = Array.isArray(result)
    ? result
    : (result as { rows?: unknown } | null | undefined)?.rows
  if (!Array.isArray(rows)) throw unexpectedRows()
  return rows.map((row: { readonly result?: unknown } | null) => parseObject(row?.result) as Row)
}

/**
 * Whether the client is a `Client` of `pg` for which `connect()` was not called. It would queue the
 * statement without an end.
 */
const isUnconnected = (client: object): boolean => {
  const state = client as { readonly _connected?: unknown; readonly _connecting?: unknown }
  return state._connected === false && state._connecting === false
}

const unconnectedClient = (): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary: 'The PostgreSQL client is not connected.',
    hint: 'Pass a pool: new Pool({ … }). A single client needs `await client.connect()` first.',
    written: 'no',
  })

const parseObject = (text: unknown): object => {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // The error of JSON.parse would quote the text.
  }
  throw unexpectedRows()
}

export const unexpectedRows = (): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary: "The store's PostgreSQL client did not return the rows of the statement.",
    hint:
      'Pass a client whose `query(text, values)` returns rows as objects and does not change ' +
      'text values.',
  })

import {
  RecruitOAuthError,
  refuseUnknownOptions,
  type ConnectionId,
  type ConnectionStore,
} from '@zrecruit/oauth-core'
import { unexpectedRows, rowsOf, type PostgresClient } from './client.ts'
import { schemaStatement, tablePrefix } from './schema.ts'
import {
  createStatements,
  type ChangeResult,
  type IndexedRow,
  type RecordRow,
} from './statements.ts'
import { errorCodeOf, toStoreError } from './errors.ts'

export interface PostgresStoreOptions {
  /**
   * The schema of the store's tables: a case-sensitive name of ASCII letters, digits and `_`. The
   * schema must exist. Default: the schema that the search path selects.
   */
  readonly schema?: string
}

const optionNames = /* @__PURE__ */ Object.keys({
  schema: true,
} satisfies Record<keyof PostgresStoreOptions, true>)

export interface PostgresStore extends ConnectionStore {
  /**
   * Creates the tables, or migrates them to this release's schema. Any number of processes may call
   * it at the same time, at each start.
   * @throws RecruitOAuthError `configuration-invalid`: no permission to create tables, a newer
   * schema, an encoding other than UTF8
   */
  migrate(): Promise<void>
}

/**
 * Stores connections in PostgreSQL, in the table `zrecruit_connections`, with the app's own pool.
 * Every command is one statement, so PgBouncer's transaction mode and drivers over HTTP work.
 *
 * An acknowledged write is on the server's disk, even where `synchronous_commit` is off.
 *
 * @param client the store calls only `query(text, values)`, and never closes the client
 * @throws RecruitOAuthError `configuration-invalid`: `client` has no `query`, or `schema` is not a
 * name
 */
export const postgresStore = (
  client: PostgresClient,
  options: PostgresStoreOptions = {},
): PostgresStore => {
  refuseUnknownOptions(options, optionNames)
  const { schema } = options
  if (typeof (client as PostgresClient | undefined)?.query !== 'function')
    throw new RecruitOAuthError('configuration-invalid', {
      summary: 'The client passed to postgresStore has no method `query(text, values)`.',
      hint: 'Pass a pool, as in postgresStore(new Pool({ … })).',
    })
  // A method of the clients of `mysql` and `mysql2`.
  if ('escapeId' in client)
    throw new RecruitOAuthError('configuration-invalid', {
      summary: 'The client passed to postgresStore is a MySQL client.',
      hint: 'Pass a pool of PostgreSQL, as in postgresStore(new Pool({ … })).',
    })
  const prefix = tablePrefix(schema)
  const statements = createStatements(`${prefix}zrecruit_connections`)

  /**
   * Runs a statement, and repeats it after a conflict with another transaction. The failed attempt
   * changed nothing, and the next one sees the changes of the other transaction. A single statement
   * has such a conflict only above the isolation level READ COMMITTED.
   */
  const runWithRetries = async <Row extends object>(
    text: string,
    values: readonly unknown[],
    retryOn: readonly string[] = conflicts,
  ): Promise<readonly Row[]> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await rowsOf<Row>(client, text, values)
      } catch (error) {
        if (attempt === maxAttempts || !retryOn.includes(errorCodeOf(error) ?? ''))
          throw toStoreError(error, schema)
      }
    }
  }
  const runForRow = async <Row extends RecordRow | ChangeResult>(
    text: string,
    values: readonly unknown[],
  ): Promise<Row> => {
    const [row] = await runWithRetries<Row>(text, values)
    if (!Number.isSafeInteger(row?.instant)) throw unexpectedRows()
    return row as Row
  }
  const find = (id: ConnectionId) => runForRow<RecordRow>(statements.read, [toParameter(id)])
  const change = async (text: string, values: readonly unknown[]) => {
    const { changes, instant } = await runForRow<ChangeResult>(text, values.map(toParameter))
    return { written: changes === 1, asOf: instant }
  }

  return {
    async read(id) {
      const { instant, ...row } = await find(id)
      return row.id === null
        ? { asOf: instant }
        : {
            asOf: instant,
            record: { revision: row.revision, ...indexedFieldsOf(row), envelope: row.envelope },
          }
    },
    async write(id, next, expected) {
      if (!next && expected === 'absent') {
        const row = await find(id)
        return { written: row.id === null, asOf: row.instant }
      }
      if (!next) return change(statements.remove, [id, expected])
      const values = [
        next.revision,
        next.status,
        next.pending,
        next.principal,
        next.dataCenter,
        next.envelope,
        id,
      ]
      return expected === 'absent'
        ? change(statements.insert, values)
        : change(statements.update, [...values, expected])
    },
    async list(query) {
      const { text, values } = statements.list(query)
      const rows = await runWithRetries<IndexedRow>(text, values.map(toParameter))
      return rows.map((row) => ({ id: row.id as ConnectionId, ...indexedFieldsOf(row) }))
    },
    async migrate() {
      // Above READ COMMITTED, a process that waited for another does not see the tables that the
      // other created: CREATE TABLE fails with duplicate_table or unique_violation.
      await runWithRetries(schemaStatement(prefix), [], [...conflicts, '42P07', '23505'])
    },
  }
}

const maxAttempts = 10

/**
 * serialization_failure and deadlock_detected:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const conflicts = ['40001', '40P01']

/**
 * Returns a value as a parameter of a statement: null instead of undefined. PostgreSQL's text
 * cannot contain U+0000. Lone surrogates have no UTF-8 form, so different ids would become equal.
 * @throws `argument-invalid` for such a text
 */
const toParameter = <T>(value: T): T | null => {
  if (typeof value === 'string' && /[\0\p{Surrogate}]/u.test(value))
    throw new RecruitOAuthError('argument-invalid', {
      summary:
        'An id or another text contains U+0000 or half of a surrogate pair, which PostgreSQL ' +
        'cannot store.',
    })
  return value ?? null
}

const indexedFieldsOf = ({ status, pending, principal, data_center }: IndexedRow) => ({
  status,
  pending,
  ...(principal !== null && { principal }),
  ...(data_center !== null && { dataCenter: data_center }),
})

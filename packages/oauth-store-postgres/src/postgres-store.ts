import { RecruitOAuthError, type ConnectionId, type ConnectionStore } from '@zrecruit/oauth-core'
import { unexpectedRows, rowsOf, type PostgresClient } from './client.ts'
import { placeOf, schemaIn } from './schema.ts'
import { statementsOn, type Changed, type Facts, type Found } from './statements.ts'
import { sqlState, toStoreError } from './errors.ts'

export interface PostgresStoreOptions {
  /**
   * The schema that our tables are in: a name of ASCII letters, digits and `_`, in which case
   * counts. It has to exist. Default: where the search path leads.
   */
  readonly schema?: string
}

export interface PostgresStore extends ConnectionStore {
  /**
   * Makes the tables, or brings them to this release's schema. Any number of processes may call it
   * at once, at each start.
   * @throws RecruitOAuthError `configuration-invalid`: no right to make tables, a newer schema, an
   * encoding other than UTF8
   */
  migrate(): Promise<void>
}

/**
 * Connections in PostgreSQL, in the table `zrecruit_connections`, over a pool that the app has
 * already: every command is one statement, so PgBouncer's transaction mode and drivers over HTTP
 * will do.
 *
 * An acknowledged write lasts as long as the server's disk, also where `synchronous_commit` is off.
 *
 * @param client with `query(text, values)`. It is asked for nothing else, and never closed
 * @throws RecruitOAuthError `configuration-invalid`: there is no such client, or `schema` is not a
 * name
 */
export const postgresStore = (
  client: PostgresClient,
  { schema }: PostgresStoreOptions = {},
): PostgresStore => {
  if (typeof (client as PostgresClient | undefined)?.query !== 'function')
    throw new RecruitOAuthError('configuration-invalid', {
      summary: 'The PostgreSQL store was given nothing that has `query(text, values)`.',
      hint: 'Pass a pool, as in postgresStore(new Pool({ … })).',
    })
  const place = placeOf(schema)
  const statements = statementsOn(`${place}zrecruit_connections`)

  /**
   * What lost against another transaction changed nothing, and is run again: it then sees what the
   * other one did. Only isolation levels above READ COMMITTED say such a thing of one statement.
   */
  const run = async <Row extends object>(
    text: string,
    values: readonly unknown[],
    again: readonly string[] = conflicts,
  ): Promise<readonly Row[]> => {
    for (let tries = 1; ; tries++) {
      try {
        return await rowsOf<Row>(client, text, values)
      } catch (error) {
        if (tries === 10 || !again.includes(sqlState(error) ?? ''))
          throw toStoreError(error, schema)
      }
    }
  }
  const one = async <Row extends Found | Changed>(
    text: string,
    values: readonly unknown[],
  ): Promise<Row> => {
    const [row] = await run<Row>(text, values)
    if (!Number.isSafeInteger(row?.instant)) throw unexpectedRows()
    return row as Row
  }
  const find = (id: ConnectionId) => one<Found>(statements.read, [storable(id)])
  const change = async (text: string, values: readonly unknown[]) => {
    const { changes, instant } = await one<Changed>(text, values.map(storable))
    return { written: changes === 1, asOf: instant }
  }

  return {
    async read(id) {
      const { instant, ...row } = await find(id)
      return row.id === null
        ? { asOf: instant }
        : {
            asOf: instant,
            record: { revision: row.revision, ...factsOf(row), envelope: row.envelope },
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
      const rows = await run<Facts>(text, values.map(storable))
      return rows.map((row) => ({ id: row.id as ConnectionId, ...factsOf(row) }))
    },
    async migrate() {
      // Above READ COMMITTED, who waited for another does not see what that one made, and cannot
      // make it again.
      await run(schemaIn(place), [], [...conflicts, '42P07', '23505'])
    },
  }
}

/**
 * serialization_failure and deadlock_detected:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const conflicts = ['40001', '40P01']

/**
 * Text of PostgreSQL has no U+0000, and lone surrogates have no UTF-8: two of them would become
 * one.
 */
const storable = <T>(value: T): T | null => {
  if (typeof value === 'string' && /[\0\p{Surrogate}]/u.test(value))
    throw new RecruitOAuthError('argument-invalid', {
      summary:
        'An id or another text holds U+0000 or half of a surrogate pair, which PostgreSQL ' +
        'cannot keep.',
    })
  return value ?? null
}

const factsOf = ({ status, pending, principal, data_center }: Facts) => ({
  status,
  pending,
  ...(principal !== null && { principal }),
  ...(data_center !== null && { dataCenter: data_center }),
})

import {
  errorKindOf,
  isRecruitOAuthError,
  RecruitOAuthError,
  type ErrorCode,
  type ErrorDetails,
} from '@zrecruit/oauth-core'
import { connectionFailureOf } from './connection-failures.ts'
import { raisedStates } from './schema.ts'

/** The SQLSTATE in a driver's error, or Node's code for a connection error. */
export const errorCodeOf = (error: unknown): string | undefined => {
  const code: unknown =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{5,32}$/.test(code) ? code : undefined
}

/**
 * Replaces the driver's error, whose message can contain values, addresses and the user's name,
 * with an error of this library. It contains the code or the class of the driver's error.
 */
export const toStoreError = (error: unknown, schema: string | undefined): RecruitOAuthError => {
  if (isRecruitOAuthError(error)) return error
  const code = errorCodeOf(error)
  const tableName = `The table ${schema === undefined ? '' : `${schema}.`}zrecruit_connections`
  const newerVersion = Number(raisedStates.newer.exec(code ?? '')?.[1])
  if (newerVersion > 0)
    return new RecruitOAuthError('configuration-invalid', {
      summary:
        `${tableName} has schema version ${newerVersion}, and this release of ` +
        '@zrecruit/oauth-store-postgres knows only older ones.',
      hint: 'Update @zrecruit/oauth-store-postgres in this app.',
      dangerousCause: error,
    })
  // `messages` has entries for whole SQLSTATEs and for classes: the first two characters.
  const errorClass = isSqlState(code) ? code.slice(0, 2) : ''
  const [kind, summary, hint, details] =
    messages[code ?? ''] ?? messages[errorClass] ?? otherMessageOf(error, code)
  const reason = code ?? errorKindOf(error)
  return new RecruitOAuthError(kind, {
    summary: `${summary.replace('*', tableName)}${reason === undefined ? '' : ` (${reason})`}.`,
    hint,
    ...(changedNothing(error, code) && { written: 'no' }),
    ...details,
    dangerousCause: error,
  })
}

const otherMessageOf = (error: unknown, code: string | undefined): Message => {
  if (isSqlState(code)) return code.startsWith('08') ? unreachable : failedStatement
  const failure = connectionFailureOf(error, code)
  if (failure) return failure
  // Node's codes for connections, such as EPIPE. Codes like ERR_INVALID_ARG_TYPE are of the driver.
  return code !== undefined && /^E(?!RR_)/.test(code) ? unreachable : failedClient
}

/**
 * Classes of SQLSTATEs that mean that the statement was refused or rolled back. Not included: lost
 * connections (08), a stopping server (57P01), internal errors (58, XX), and 40003
 * (statement_completion_unknown).
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const rolledBack = new Set(['22', '23', '25', '28', '3D', '3F', '40', '42', '53', '54', '55'])
/**
 * Node's codes for a connection that could not be established. The last two can also occur on an
 * open connection: then `syscall` is `read` or `write`.
 */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** Node's codes begin with E, for example `EPIPE`. No SQLSTATE of PostgreSQL does. */
const isSqlState = (code: string | undefined): code is string =>
  code !== undefined && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code)

/** Whether the statement certainly changed nothing, and certainly changes nothing later. */
const changedNothing = (error: unknown, code = ''): boolean => {
  if (code === '40003') return false
  if (code === '57014') return true // query_canceled, for example by statement_timeout
  if (isSqlState(code) && rolledBack.has(code.slice(0, 2))) return true
  const syscall = (error as { readonly syscall?: unknown } | null | undefined)?.syscall
  return neverConnected.has(code) && syscall !== 'read' && syscall !== 'write'
}

/** A `*` in the summary stands for the name of the table. */
export type Message = readonly [
  kind: ErrorCode,
  summary: string,
  hint: string,
  details?: ErrorDetails,
]

const unreachable: Message = [
  'store-unavailable',
  'PostgreSQL did not respond',
  'Check that it is up and that the pool has a free client, then call again.',
]
const failedClient: Message = [
  'store-unavailable',
  'The PostgreSQL client failed',
  'Its own error is the `dangerousCause` of the event `store-failed`. Correct it, then call again.',
]
const failedStatement: Message = [
  'store-unavailable',
  "PostgreSQL reports an error of the store's statement",
  "Look up the code in PostgreSQL's documentation and the server's log, then call again.",
]
const correctLogin = "Correct the pool's user, password and database."
const rejectedLogin: Message = [
  'configuration-invalid',
  'PostgreSQL rejects this user or database',
  correctLogin,
]
const missingTable: Message = [
  'configuration-invalid',
  '* does not exist',
  'Run migrate(), or add postgresSchema to your migrations.',
]
const differentTable: Message = [
  'configuration-invalid',
  '* differs from the table that this release creates',
  'Compare it with postgresSchema, and remove constraints and triggers of your own.',
]
const notUtf8: Message = [
  'configuration-invalid',
  "The database's encoding is not UTF8",
  "Use a database that was created with ENCODING 'UTF8'.",
]

const messages: Readonly<Record<string, Message>> = {
  [raisedStates.notUtf8]: notUtf8,
  '22P05': notUtf8,
  '42P01': missingTable,
  '3F000': [
    'configuration-invalid',
    'The schema of * does not exist',
    'CREATE SCHEMA, then run migrate().',
  ],
  '42501': [
    'configuration-invalid',
    'This database user lacks a permission on *',
    'GRANT SELECT, INSERT, UPDATE, DELETE on it and USAGE on its schema. The user that runs ' +
      'migrate() also needs CREATE.',
  ],
  '25006': [
    'configuration-invalid',
    'This database refuses writes: it is a replica, or its transactions are read-only',
    'Give the store a pool on the primary that allows writes.',
  ],
  '54000': [
    'argument-invalid',
    'The id or the principal is too long for an index',
    'Keep both together within 2,600 bytes.',
  ],
  '28P01': ['configuration-invalid', 'PostgreSQL refused the password', correctLogin],
  '3D000': ['configuration-invalid', 'The database does not exist', correctLogin],
  '28': rejectedLogin,
  '22': differentTable,
  '23': differentTable,
  '42': differentTable,
  '40': ['store-contended', 'Other transactions kept changing this row', 'Call again.'],
  '40003': unreachable, // statement_completion_unknown
  '57014': [
    'store-unavailable',
    'The statement was cancelled, probably because it took longer than statement_timeout allows',
    'Find the session that locks the table, then call again.',
  ],
  '55P03': [
    'store-unavailable',
    'The row was locked for longer than lock_timeout allows',
    'Find the session that locks the table, then call again.',
  ],
  '57': ['store-unavailable', 'PostgreSQL is stopping or starting', 'Call again.'],
  '53100': ['store-unavailable', "PostgreSQL's disk is full", 'Free disk space, then call again.'],
  '53300': [
    'store-unavailable',
    'PostgreSQL has no connection left',
    'Keep the sum of all pools below max_connections, then call again.',
  ],
  XX001: ['store-unavailable', '* is damaged', 'Restore it from a backup.', { remedy: 'report' }],
  XX002: ['store-unavailable', 'An index of * is damaged', 'REINDEX it.', { remedy: 'report' }],
}

import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ErrorCode,
  type ErrorDetails,
} from '@zrecruit/oauth-core'
import { refusals } from './schema.ts'

/** The SQLSTATE in a driver's error, or Node's name for summary happened to the connection. */
export const sqlState = (error: unknown): string | undefined => {
  const code: unknown =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{5,32}$/.test(code) ? code : undefined
}

/**
 * One of our errors in place of the driver's, whose message can quote values, addresses and the
 * user's name.
 */
export const toStoreError = (error: unknown, schema: string | undefined): RecruitOAuthError => {
  if (isRecruitOAuthError(error)) return error
  const code = sqlState(error)
  const named = `The table ${schema === undefined ? '' : `${schema}.`}zrecruit_connections`
  const version = Number(refusals.newer.exec(code ?? '')?.[1])
  if (version > 0)
    return new RecruitOAuthError('configuration-invalid', {
      summary:
        `${named} has schema version ${version}, which is newer than this release of ` +
        '@zrecruit/oauth-store-postgres.',
      hint: 'Update @zrecruit/oauth-store-postgres in this app.',
    })
  // By the whole SQLSTATE, then by its class: its first two characters.
  const [kind, summary, hint, details] =
    sentences[code ?? ''] ?? sentences[code?.length === 5 ? code.slice(0, 2) : ''] ?? unreachable
  return new RecruitOAuthError(kind, {
    summary: `${summary.replace('*', named)}${code === undefined ? '' : ` (${code})`}.`,
    hint,
    ...(isRolledBack(error, code) && { written: 'no' }),
    ...details,
  })
}

/**
 * Classes of SQLSTATEs with which a server refuses a statement or rolls it back. Not among them:
 * lost connections (08), a server that stops (57P01), internal errors (58, XX), and 40003, which
 * says itself that the outcome is unknown.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const rolledBack = new Set(['22', '23', '25', '28', '3D', '3F', '40', '42', '53', '54', '55'])
/** Node's names for a connection that was never made: nothing was sent. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** Is it certain that a statement with this error changed nothing, and never will? */
const isRolledBack = (error: unknown, code = ''): boolean => {
  if (code === '40003') return false
  if (code === '57014') return true // statement_timeout
  if (code.length === 5 && rolledBack.has(code.slice(0, 2))) return true
  const syscall = (error as { readonly syscall?: unknown } | null | undefined)?.syscall
  return neverConnected.has(code) && syscall !== 'read' && syscall !== 'write'
}

type Sentence = readonly [kind: ErrorCode, summary: string, hint: string, details?: ErrorDetails]

const unreachable: Sentence = [
  'store-unavailable',
  'PostgreSQL did not answer',
  'See that it is up and that the pool has a free client, then call again.',
]
const refusedUser: Sentence = [
  'configuration-invalid',
  'PostgreSQL does not let this user in',
  "Correct the pool's user, password and database.",
]
const missing: Sentence = [
  'configuration-invalid',
  '* is not there',
  'Run migrate(), or put postgresSchema into your migrations.',
]
const foreign: Sentence = [
  'configuration-invalid',
  '* is not as this release made it',
  'Compare it with postgresSchema; take away constraints and triggers of your own.',
]
const notUtf8: Sentence = [
  'configuration-invalid',
  "The database's encoding is not UTF8",
  "Make one with ENCODING 'UTF8'.",
]

const sentences: Readonly<Record<string, Sentence>> = {
  [refusals.notUtf8]: notUtf8,
  '22P05': notUtf8,
  '42P01': missing,
  '3F000': [
    'configuration-invalid',
    'The schema of * is not there',
    'CREATE SCHEMA, then run migrate().',
  ],
  '42501': [
    'configuration-invalid',
    '* may not be used so by this database user',
    'GRANT SELECT, INSERT, UPDATE, DELETE on it, USAGE on its schema, and to who runs ' +
      'migrate() CREATE.',
  ],
  '25006': [
    'configuration-invalid',
    'This database takes no writes: it is a replica, or its transactions are read-only',
    'Give the store a pool on the primary whose transactions may write.',
  ],
  '54000': [
    'argument-invalid',
    'The id or the principal is too long for an index',
    'Keep both together within 2,600 octets.',
  ],
  '3D000': refusedUser,
  '28': refusedUser,
  '22': foreign,
  '23': foreign,
  '42': foreign,
  '40': ['store-contended', 'Other transactions kept changing this row', 'Call again.'],
  '57014': [
    'store-unavailable',
    'The statement took longer than statement_timeout allows',
    'Look for summary holds the table, then call again.',
  ],
  '55P03': [
    'store-unavailable',
    'The row was locked for longer than lock_timeout allows',
    'Look for summary holds the table, then call again.',
  ],
  '57': ['store-unavailable', 'PostgreSQL is stopping or starting', 'Call again.'],
  '53100': ['store-unavailable', "PostgreSQL's disk is full", 'Make room on it, then call again.'],
  '53300': [
    'store-unavailable',
    'PostgreSQL has no connection left',
    'Make the pools of all processes smaller than max_connections, then call again.',
  ],
  XX001: ['store-unavailable', '* is damaged', 'Restore it from a backup.', { remedy: 'report' }],
  XX002: ['store-unavailable', 'An index of * is damaged', 'REINDEX it.', { remedy: 'report' }],
}

import { errorKindOf } from '../../errors/foreign-error.ts'
import { RecruitOAuthError, isRecruitOAuthError } from '../../errors/recruit-oauth-error.ts'

/** Names of SQLite's primary result codes, in the order of their numbers. */
const resultCodeNames = [
  'OK',
  'ERROR',
  'INTERNAL',
  'PERM',
  'ABORT',
  'BUSY',
  'LOCKED',
  'NOMEM',
  'READONLY',
  'INTERRUPT',
  'IOERR',
  'CORRUPT',
  'NOTFOUND',
  'FULL',
  'CANTOPEN',
  'PROTOCOL',
  'EMPTY',
  'SCHEMA',
  'TOOBIG',
  'CONSTRAINT',
  'MISMATCH',
  'MISUSE',
  'NOLFS',
  'AUTH',
  'FORMAT',
  'RANGE',
  'NOTADB',
]

/**
 * The name of the primary result code in an error of `node:sqlite`; `undefined` for any other
 * error.
 * @see https://www.sqlite.org/rescode.html (the low byte of an extended code is its primary code)
 */
const resultCodeOf = (error: unknown): string | undefined => {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? `SQLITE_${resultCodeNames[code & 0xff] ?? code}` : undefined
}

/**
 * Whether another SQLite connection holds a lock on the file. SQLITE_PROTOCOL means that SQLite
 * lost the race for the WAL's shared memory too often in a row.
 */
export const isBusy = (error: unknown): boolean =>
  ['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_PROTOCOL'].includes(resultCodeOf(error) ?? '')

/**
 * Replaces an error of SQLite, because its message can quote the statement and the file.
 * `written: 'no'` means that SQLite rolled the statement back. After an I/O error, this is unknown,
 * so such an error has no `written` here. After a failed write, the repository reads the
 * row again. If the write may still be applied, it sets `written: 'unknown'`.
 */
export const toStoreError = (error: unknown, file: string): RecruitOAuthError => {
  if (isRecruitOAuthError(error)) return error
  const code = resultCodeOf(error)
  const kind = code ?? errorKindOf(error)
  const subject = `The SQLite file ${JSON.stringify(file)}`
  switch (code) {
    case 'SQLITE_NOTADB':
      return new RecruitOAuthError('configuration-invalid', {
        summary: `${subject} is not a SQLite database (${code}).`,
        hint: "Correct the store's path, or move that file away.",
        written: 'no',
        dangerousCause: error,
      })
    case 'SQLITE_READONLY':
      return new RecruitOAuthError('configuration-invalid', {
        summary: `${subject} cannot be written (${code}).`,
        hint: 'Let this process write the file and its directory.',
        written: 'no',
        dangerousCause: error,
      })
    case 'SQLITE_CORRUPT':
      return new RecruitOAuthError('store-unavailable', {
        summary: `${subject} is damaged (${code}).`,
        hint: 'Restore it from a backup.',
        remedy: 'report',
        dangerousCause: error,
      })
    case 'SQLITE_FULL':
      return new RecruitOAuthError('store-unavailable', {
        summary: `${subject} cannot grow (${code}).`,
        hint: 'Free space on the disk, then call again.',
        written: 'no',
        dangerousCause: error,
      })
    case 'SQLITE_BUSY':
      return new RecruitOAuthError('store-unavailable', {
        summary: `${subject} was locked by another process for one second (${code}).`,
        hint: 'Look for a long transaction on the file, then call again.',
        written: 'no',
        dangerousCause: error,
      })
    default:
      return new RecruitOAuthError('store-unavailable', {
        summary: `${subject} could not be used${kind === undefined ? '' : ` (${kind})`}.`,
        hint: 'Check the disk, then call again.',
        dangerousCause: error,
      })
  }
}

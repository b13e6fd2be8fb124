import { RecruitOAuthError, isRecruitOAuthError } from '../errors/index.ts'
import { resultCode } from './result-code.ts'

/**
 * One of our errors in place of SQLite's, whose message can quote the statement and the file.
 * `written: 'no'`: SQLite rolled the statement back. An I/O error leaves that open.
 */
export const translated = (error: unknown, file: string): RecruitOAuthError => {
  if (isRecruitOAuthError(error)) return error
  const code = resultCode(error)
  const named = `The SQLite file ${JSON.stringify(file)}`
  switch (code) {
    case 'SQLITE_NOTADB':
      return new RecruitOAuthError('configuration-invalid', {
        what: `${named} is not a SQLite database (${code}).`,
        cure: "Correct the store's path, or move that file away.",
        written: 'no',
      })
    case 'SQLITE_READONLY':
      return new RecruitOAuthError('configuration-invalid', {
        what: `${named} cannot be written (${code}).`,
        cure: 'Let this process write the file and its directory.',
        written: 'no',
      })
    case 'SQLITE_CORRUPT':
      return new RecruitOAuthError('store-unavailable', {
        what: `${named} is damaged (${code}).`,
        cure: 'Restore it from a backup.',
        remedy: 'report',
      })
    case 'SQLITE_FULL':
      return new RecruitOAuthError('store-unavailable', {
        what: `${named} cannot grow (${code}).`,
        cure: 'Make room on the disk, then call again.',
        written: 'no',
      })
    case 'SQLITE_BUSY':
      return new RecruitOAuthError('store-unavailable', {
        what: `${named} was held by another process for a second (${code}).`,
        cure: 'Look for a long transaction on it, then call again.',
        written: 'no',
      })
    default:
      return new RecruitOAuthError('store-unavailable', {
        what: `${named} did not answer${code ? ` (${code})` : ''}.`,
        cure: 'See that the disk works, then call again.',
      })
  }
}

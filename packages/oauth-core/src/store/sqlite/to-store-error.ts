import { RecruitOAuthError, isRecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { resultCode } from './result-code.ts'

/**
 * One of our errors in place of SQLite's, whose message can quote the statement and the file.
 * `written: 'no'`: SQLite rolled the statement back. An I/O error leaves that open.
 */
export const toStoreError = (error: unknown, file: string): RecruitOAuthError => {
  if (isRecruitOAuthError(error)) return error
  const code = resultCode(error)
  const named = `The SQLite file ${JSON.stringify(file)}`
  switch (code) {
    case 'SQLITE_NOTADB':
      return new RecruitOAuthError('configuration-invalid', {
        summary: `${named} is not a SQLite database (${code}).`,
        hint: "Correct the store's path, or move that file away.",
        written: 'no',
      })
    case 'SQLITE_READONLY':
      return new RecruitOAuthError('configuration-invalid', {
        summary: `${named} cannot be written (${code}).`,
        hint: 'Let this process write the file and its directory.',
        written: 'no',
      })
    case 'SQLITE_CORRUPT':
      return new RecruitOAuthError('store-unavailable', {
        summary: `${named} is damaged (${code}).`,
        hint: 'Restore it from a backup.',
        remedy: 'report',
      })
    case 'SQLITE_FULL':
      return new RecruitOAuthError('store-unavailable', {
        summary: `${named} cannot grow (${code}).`,
        hint: 'Make room on the disk, then call again.',
        written: 'no',
      })
    case 'SQLITE_BUSY':
      return new RecruitOAuthError('store-unavailable', {
        summary: `${named} was held by another process for a second (${code}).`,
        hint: 'Look for a long transaction on it, then call again.',
        written: 'no',
      })
    default:
      return new RecruitOAuthError('store-unavailable', {
        summary: `${named} did not answer${code ? ` (${code})` : ''}.`,
        hint: 'See that the disk works, then call again.',
      })
  }
}

import { isRecruitOAuthError, RecruitOAuthError } from '../errors/recruit-oauth-error.ts'

/** The same error, of a write that may still be applied. */
export const unknownOutcome = (error: unknown): RecruitOAuthError =>
  Object.assign(toStoreError(error), { written: 'unknown' as const })

/**
 * A store's own error, or one of ours in place of a foreign one, which can quote addresses and
 * statements.
 */
export const toStoreError = (error: unknown): RecruitOAuthError =>
  isRecruitOAuthError(error) ? error : new RecruitOAuthError('store-unavailable')

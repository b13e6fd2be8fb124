import { isRecruitOAuthError } from '@zrecruit/oauth-core'

/** The code of an error of the library; any other error is marked as foreign. */
export const outcomeOf = (error: unknown): string =>
  isRecruitOAuthError(error) ? error.code : `foreign: ${String(error)}`

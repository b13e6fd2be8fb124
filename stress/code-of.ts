import { isRecruitOAuthError } from '@zrecruit/oauth-core'

/** The code of an error of the library, or the text of another error. */
export const errorCodeOf = (error: unknown): string =>
  isRecruitOAuthError(error) ? error.code : String(error)

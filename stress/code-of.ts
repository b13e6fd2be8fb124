import { isRecruitOAuthError } from '@zrecruit/oauth-core'

/** The code of an error of ours, the text of any other. */
export const codeOf = (error: unknown): string =>
  isRecruitOAuthError(error) ? error.code : String(error)

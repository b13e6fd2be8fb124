import { RecruitOAuthError } from '@zrecruit/oauth-core'

export const configurationError = (summary: string, hint: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', { summary, hint })

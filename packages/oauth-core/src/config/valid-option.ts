import { parseClientId, parseSecrets } from './client-credentials.ts'
import { parseKeys } from './keys.ts'
import type { RecruitOAuthOptions } from './options.ts'
import { parseRedirectUri } from './urls.ts'

type CheckedOptions = Required<
  Pick<RecruitOAuthOptions, 'clientId' | 'clientSecret' | 'redirectUri' | 'encryptionKeys'>
>

/**
 * Would `createRecruitOAuth` accept this value of the option? For schemas of an app's settings,
 * which report all wrong values at once.
 */
export const isValidOption = <Name extends keyof CheckedOptions>(
  name: Name,
  value: CheckedOptions[Name],
): boolean => {
  try {
    checks[name](value)
    return true
  } catch {
    return false
  }
}

const checks: {
  readonly [Name in keyof CheckedOptions]: (value: CheckedOptions[Name]) => unknown
} = {
  clientId: parseClientId,
  clientSecret: (value) => parseSecrets(value, {}),
  redirectUri: parseRedirectUri,
  encryptionKeys: parseKeys,
}

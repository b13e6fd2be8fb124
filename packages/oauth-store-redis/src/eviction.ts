import { isRecruitOAuthError, RecruitOAuthError } from '@zrecruit/oauth-core'
import { asText } from './text.ts'
import { wordOf } from './errors.ts'

/**
 * Refuses a Redis that drops any keys to make room: consents would be lost in silence. (The
 * `volatile-` policies spare keys without a time to live, as ours are.) Who may not ask for INFO is
 * let pass.
 * @returns whether it was answered, and need not be asked again
 * @throws `configuration-invalid`
 */
export const refuseEviction = async (info: () => Promise<unknown>): Promise<boolean> => {
  let text: string
  try {
    text = asText(await info())
  } catch (error) {
    if (isRecruitOAuthError(error)) throw error
    return wordOf(error) === 'NOPERM' || wordOf(error) === 'ERR'
  }
  const policy = /^maxmemory_policy:(allkeys-[a-z]+)/m.exec(text)?.[1]
  if (policy === undefined || /^maxmemory:0\b/m.test(text)) return true
  throw new RecruitOAuthError('configuration-invalid', {
    summary:
      `This Redis drops keys when its memory is full (maxmemory-policy ${policy}): consents ` +
      'would be lost.',
    hint:
      'Set `maxmemory-policy noeviction`, use another Redis, or allow it by ' +
      '`dangerouslyAllowEviction`.',
  })
}

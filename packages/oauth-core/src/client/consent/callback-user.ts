import type { Configuration } from '../../config/configure.ts'
import type { ConnectionRef } from '../../config/options.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { BrowserBinding, UsedBinding } from './browser-binding.ts'

/**
 * `principal-missing` if nobody is signed in, `principal-mismatch` if it is another user or
 * connection. `undefined` if it is the user who started the request, or if the cookie alone
 * identifies the user: with `callbackIdentity: 'cookie'`, or if the request began with a ticket and
 * nobody is signed in. A user who is signed in is compared with a ticket in any case.
 * @param mayLackStrictCookies The browser did not send `SameSite=Strict` cookies, so somebody may
 * be signed in. The same request comes again with them.
 */
export const userErrorOf = async (
  { callbackIdentity }: Configuration,
  findConnection: () => Promise<ConnectionRef | undefined>,
  { connection, principal, isByTicket }: BrowserBinding | UsedBinding,
  mayLackStrictCookies: boolean,
): Promise<RecruitOAuthError | undefined> => {
  if (callbackIdentity === 'cookie' && !isByTicket) return undefined
  const signedIn = await findConnection()
  if (!signedIn)
    return isByTicket && !mayLackStrictCookies
      ? undefined
      : new RecruitOAuthError('principal-missing')
  const isSame = signedIn.id === connection && signedIn.principal === principal
  return isSame ? undefined : new RecruitOAuthError('principal-mismatch')
}

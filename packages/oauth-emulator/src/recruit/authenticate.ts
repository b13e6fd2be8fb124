import type { Environment } from '../environment.ts'
import { json } from '../http/responses.ts'
import { findAccessToken } from '../ledger/find.ts'
import type { AccessToken } from '../ledger/ledger.ts'
import { coversScope, type Scope } from '../scopes.ts'
import type { ServerContext } from '../state.ts'
import { refuseExpiredToken, refuseToken } from './refuse-token.ts'

/**
 * Authenticates a call. The header must be `Authorization: Zoho-oauthtoken <token>`; `Bearer` is
 * refused (strictest reading; unverified for Recruit). A token of another data center is invalid,
 * and so is a token of another environment, if one is given.
 */
export function authenticate(
  { state, dataCenter }: ServerContext,
  httpRequest: Request,
  environment?: Environment,
): AccessToken | Response {
  const token = /^Zoho-oauthtoken (\S+)$/.exec(httpRequest.headers.get('authorization') ?? '')?.[1]
  if (token === undefined) return refuseToken('AUTHENTICATION_FAILURE')
  const found = findAccessToken(state.ledger, token, dataCenter, state.clock.now())
  if (found === undefined || (environment ?? found.environment) !== found.environment)
    return refuseExpiredToken(state.settings.expiredTokenResponse)
  return found
}

/**
 * The response to a token without the needed scope, or `undefined` if the token has the scope.
 * Authors of other clients report this response.
 */
export function refuseScope(access: AccessToken, needed: Scope): Response | undefined {
  if (coversScope(access.scopes, needed)) return undefined
  return json(
    { code: 'OAUTH_SCOPE_MISMATCH', message: 'invalid oauth scope to access this URL' },
    401,
  )
}

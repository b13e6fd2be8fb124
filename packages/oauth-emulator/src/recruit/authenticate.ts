import { json } from '../http/answers.ts'
import { findAccessToken } from '../ledger/find.ts'
import type { AccessToken } from '../ledger/ledger.ts'
import { coversScope, type Scope } from '../scopes.ts'
import type { ServerContext } from '../state.ts'
import { refuseToken } from './refuse-token.ts'

/**
 * Who calls. The header is exactly `Authorization: Zoho-oauthtoken <token>`; `Bearer` is refused
 * (strictest; for Recruit unverified). A token of another data center is as unknown as a dead one.
 */
export function authenticate(
  { world, dataCenter }: ServerContext,
  httpRequest: Request,
): AccessToken | Response {
  const token = /^Zoho-oauthtoken (\S+)$/.exec(httpRequest.headers.get('authorization') ?? '')?.[1]
  if (token === undefined) return refuseToken('AUTHENTICATION_FAILURE')
  const found = findAccessToken(world.ledger, token, dataCenter, world.clock.now())
  return found ?? refuseToken('INVALID_TOKEN')
}

/**
 * The answer to a token without the scope; `undefined` when it has it. As other clients' authors
 * know it.
 */
export function refuseScope(access: AccessToken, needed: Scope): Response | undefined {
  if (coversScope(access.scopes, needed)) return undefined
  return json(
    { code: 'OAUTH_SCOPE_MISMATCH', message: 'invalid oauth scope to access this URL' },
    401,
  )
}

import { json, page } from '../http/responses.ts'
import { allParameters } from '../http/parameters.ts'
import { endAccessToken, endGrant, endRefreshToken, type Ending } from '../ledger/end.ts'
import { findAccessToken, findRefreshToken } from '../ledger/find.ts'
import { problemPage } from '../pages/problem-page.ts'
import { knowsClient, type ServerContext } from '../state.ts'

type TokenType = 'refresh_token' | 'access_token'

/**
 * The legacy contract, `POST /oauth/v2/token/revoke`: accepts a token of either type, without
 * client authentication. The response to an invalid token is 400. The text of this response comes
 * from https://www.zoho.com/accounts/protocol/oauth/revoke-refresh-token.html; its JSON form is
 * unverified.
 */
export async function revokeByLegacyContract(
  context: ServerContext,
  httpRequest: Request,
): Promise<Response> {
  const token = (await allParameters(httpRequest)).get('token') ?? ''
  if (revoke(context, token, ['refresh_token', 'access_token'])) return json({ status: 'success' })
  return json({ error: 'The token passed in the request is invalid.' }, 400)
}

/**
 * The new contract, `POST /oauth/v2/revoke/token`: requires HTTP Basic client authentication,
 * `token` and `token_type`.
 * https://www.zoho.com/developer/oauth/revoke-oauth-token.html
 * Unverified: every body, the status of `invalid_client` and `invalid_token`, and that a wrong
 * `token_type` revokes nothing.
 */
export async function revokeByNewContract(
  context: ServerContext,
  httpRequest: Request,
): Promise<Response> {
  const { state, dataCenter } = context
  const parameters = await allParameters(httpRequest)
  const token = parameters.get('token')
  const type = parameters.get('token_type')
  const credentials = `Basic ${btoa(`${state.client.id}:${state.client.secrets[dataCenter]}`)}`
  if (httpRequest.headers.get('authorization') !== credentials || !knowsClient(state, dataCenter))
    return json({ error: 'invalid_client' })
  if (!token || (type !== 'refresh_token' && type !== 'access_token')) {
    const explanation =
      'token or token_type is missing, or token_type is neither refresh_token nor access_token.'
    return page(
      problemPage({
        title: '400 Bad request',
        explanation,
        hint: 'Send both in the body or in the query.',
      }),
      400,
    )
  }
  return revoke(context, token, [type])
    ? json({ status: 'success' })
    : json({ error: 'invalid_token' }, 400)
}

/**
 * Ends a token of this data center. Returns `false` if this data center has no such token. Zoho's
 * pages contradict each other on whether other data centers would end it.
 */
function revoke(
  { state, dataCenter }: ServerContext,
  token: string,
  types: readonly TokenType[],
): boolean {
  const { ledger, settings } = state
  const ending: Ending = { at: state.clock.now(), event: 'revoked', by: 'client' }
  const refresh = types.includes('refresh_token')
    ? findRefreshToken(ledger, token, dataCenter)
    : undefined
  if (refresh !== undefined) {
    endRefreshToken(ledger, refresh, ending)
    if (settings.revocationScope === 'grant') endGrant(ledger, refresh, ending)
    return true
  }
  const access = types.includes('access_token')
    ? findAccessToken(ledger, token, dataCenter, ending.at)
    : undefined
  if (access !== undefined) endAccessToken(ledger, access, ending)
  return access !== undefined
}

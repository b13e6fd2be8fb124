import { type Parameters, allParameters } from '../http/parameters.ts'
import { knowsClient, type ServerContext } from '../state.ts'
import { exchangeCode } from './exchange-code.ts'
import { refreshAccessToken } from './refresh-access-token.ts'
import { tokenBadRequest, tokenError } from './token-responses.ts'

/**
 * Handles `POST /oauth/v2/token`.
 * https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html
 */
export async function handleTokenRequest(
  context: ServerContext,
  httpRequest: Request,
): Promise<Response> {
  if (httpRequest.method !== 'POST')
    return tokenBadRequest(`The token endpoint does not support ${httpRequest.method}.`)
  const parameters = await allParameters(httpRequest)
  const grantType = parameters.get('grant_type')
  const missingCredential = ['client_id', 'client_secret'].find((name) => !parameters.get(name))
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token')
    return tokenBadRequest('grant_type is missing or unknown.')
  if (missingCredential !== undefined)
    return tokenBadRequest(`${missingCredential} is missing. HTTP Basic is not supported here.`)
  const clientError = authenticateClient(context, parameters)
  if (clientError !== undefined) return clientError
  return grantType === 'refresh_token'
    ? refreshAccessToken(context, parameters)
    : exchangeCode(context, parameters)
}

/**
 * Returns the error response, or `undefined` if the credentials are correct. A client that is
 * unknown or not enabled for this data center gets `invalid_client`. A wrong secret gets
 * `invalid_client_secret`, or `invalid_client` if each data center has its own secret: Zoho
 * explains `invalid_client` as "You have passed the wrong client secret when multi-DC is enabled".
 * Multi-DC is the setting that enables a client in other data centers.
 */
function authenticateClient(
  { state, dataCenter }: ServerContext,
  parameters: Parameters,
): Response | undefined {
  const { client } = state
  if (parameters.get('client_id') !== client.id || !knowsClient(state, dataCenter))
    return tokenError('invalid_client')
  if (parameters.get('client_secret') === client.secrets[dataCenter]) return undefined
  return tokenError(client.secretPerDataCenter ? 'invalid_client' : 'invalid_client_secret')
}

import type { Secret } from '../domain/secret.ts'
import type { ValidatedCallback } from './authorization.ts'
import { post, type EndpointCall } from './http.ts'
import type { Outcome, TokenResponse } from './outcome.ts'
import { parseTokenResponse } from './parse.ts'

/**
 * Grant types of the token endpoint.
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/access-refresh.html
 */
type Grant =
  | {
      readonly type: 'authorization_code'
      readonly callback: ValidatedCallback
      readonly redirectUri: string
      readonly codeVerifier: string
    }
  /** A code that was generated in Zoho's console has no redirect URI and no code verifier. */
  | { readonly type: 'self_client_code'; readonly code: Secret }
  | { readonly type: 'refresh_token'; readonly refreshToken: Secret }

/**
 * Sends one request to the token endpoint. If Zoho refuses the current client secret, this function
 * sends a second request with the former secret.
 */
export const requestTokens = async (
  call: EndpointCall,
  grant: Grant,
): Promise<Outcome<TokenResponse>> => {
  const [current, former] = call.secrets
  if (!current)
    return {
      ok: false,
      failure: { reason: 'data_center_not_configured', requestMayHaveBeenSent: false },
      calls: 0,
    }
  const startedAt = call.monotonic()
  const outcome = await requestWithSecret(call, current, grant)
  const isSecretRefused = !outcome.ok && outcome.failure.reason === 'invalid_client_secret'
  if (!isSecretRefused || !former) return outcome
  const deadlineMs = call.deadlineMs - (call.monotonic() - startedAt)
  return { ...(await requestWithSecret({ ...call, deadlineMs }, former, grant)), calls: 2 }
}

const requestWithSecret = (
  call: EndpointCall,
  secret: Secret,
  grant: Grant,
): Promise<Outcome<TokenResponse>> =>
  post(
    call,
    '/oauth/v2/token',
    { ...parametersOf(grant), client_id: call.clientId, client_secret: secret.reveal() },
    parseTokenResponse,
  )

const parametersOf = (grant: Grant): Record<string, string> => {
  switch (grant.type) {
    case 'authorization_code':
      return {
        grant_type: 'authorization_code',
        code: grant.callback.code,
        redirect_uri: grant.redirectUri,
        code_verifier: grant.codeVerifier,
      }
    case 'self_client_code':
      return { grant_type: 'authorization_code', code: grant.code.reveal() }
    case 'refresh_token':
      return { grant_type: 'refresh_token', refresh_token: grant.refreshToken.reveal() }
  }
}

import type { DataCenter } from '../domain/data-centers.ts'
import { isScopeToken, normalizeScopes } from '../domain/scopes.ts'
import { toBase64url } from '../internal/text.ts'
import type { RandomBytes } from '../config/host.ts'
import { sha256 } from '../internal/crypto.ts'

declare const validated: unique symbol
/** A callback whose state and issuer were checked. Only such a callback can be exchanged. */
export type ValidatedCallback = { readonly code: string; readonly [validated]: true }

/** 32 random bytes, base64url: 43 characters (RFC 6749, 10.10; RFC 7636, 4.1). */
export const randomToken = (random: RandomBytes): string => toBase64url(random(32))

/**
 * The URL to which the browser is sent (RFC 6749, 4.1.1). Without `access_type=offline` and
 * `prompt=consent`, Zoho does not issue a refresh token for every consent. One of
 * Zoho's pages recommends PKCE for server-based clients too, so the S256 challenge is sent. Whether
 * Zoho verifies it for them is not known; an accounts server that does not would ignore it.
 * @see https://www.zoho.com/accounts/protocol/oauth/web-apps/authorization.html
 * @see https://www.zoho.com/accounts/protocol/oauth/web-server-applications.html (PKCE)
 */
export const authorizationUrl = async (
  dataCenter: DataCenter,
  request: {
    clientId: string
    redirectUri: string
    scopes: readonly string[]
    state: string
    codeVerifier: string
  },
): Promise<string> => {
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    scope: normalizeScopes(request.scopes).filter(isScopeToken).join(','),
    access_type: 'offline',
    prompt: 'consent',
    state: request.state,
    code_challenge: await sha256(request.codeVerifier),
    code_challenge_method: 'S256',
  })
  return `${dataCenter.accountsServer}/oauth/v2/auth?${parameters}`
}

/**
 * Parameters of error responses and of other response types. A successful response to
 * `response_type=code` has none of them.
 */
const forbiddenParameters = ['token', 'id_token', 'access_token', 'response', 'error']

/**
 * Checks the parameters of a callback (RFC 6749, 4.1.2; RFC 9207, 2.4). Returns `undefined` if the
 * state or the issuer is not the expected one, or if the callback has tokens, an error or no code.
 * The caller has checked already that no parameter is repeated.
 */
export const validateCallback = (
  { accountsServer }: DataCenter,
  parameters: URLSearchParams,
  state: string,
): ValidatedCallback | undefined => {
  const code = parameters.get('code')
  const issuer = parameters.get('iss') ?? accountsServer
  const isValid =
    parameters.get('state') === state &&
    issuer === accountsServer &&
    !forbiddenParameters.some((name) => parameters.has(name))
  return code && isValid ? ({ code } as ValidatedCallback) : undefined
}

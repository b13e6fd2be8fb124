import type { DataCenter } from '../domain/data-centers.ts'
import { isScopeToken, normalizeScopes } from '../domain/scopes.ts'
import { toBase64url } from '../internal/text.ts'
import type { RandomBytes } from '../config/host.ts'
import { sha256 } from '../internal/crypto.ts'

declare const validated: unique symbol
/** A callback whose state and issuer were checked; only such a one can be exchanged. */
export type ValidatedCallback = { readonly code: string; readonly [validated]: true }

/** 32 random bytes, base64url: 43 characters (RFC 6749, 10.10; RFC 7636, 4.1). */
export const randomToken = (random: RandomBytes): string => toBase64url(random(32))

/**
 * The address to send the browser to (RFC 6749, 4.1.1). `access_type=offline` and `prompt=consent`
 * together are what makes Zoho issue a refresh token every time. S256 is sent although Zoho
 * documents PKCE for public clients only: an accounts server that does not know it ignores it.
 * @see https://www.zoho.com/accounts/protocol/oauth/web-apps/authorization.html
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
 * Judges the parameters of a callback (RFC 6749, 4.1.2; RFC 9207, 2.4): `undefined` when the state
 * or the issuer is not the expected one, or when it carries tokens, an error or no code. That none
 * is repeated was seen before.
 */
export const validateCallback = (
  { accountsServer }: DataCenter,
  parameters: URLSearchParams,
  state: string,
): ValidatedCallback | undefined => {
  const code = parameters.get('code')
  const wrong = ['token', 'id_token', 'access_token', 'response', 'error'].some((name) =>
    parameters.has(name),
  )
  if (
    !code ||
    wrong ||
    parameters.get('state') !== state ||
    (parameters.get('iss') ?? accountsServer) !== accountsServer
  )
    return undefined
  return { code } as ValidatedCallback
}

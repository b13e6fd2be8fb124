import { parseScopes } from '../domain/scopes.ts'
import { Secret } from '../domain/secret.ts'
import { maxAccessTokenMs } from '../domain/time.ts'
import { parseJsonObject, type PropertyReader } from '../internal/json.ts'
import { isToken } from '../internal/text.ts'
import { toZohoError, withoutSecrets } from './zoho-error.ts'
import type { FailureReason } from './error-codes.ts'
import type { EndpointResponse } from './http.ts'
import type { ParseResult, TokenResponse } from './outcome.ts'

/**
 * Zoho's values of `error` and `error_code`, and those of RFC 6749. `invalid_code` means that an
 * authorization code or a refresh token was refused.
 */
const reasonOfZohoError: Readonly<Record<string, FailureReason>> = {
  invalid_code: 'invalid_grant',
  invalid_grant: 'invalid_grant',
  invalid_token: 'invalid_grant',
  invalid_client: 'invalid_client',
  invalid_client_secret: 'invalid_client_secret',
  invalid_redirect_uri: 'invalid_redirect_uri',
  invalid_request: 'invalid_request',
  invalid_scope: 'invalid_scope',
  unauthorized_client: 'unauthorized_client',
  unsupported_grant_type: 'unsupported_grant_type',
  access_denied: 'access_denied',
  general_error: 'server_error',
  server_error: 'server_error',
  temporarily_unavailable: 'temporarily_unavailable',
  INVALID_INPUT: 'invalid_request',
}

/**
 * Parses a response of the token endpoint (RFC 6749, 5.1 and 5.2). The statuses 407, 429 and 5xx
 * decide by themselves. For other statuses the body decides, because Zoho sends errors with 200.
 */
export const parseTokenResponse = (response: EndpointResponse): ParseResult<TokenResponse> => {
  const getField = parseJsonObject(response.text)
  const reported = reportedFailure(response, getField)
  if (reported) return failed(response, reported, zohoErrorOf(getField))
  if (!getField || response.status !== 200) return failed(response, 'malformed_response')
  const accessToken = getField('access_token')
  // An empty refresh token counts as none.
  const refreshToken = getField('refresh_token') || undefined
  const isWellFormed =
    isToken(accessToken) &&
    (refreshToken === undefined || isToken(refreshToken)) &&
    isBearer(getField('token_type') || 'bearer')
  if (!isWellFormed) return failed(response, 'malformed_response')
  // All other fields are ignored, even `id_token`, because this library does not sign users in.
  return {
    ok: true,
    value: {
      accessToken: new Secret(accessToken),
      expiresInMs: readLifetime(getField) * 1000,
      refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
      scopes: readScopes(getField),
      apiDomain: readApiDomain(getField),
    },
  }
}

const isBearer = (tokenType: unknown): boolean =>
  typeof tokenType === 'string' && /^(bearer|zoho-oauthtoken)$/i.test(tokenType)

/** An empty list counts as absent, because a token without a scope cannot be used. */
const readScopes = (getField: PropertyReader): readonly string[] | undefined => {
  const scope = getField('scope')
  const scopes = typeof scope === 'string' ? parseScopes(scope) : []
  return scopes.length > 0 ? scopes : undefined
}

/** Returns the API domain without trailing slashes. */
const readApiDomain = (getField: PropertyReader): string | undefined => {
  const apiDomain = getField('api_domain')
  return typeof apiDomain === 'string' && apiDomain.length <= 256
    ? apiDomain.replace(/\/+$/, '')
    : undefined
}

/**
 * Parses a response of the revocation endpoint (RFC 7009, 2.2). Zoho documents two forms of
 * success: `{"status":"success"}`, and status 200 with an empty body. An HTML page is no
 * confirmation.
 */
export const parseRevocationResponse = (response: EndpointResponse): ParseResult<undefined> => {
  if (response.status === 404 || response.status === 405)
    return failed(response, 'revocation_endpoint_missing')
  const getField = parseJsonObject(response.text || '{}')
  const reported = reportedFailure(response, getField)
  if (reported) return failed(response, reported, zohoErrorOf(getField))
  if (response.status === 200)
    return getField ? { ok: true, value: undefined } : failed(response, 'malformed_response')
  // 400 means that Zoho does not know the token. Other statuses are not documented, and are treated
  // in the same way.
  return failed(response, 'invalid_grant')
}

/**
 * The failure that a response reports by its status or its body; `undefined` if it reports none.
 *
 * Zoho translates the texts of a rate limit into the account's language, except the known values of
 * `error` above. So a response with another `error` is a rate limit if its `status` is `failure`,
 * if it is a 400 with an `error_description`, or if the text is the English one.
 */
const reportedFailure = (
  { status }: EndpointResponse,
  getField: PropertyReader | undefined,
): FailureReason | undefined => {
  if (status === 407) return 'proxy_authentication_required'
  if (status === 429) return 'rate_limited'
  if (status >= 500) return 'temporarily_unavailable'
  // An empty value counts as absent.
  const error = getField?.('error') || undefined
  const isFailure = getField?.('status') === 'failure'
  const word = error ?? (getField?.('error_code') || undefined)
  if (word === undefined && !isFailure) return undefined
  if (typeof word !== 'string') return 'server_error'
  if (Object.hasOwn(reasonOfZohoError, word)) return reasonOfZohoError[word]
  // The response of a rate limit has the member `error`.
  if (error === undefined) return 'server_error'
  const is400WithDescription = status === 400 && typeof getField?.('error_description') === 'string'
  const isRateLimited = isFailure || is400WithDescription || error === 'Access Denied'
  return isRateLimited ? 'rate_limited' : 'server_error'
}

/** Zoho's word for the error in a response, for logs, unless it repeats a token. */
const zohoErrorOf = (getField: PropertyReader | undefined): string | undefined => {
  const tokens = [getField?.('access_token'), getField?.('refresh_token')]
  return withoutSecrets(
    toZohoError(getField?.('error') || getField?.('error_code')),
    tokens.filter((token) => typeof token === 'string'),
  )
}

/**
 * The lifetime in seconds, limited to between one minute and one hour. Until December 2019,
 * responses had seconds in `expires_in_sec` and milliseconds in `expires_in`. If neither is a
 * positive integer, Zoho's usual lifetime of one hour is assumed: clients of other Zoho products
 * met 0, an empty string and fractions with tokens that worked. The API refuses a token that ends
 * earlier, and it is then replaced.
 */
const readLifetime = (getField: PropertyReader): number => {
  const value = toInteger(getField('expires_in_sec')) ?? toInteger(getField('expires_in'))
  if (value === undefined) return maxAccessTokenMs / 1000
  // A value of more than 86,400, the seconds of a day, must be in milliseconds.
  const seconds = value > 86_400 ? Math.floor(value / 1000) : value
  return Math.min(Math.max(seconds, 60), maxAccessTokenMs / 1000)
}

const failed = <T>(
  response: EndpointResponse,
  reason: FailureReason,
  zohoError?: string,
): ParseResult<T> => {
  const retryAfterMs = readRetryAfter(response)
  return {
    ok: false,
    failure: {
      reason,
      status: response.status,
      // A proxy that requires authentication has not passed the request on.
      requestMayHaveBeenSent: reason !== 'proxy_authentication_required',
      ...(zohoError !== undefined && { zohoError }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  }
}

/**
 * The milliseconds of a `Retry-After` (RFC 9110, 10.2.3), at least one second and at most ten
 * minutes. The form with a date is compared with the response's own `Date`, so that a wrong clock
 * of this machine does not matter. Without that header it is ignored.
 */
const readRetryAfter = ({ retryAfter, date = null }: EndpointResponse): number | undefined => {
  if (retryAfter === null) return undefined
  const seconds = /^\d{1,9}$/.test(retryAfter)
    ? Number(retryAfter)
    : (parseHttpDate(retryAfter) - parseHttpDate(date)) / 1000
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 1), 600) * 1000
}

/** `NaN` unless the text is an HTTP date (RFC 9110, 5.6.7), which ends in `GMT`. */
const parseHttpDate = (text: string | null): number =>
  text?.endsWith(' GMT') ? Date.parse(text) : Number.NaN

const toInteger = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(number) && (number as number) > 0 ? (number as number) : undefined
}

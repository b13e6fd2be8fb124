import { parseScopes } from '../domain/scopes.ts'
import { Secret } from '../domain/secret.ts'
import { maxAccessTokenMs } from '../domain/time.ts'
import { parseJsonObject, type PropertyReader } from '../internal/json.ts'
import { isToken } from '../internal/text.ts'
import type { FailureReason } from './error-codes.ts'
import type { Answer } from './http.ts'
import type { ParseResult, TokenAnswer } from './outcome.ts'

/** Zoho's values of `error`. Zoho also sends `invalid_code` when it refuses a refresh token. */
const reasonOfZohoError: Readonly<Record<string, FailureReason>> = {
  invalid_code: 'invalid_grant',
  invalid_grant: 'invalid_grant',
  invalid_token: 'invalid_grant',
  invalid_client: 'invalid_client',
  invalid_client_secret: 'invalid_client_secret',
  invalid_redirect_uri: 'invalid_redirect_uri',
}

/**
 * Parses an answer of the token endpoint (RFC 6749, 5.1 and 5.2). The body decides, whatever the
 * status is, because Zoho sends errors with status 200.
 */
export const readTokenAnswer = (answer: Answer): ParseResult<TokenAnswer> => {
  const fields = parseJsonObject(answer.text)
  const refusal = refusalOf(answer, fields)
  if (refusal) return failed(answer, refusal)
  if (!fields || answer.status !== 200) return failed(answer, 'malformed_response')
  const accessToken = fields('access_token')
  const refreshToken = fields('refresh_token') ?? undefined
  const expiresInSeconds = readLifetime(fields)
  const isWellFormed =
    isToken(accessToken) &&
    (refreshToken === undefined || isToken(refreshToken)) &&
    expiresInSeconds !== undefined &&
    isBearer(fields('token_type') ?? 'bearer')
  if (!isWellFormed) return failed(answer, 'malformed_response')
  // All other fields are ignored, even `id_token`, because this library does not sign users in.
  return {
    ok: true,
    value: {
      accessToken: new Secret(accessToken),
      expiresInMs: expiresInSeconds * 1000,
      refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
      scopes: readScopes(fields),
      apiDomain: readApiDomain(fields),
    },
  }
}

const isBearer = (tokenType: unknown): boolean =>
  typeof tokenType === 'string' && /^(bearer|zoho-oauthtoken)$/i.test(tokenType)

/** An empty list counts as absent, because a token without a scope cannot be used. */
const readScopes = (fields: PropertyReader): readonly string[] | undefined => {
  const scope = fields('scope')
  const scopes = typeof scope === 'string' ? parseScopes(scope) : []
  return scopes.length > 0 ? scopes : undefined
}

/** Returns the API domain without trailing slashes. */
const readApiDomain = (fields: PropertyReader): string | undefined => {
  const apiDomain = fields('api_domain')
  return typeof apiDomain === 'string' && apiDomain.length <= 256
    ? apiDomain.replace(/\/+$/, '')
    : undefined
}

/**
 * Parses an answer of the revocation endpoint (RFC 7009, 2.2). Zoho documents two forms of success:
 * `{"status":"success"}`, and status 200 with an empty body. An HTML page is no confirmation.
 */
export const readRevocationAnswer = (answer: Answer): ParseResult<undefined> => {
  if (answer.status === 404 || answer.status === 405)
    return failed(answer, 'revocation_endpoint_missing')
  const fields = parseJsonObject(answer.text || '{}')
  const refusal = refusalOf(answer, fields)
  if (refusal) return failed(answer, refusal)
  if (answer.status === 200)
    return fields ? { ok: true, value: undefined } : failed(answer, 'malformed_response')
  // 400 means that Zoho does not know the token. No other status is documented.
  return failed(answer, 'invalid_grant')
}

/**
 * The error that an answer reports by its status or its body; `undefined` if it reports none. Zoho
 * translates the texts of a rate limit into the account's language, so this function checks the
 * form of the answer and not these texts. The known values of `error` are never translated.
 */
const refusalOf = (
  { status }: Answer,
  fields: PropertyReader | undefined,
): FailureReason | undefined => {
  if (status === 429) return 'rate_limited'
  if (status >= 500) return 'temporarily_unavailable'
  const error = fields?.('error') ?? undefined
  const isFailure = fields?.('status') === 'failure'
  if (error === undefined && !isFailure) return undefined
  if (typeof error !== 'string') return 'server_error'
  if (Object.hasOwn(reasonOfZohoError, error)) return reasonOfZohoError[error]
  const isDescribed = status === 400 && typeof fields?.('error_description') === 'string'
  const isRateLimited = isFailure || isDescribed || error === 'Access Denied'
  return isRateLimited ? 'rate_limited' : 'server_error'
}

/**
 * The lifetime in seconds, from one minute to one hour. Until December 2019, answers had seconds in
 * `expires_in_sec` and milliseconds in `expires_in`. If both are missing, Zoho's hour is assumed,
 * because a token without an end would never be refreshed.
 */
const readLifetime = (fields: PropertyReader): number | undefined => {
  const expiresIn = fields('expires_in') ?? undefined
  const value = toInteger(fields('expires_in_sec')) ?? toInteger(expiresIn)
  if (value === undefined) return expiresIn === undefined ? maxAccessTokenMs / 1000 : undefined
  // More than the seconds of a day can only be milliseconds.
  const seconds = value > 86_400 ? Math.floor(value / 1000) : value
  return Math.min(Math.max(seconds, 60), maxAccessTokenMs / 1000)
}

const failed = <T>({ status, retryAfter }: Answer, reason: FailureReason): ParseResult<T> => {
  const retryAfterMs = readRetryAfter(retryAfter)
  return {
    ok: false,
    failure: {
      reason,
      status,
      mayHaveBeenSent: true,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  }
}

/**
 * The milliseconds of a `Retry-After` in seconds (RFC 9110, 10.2.3), at least one second and at
 * most ten minutes. The form with a date is ignored, because it needs a clock that can be trusted.
 */
const readRetryAfter = (retryAfter: string | null): number | undefined => {
  if (retryAfter === null || !/^\d{1,9}$/.test(retryAfter)) return undefined
  return Math.min(Math.max(Number(retryAfter), 1), 600) * 1000
}

const toInteger = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(number) && (number as number) > 0 ? (number as number) : undefined
}

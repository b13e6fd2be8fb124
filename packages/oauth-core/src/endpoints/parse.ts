import type { ErrorCode } from '../errors/codes.ts'
import { parseScopes } from '../domain/scopes.ts'
import { Secret } from '../domain/secret.ts'
import { maxAccessTokenMs } from '../domain/time.ts'
import { parseJsonObject, type JsonObject } from '../internal/json.ts'
import { isToken } from '../internal/text.ts'
import type { TokenAnswer, EndpointFailure } from './outcome.ts'
import type { Answer } from './http.ts'

/**
 * What an answer says (RFC 6749, 5.1 and 5.2; RFC 7009, 2.2), in words that the rest of core can
 * rely on.
 */
export type ParseResult<T> = { readonly value: T } | { readonly failure: EndpointFailure }

/** Zoho's word and ours. Zoho says `invalid_code` for refresh tokens too. */
const knownErrors: Readonly<Record<string, ErrorCode>> = {
  invalid_code: 'code-rejected',
  invalid_grant: 'code-rejected',
  invalid_token: 'code-rejected',
  invalid_client: 'client-rejected',
  invalid_client_secret: 'client-secret-rejected',
  invalid_redirect_uri: 'redirect-uri-rejected',
}

/** Judges by the body, whatever the status: Zoho answers errors with 200. */
export const readTokenAnswer = (answer: Answer): ParseResult<TokenAnswer> => {
  const fields = parseJsonObject(answer.text)
  const refusal = refusalOf(answer, fields)
  if (refusal) return fails(answer, refusal)
  if (!fields || answer.status !== 200) return fails(answer, 'answer-malformed')
  const accessToken = fields('access_token')
  const refreshToken = fields('refresh_token') ?? undefined
  const tokenType = fields('token_type') ?? 'bearer'
  const expiresIn = readLifetime(fields)
  const wellFormed =
    isToken(accessToken) &&
    (refreshToken === undefined || isToken(refreshToken)) &&
    expiresIn !== undefined
  if (
    !wellFormed ||
    typeof tokenType !== 'string' ||
    !/^(bearer|zoho-oauthtoken)$/i.test(tokenType)
  )
    return fails(answer, 'answer-malformed')
  const [scope, apiDomain] = [fields('scope'), fields('api_domain')]
  const scopes = typeof scope === 'string' ? parseScopes(scope) : []
  // `id_token` and all else are dropped: nothing here signs users in.
  return {
    value: {
      accessToken: new Secret(accessToken),
      expiresInMs: expiresIn * 1000,
      refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
      // An empty list says nothing: a token without a scope is of no use to anybody.
      scopes: scopes.length > 0 ? scopes : undefined,
      apiDomain:
        typeof apiDomain === 'string' && apiDomain.length <= 256
          ? apiDomain.replace(/\/+$/, '')
          : undefined,
    },
  }
}

/**
 * Both revocation contracts: `{"status":"success"}`, or nothing but 200. A page of HTML is no
 * confirmation.
 */
export const readRevocationAnswer = (answer: Answer): ParseResult<undefined> => {
  if (answer.status === 404 || answer.status === 405) return fails(answer, 'revocation-failed')
  const fields = parseJsonObject(answer.text || '{}')
  const refusal = refusalOf(answer, fields)
  if (refusal) return fails(answer, refusal)
  if (answer.status === 200)
    return fields ? { value: undefined } : fails(answer, 'answer-malformed')
  // 400 says that the token is unknown; what else it could say is not documented.
  return fails(answer, 'code-rejected')
}

/**
 * What is no success, by status and by body. Throttling is told by its form: the words are
 * translated into the account's language. A code that is known is no translation.
 */
const refusalOf = ({ status }: Answer, fields: JsonObject | undefined): ErrorCode | undefined => {
  if (status === 429) return 'throttled'
  if (status >= 500) return 'accounts-server-unavailable'
  const error = fields?.('error') ?? undefined
  const failed = fields?.('status') === 'failure'
  if (error === undefined && !failed) return undefined
  if (typeof error !== 'string') return 'accounts-server-error'
  if (Object.hasOwn(knownErrors, error)) return knownErrors[error]
  const described = status === 400 && typeof fields?.('error_description') === 'string'
  return failed || described || error === 'Access Denied' ? 'throttled' : 'accounts-server-error'
}

/**
 * Seconds, 60 to an hour. Until December 2019 answers carried the seconds in `expires_in_sec` and
 * milliseconds in `expires_in`. An answer without either means Zoho's hour: a token without an end
 * would never be refreshed.
 */
const readLifetime = (fields: JsonObject): number | undefined => {
  const seconds = toInteger(fields('expires_in_sec')) ?? toInteger(fields('expires_in'))
  if (seconds === undefined)
    return (fields('expires_in') ?? undefined) === undefined ? maxAccessTokenMs / 1000 : undefined
  return Math.min(
    Math.max(seconds > 86_400 ? Math.floor(seconds / 1000) : seconds, 60),
    maxAccessTokenMs / 1000,
  )
}

/**
 * `Retry-After` in seconds (RFC 9110, 10.2.3), from one to ten minutes; its date form would need a
 * clock to be believed.
 */
const fails = (
  { status, retryAfter }: Answer,
  code: ErrorCode,
): { readonly failure: EndpointFailure } => {
  const waits = retryAfter !== null && /^\d{1,9}$/.test(retryAfter)
  return {
    failure: {
      code,
      status,
      mayHaveBeenSent: true,
      ...(waits && { retryAfterMs: Math.min(Math.max(Number(retryAfter), 1), 600) * 1000 }),
    },
  }
}

const toInteger = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value
  return Number.isSafeInteger(number) && (number as number) > 0 ? (number as number) : undefined
}

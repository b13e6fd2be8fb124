import { json, page } from '../http/responses.ts'
import type { AccessToken } from '../ledger/ledger.ts'
import type { Settings } from '../settings/settings.ts'
import { problemPage } from '../pages/problem-page.ts'
import type { EmulatorState } from '../state.ts'

/**
 * The errors of the token endpoint. Status 200 and a body with only the name are observed, except
 * for `Access Denied`.
 */
type TokenError =
  | 'invalid_client'
  | 'invalid_client_secret'
  | 'invalid_code'
  | 'invalid_redirect_uri'
  | 'Access Denied'

export function tokenError(error: TokenError): Response {
  return json({ error })
}

/**
 * The response to a missing parameter, an unknown grant type or a GET. The status comes from the
 * incremental-auth pages; the body is unverified.
 */
export function tokenBadRequest(explanation: string): Response {
  const hint =
    'Send a POST with grant_type, client_id and client_secret, and either with code and ' +
    'redirect_uri, or with refresh_token.'
  return page(problemPage({ title: '400 Bad request', explanation, hint }), 400)
}

const throttleTexts = {
  en: [
    'You have made too many requests continuously. Please try again after some time.',
    'Access Denied',
  ],
  zh: ['您已连续提出过多请求，请稍后再试。', '拒绝访问'],
} as const

/**
 * The response of a throttled endpoint. The keys are in the observed order.
 * https://www.zoho.com/accounts/protocol/oauth/token-limits.html
 */
export function throttleResponse(language: Settings['throttleLanguage'], status: number): Response {
  const [error_description, error] = throttleTexts[language]
  return json({ error_description, error, status: 'failure' }, status)
}

/**
 * The response with tokens. https://www.zoho.com/recruit/developer-guide/apiv2/access-refresh.html and
 * refresh.html
 */
export function tokenResponse(
  { settings, addresses }: EmulatorState,
  access: AccessToken,
  newRefreshToken: string | undefined,
): Response {
  const seconds = settings.accessTokenLifeSeconds
  const { apiDomain } = addresses(access.dataCenter)
  const scope = access.scopes.join(settings.scopeInResponses === 'comma' ? ',' : ' ')
  return json({
    access_token: access.token,
    ...(newRefreshToken === undefined ? {} : { refresh_token: newRefreshToken }),
    ...(settings.scopeInResponses === 'none' ? {} : { scope }),
    api_domain: settings.apiDomainTrailingSlash ? `${apiDomain}/` : apiDomain,
    token_type: 'Bearer',
    ...(settings.legacyExpiresIn ? { expires_in_sec: seconds } : {}),
    ...lifetime(settings, settings.legacyExpiresIn ? seconds * 1000 : seconds),
  })
}

function lifetime(
  { expiresIn }: Settings,
  regular: number,
): { expires_in?: number | string | undefined } {
  const values = { seconds: regular, zero: 0, empty: '', fraction: regular - 0.5 }
  return expiresIn === 'missing' ? {} : { expires_in: values[expiresIn] }
}

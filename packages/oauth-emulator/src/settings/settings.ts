import type { DataCenterId } from '../data-centers.ts'

/** At most `limit` in `windowSeconds`, in a sliding window. */
export interface Budget {
  readonly limit: number
  readonly windowSeconds: number
}

/**
 * The configurable behaviour of Zoho: options of `createEmulator` that `configure` can change
 * later. Where Zoho's pages disagree, the comment names the source of the default and the
 * alternatives.
 */
export interface Settings {
  /**
   * Lifetime of an authorization code. Default 60
   * (https://help.zoho.com/portal/kb/articles/authorization-request, Recruit: "valid only for one
   * minute"). Other pages: 120 (accounts web-apps/authorization.html), 180 (CRM v8
   * token-validity.html), 180 to 480 (Calendar).
   */
  readonly codeLifeSeconds: number
  /** Lifetime of an access token. Default 3600, as on every page. */
  readonly accessTokenLifeSeconds: number
  /**
   * Authorization codes per client. Default 10 in 600 s, then `access_denied` (CRM v8
   * token-validity.html). Another page: 4 in 60 s, then a block of ten minutes
   * (https://www.zoho.com/projects/help/rest-api/faq/oauth.html).
   */
  readonly authorizationCodeBudget: Budget
  /**
   * Access tokens issued per refresh token. The one from the exchange counts too (strictest
   * reading; no page says this). Default 10 in 600 s:
   * https://www.zoho.com/accounts/protocol/oauth/token-limits.html
   */
  readonly accessTokenBudget: Budget
  /**
   * How long a block lasts after `accessTokenBudget` is exceeded. `whole-window`: one whole window
   * from the first refused request (default; ManageEngine Analytics Plus). `rest`: until the oldest
   * token in the window is one window old (accounts web-apps/access-token-expiry.html).
   */
  readonly accessTokenBlock: 'whole-window' | 'rest'
  /**
   * Refresh tokens issued per user and client. Default 5 in 60 s (Recruit's pages). Other
   * pages: 10 in 600 s (Kaizen #43), 20 in 600 s per client (CRM v3). Above the budget, an exchange
   * gets the throttle response until the window has room (the format is unverified).
   */
  readonly refreshTokenBudget: Budget
  /**
   * Valid access tokens per refresh token. The next one ends the oldest without a notice. Default
   * 10 (token-limits.html). Other pages: 15 (CRM v8, Kaizen #43), 30 (Recruit's refresh.html).
   */
  readonly liveAccessTokens: number
  /**
   * Valid refresh tokens per user and client. Default 20 (Kaizen #43; according to Recruit's pages
   * "per user in an organization").
   */
  readonly liveRefreshTokens: number
  /**
   * What happens when one more refresh token would exceed `liveRefreshTokens`: `evict` ends the
   * oldest one and its access tokens without a notice (default; Kaizen #43), `refuse` answers
   * `Access Denied`
   * (https://www.zoho.com/projects/help/rest-api/faq/oauth.html). Unverified: that the exchange is
   * refused, the format `{"error":"Access Denied"}`, and that the code is used up.
   */
  readonly refreshTokenOverflow: 'evict' | 'refuse'
  /** Status of the throttle response. Default 400 (observed); 200 according to Kaizen #43. */
  readonly throttleStatus: 400 | 200
  /**
   * Language of the throttle response. Default `en`. `zh` was observed too. It is unknown when Zoho
   * uses which language.
   */
  readonly throttleLanguage: 'en' | 'zh'
  /**
   * Whether an exchange needs the matching `code_verifier` if the authorization request had a
   * `code_challenge`. PKCE is never required. Default `enforce`, which is unverified for
   * server-based clients.
   */
  readonly pkce: 'enforce' | 'ignore'
  /**
   * The supported revocation endpoints: `legacy` is `/oauth/v2/token/revoke`, and `new` is
   * `/oauth/v2/revoke/token`. An unsupported endpoint answers 404. Default `both`.
   */
  readonly revocation: 'both' | 'legacy' | 'new'
  /**
   * What ends with a revoked refresh token: the whole `grant` with all tokens of that user and
   * client (default, the strictest reading of revoke-refresh-token.html), or only the `token` and
   * its access tokens.
   */
  readonly revocationScope: 'grant' | 'token'
  /**
   * The data centers that know the client: `true` for all (default), `false` for only the first of
   * `dataCenters`, where it is registered, or a list of additional ones. At the other data centers
   * the token endpoint answers `invalid_client`
   * (https://www.zoho.com/accounts/protocol/oauth/multi-dc.html) and authorization requests show an
   * Invalid Client page. Unverified: if the US server knows the client, it issues a code even for a
   * user whose data center does not know it.
   */
  readonly multiDataCenter: boolean | readonly DataCenterId[]
  /**
   * Whether token responses include `scope`, and with which separator. Default `none` (Recruit's
   * pages). `space` comes from client-credentials responses (Kaizen #164). FSM's refresh page shows
   * a response with a single scope, so it shows no separator. `comma` is unverified.
   */
  readonly scopeInResponses: 'none' | 'space' | 'comma'
  /**
   * Separator of scopes in an authorization request. Default `comma` (every page). Some clients
   * send spaces and report success.
   */
  readonly scopeSeparator: 'comma' | 'comma-or-space'
  /**
   * Whether token responses have their old form: `expires_in_sec` in seconds, and `expires_in` in
   * milliseconds. Zoho sent this form until about December 2019
   * (https://github.com/schmorrison/Zoho/pull/18). Default false.
   */
  readonly legacyExpiresIn: boolean
  /**
   * Whether `api_domain` ends with a slash, as in a sample in Recruit's knowledge base
   * (generating-tokens). Default false.
   */
  readonly apiDomainTrailingSlash: boolean
  /**
   * Which of `location` and `accounts-server` a callback with a code includes. Default `both`
   * (https://help.zoho.com/portal/kb/articles/authorization-request). It is unverified that Zoho
   * ever omits one.
   */
  readonly callbackDataCenterParameters: 'both' | 'location' | 'accounts-server' | 'neither'
  /**
   * Whether `accounts-server` in a callback ends with a slash, as in some data centers according to
   * another client (dereekb/dbx-components). Default false.
   */
  readonly accountsServerTrailingSlash: boolean
  /**
   * The value of `expires_in` in token responses: `seconds` (default), or what clients of other
   * products met: 0 (`zero`), an empty string (`empty`), seconds with a fraction (`fraction`), or
   * no `expires_in` (`missing`). The access token lives as long as before.
   */
  readonly expiresIn: 'seconds' | 'zero' | 'empty' | 'fraction' | 'missing'
  /**
   * The response of the Recruit API to an expired or unknown access token. `INVALID_TOKEN` with
   * status 401 was observed (default). Clients of this and other Zoho products met the others,
   * which are unconfirmed for Recruit: 401 and `INVALID_OAUTHTOKEN`; 401 and a list `data` with one
   * error (`data-list`); XML with the code 4834 and status 200 (`xml-4834`; the status and the form
   * of the XML are unverified); `INVALID_TOKEN` with another status (`status-200`, `status-400`).
   */
  readonly expiredTokenResponse:
    'INVALID_TOKEN' | 'INVALID_OAUTHTOKEN' | 'data-list' | 'xml-4834' | 'status-200' | 'status-400'
  /**
   * API credits of an organization. Default 5000 in 24 hours, the free edition; other editions have
   * up to 1,000,000 (https://www.zoho.com/recruit/developer-guide/apiv2/limits.html). Get Records
   * costs 3, other calls 1. Then the API answers 429 (unverified).
   */
  readonly apiCredits: Budget
  /**
   * Whether `/org` includes `zgid`. Default true, as other clients report. The sample on the page
   * get-org-data has none, although the page upload-file says that it is there.
   */
  readonly zgidInOrganization: boolean
}

export const defaultSettings: Settings = {
  codeLifeSeconds: 60,
  accessTokenLifeSeconds: 3600,
  authorizationCodeBudget: { limit: 10, windowSeconds: 600 },
  accessTokenBudget: { limit: 10, windowSeconds: 600 },
  accessTokenBlock: 'whole-window',
  refreshTokenBudget: { limit: 5, windowSeconds: 60 },
  liveAccessTokens: 10,
  liveRefreshTokens: 20,
  refreshTokenOverflow: 'evict',
  throttleStatus: 400,
  throttleLanguage: 'en',
  pkce: 'enforce',
  revocation: 'both',
  revocationScope: 'grant',
  multiDataCenter: true,
  scopeInResponses: 'none',
  scopeSeparator: 'comma',
  legacyExpiresIn: false,
  apiDomainTrailingSlash: false,
  callbackDataCenterParameters: 'both',
  accountsServerTrailingSlash: false,
  expiresIn: 'seconds',
  expiredTokenResponse: 'INVALID_TOKEN',
  apiCredits: { limit: 5000, windowSeconds: 86_400 },
  zgidInOrganization: true,
}

import type { DataCenterId } from '../data-centers.ts'

/** So many in so many seconds, in a sliding window. */
export interface Budget {
  readonly limit: number
  readonly windowSeconds: number
}

/**
 * How Zoho behaves, as far as it can be told: options of `createEmulator`, and switchable while it
 * runs. Where Zoho's pages disagree, the default is the strictest reading, and the alternatives
 * stand in the comment.
 */
export interface Settings {
  /**
   * How long an authorization code lives. Default 60
   * (https://help.zoho.com/portal/kb/articles/authorization-request, Recruit: "valid only for one
   * minute"). Elsewhere 120 (accounts web-apps/authorization.html), 180 (CRM v8
   * token-validity.html), 180 to 480 (Calendar).
   */
  readonly codeLifeSeconds: number
  /** How long an access token lives. Default 3600, as on every page. */
  readonly accessTokenLifeSeconds: number
  /**
   * Authorization codes per client. Default 10 in 600 s, then `access_denied` (CRM v8
   * token-validity.html). Elsewhere 4 in 60 s, then ten minutes' block
   * (https://www.zoho.com/projects/help/rest-api/faq/oauth.html).
   */
  readonly authorizationCodeBudget: Budget
  /**
   * Access tokens made per refresh token, the one from the exchange included (strictest; no page
   * says). Default 10 in 600 s: https://www.zoho.com/accounts/protocol/oauth/token-limits.html
   */
  readonly accessTokenBudget: Budget
  /**
   * How long the block lasts once `accessTokenBudget` is overdrawn: the `next` window from the
   * block on (default; ManageEngine Analytics Plus), or the `rest` of the window that was overdrawn
   * (accounts web-apps/access-token-expiry.html).
   */
  readonly accessTokenBlock: 'next' | 'rest'
  /**
   * Refresh tokens made per user and client. Default 5 in 60 s (Recruit's pages). Elsewhere 10 per
   * 600 s (Kaizen #43), 20 per 600 s and client (CRM v3). Past it, the throttle answer until the
   * window has room; that form is unverified.
   */
  readonly refreshTokenBudget: Budget
  /**
   * Live access tokens per refresh token; the next silently ends the oldest. Default 10
   * (token-limits.html). Elsewhere 15 (CRM v8, Kaizen #43), 30 (Recruit's refresh.html).
   */
  readonly liveAccessTokens: number
  /**
   * Live refresh tokens per user and client. Default 20 (Kaizen #43; "per user in an organization"
   * by Recruit's pages).
   */
  readonly liveRefreshTokens: number
  /**
   * What the next refresh token does: `evict` ends the oldest and its access tokens in silence
   * (default; Kaizen #43), `refuse` answers `Access Denied`
   * (https://www.zoho.com/projects/help/rest-api/faq/oauth.html). Unverified: that it is the
   * exchange that is refused, the form `{"error":"Access Denied"}`, and that the code is spent.
   */
  readonly refreshTokenOverflow: 'evict' | 'refuse'
  /** Status of the throttle answer. Default 400 (observed); 200 by Kaizen #43. */
  readonly throttleStatus: 400 | 200
  /**
   * Language of the throttle answer. Default `en`; `zh` was captured too; what selects it is
   * unverified.
   */
  readonly throttleLanguage: 'en' | 'zh'
  /**
   * Whether a `code_challenge` is verified at the exchange. Default `enforce`; for server-based
   * clients unverified.
   */
  readonly pkce: 'enforce' | 'ignore'
  /** Which revocation contracts are served; one that is not answers 404. Default `both`. */
  readonly revocation: 'both' | 'legacy' | 'new'
  /**
   * What dies with a revoked refresh token: the whole `grant`, all tokens of that user and client
   * (default, the strictest reading of revoke-refresh-token.html), or that `token` and its access
   * tokens.
   */
  readonly revocationScope: 'grant' | 'token'
  /**
   * Where the client is known: `true` everywhere (default), `false` only at the first of
   * `dataCenters`, where it is registered, or there and at those listed. Elsewhere the token
   * endpoint answers `invalid_client` (https://www.zoho.com/accounts/protocol/oauth/multi-dc.html)
   * and authorization requests meet an Invalid Client page. Unverified: that a user of such a data
   * center who consents at the US server comes back with a code all the same.
   */
  readonly multiDataCenter: boolean | readonly DataCenterId[]
  /**
   * Whether token answers carry `scope`, and what separates scopes there. Default `none` (Recruit's
   * pages). `space`: client-credentials answers (Kaizen #164); FSM's refresh page shows one scope;
   * `comma` is unverified.
   */
  readonly scopeInAnswers: 'none' | 'space' | 'comma'
  /**
   * How scopes are separated in an authorization request. Default `comma` (every page); some
   * clients send spaces and report success.
   */
  readonly scopeSeparator: 'comma' | 'comma-or-space'
  /**
   * Whether answers carry `expires_in_sec`, and `expires_in` in milliseconds, as until about
   * December 2019 (https://github.com/schmorrison/Zoho/pull/18). Default false.
   */
  readonly legacyExpiresIn: boolean
  /**
   * Whether `api_domain` ends in a slash, as in a sample of Recruit's knowledge base
   * (generating-tokens). Default false.
   */
  readonly apiDomainTrailingSlash: boolean
  /**
   * Which of `location` and `accounts-server` the callback carries. Default `both`
   * (https://help.zoho.com/portal/kb/articles/authorization-request). That Zoho leaves one out is
   * unverified.
   */
  readonly callbackNames: 'both' | 'location' | 'accounts-server' | 'neither'
}

export const defaultSettings: Settings = {
  codeLifeSeconds: 60,
  accessTokenLifeSeconds: 3600,
  authorizationCodeBudget: { limit: 10, windowSeconds: 600 },
  accessTokenBudget: { limit: 10, windowSeconds: 600 },
  accessTokenBlock: 'next',
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
  scopeInAnswers: 'none',
  scopeSeparator: 'comma',
  legacyExpiresIn: false,
  apiDomainTrailingSlash: false,
  callbackNames: 'both',
}

import type { EpochMs } from './clock.ts'
import type { DataCenterId } from './data-centers.ts'

/** So many in so many seconds, in a sliding window. */
export interface Budget {
  readonly limit: number
  readonly windowSeconds: number
}

/**
 * What `createEmulator` can be told. Where Zoho's pages disagree, the default is the strictest reading, and the
 * alternatives stand in the comment.
 */
export interface EmulatorOptions<Id extends DataCenterId = DataCenterId> {
  /** Which data centers stand. Default `['us', 'eu', 'in']`. */
  readonly dataCenters?: readonly Id[]
  /** The registered client; id and secret are random for each emulator unless given. */
  readonly clientId?: string
  readonly clientSecret?: string
  /** The name on the consent page. Default `'Your application'`. */
  readonly clientName?: string
  /** Registered redirect URIs, compared character for character. Default: `/zoho/callback` on ports 3000 of localhost and 127.0.0.1. */
  readonly redirectUris?: readonly string[]
  /** The clock under the emulator's clock: epoch milliseconds that never go back. Default: monotonic process time. */
  readonly monotonicTime?: () => EpochMs
  /**
   * How long an authorization code lives. Default 60 (https://help.zoho.com/portal/kb/articles/authorization-request, Recruit:
   * "valid only for one minute"). Elsewhere 120 (accounts web-apps/authorization.html), 180 (CRM v8 token-validity.html), 180 to 480 (Calendar).
   */
  readonly codeLifeSeconds?: number
  /** How long an access token lives. Default 3600, as on every page. */
  readonly accessTokenLifeSeconds?: number
  /**
   * Authorization codes per client. Default 10 in 600 s, then `access_denied` (CRM v8 token-validity.html).
   * Elsewhere 4 in 60 s, then ten minutes' block (https://www.zoho.com/projects/help/rest-api/faq/oauth.html).
   */
  readonly authorizationCodeBudget?: Budget
  /**
   * Access tokens made per refresh token, the one from the exchange included (strictest; no page says). Default 10 in 600 s:
   * https://www.zoho.com/accounts/protocol/oauth/token-limits.html
   */
  readonly accessTokenBudget?: Budget
  /**
   * How long the block lasts once `accessTokenBudget` is overdrawn: the `next` window from the block on (default; ManageEngine
   * Analytics Plus), or the `rest` of the window that was overdrawn (accounts web-apps/access-token-expiry.html).
   */
  readonly accessTokenBlock?: 'next' | 'rest'
  /**
   * Refresh tokens made per user and client. Default 5 in 60 s (Recruit's pages). Elsewhere 10 per 600 s (Kaizen #43), 20 per
   * 600 s and client (CRM v3). Past it, the throttle answer until the window has room; that form is unverified.
   */
  readonly refreshTokenBudget?: Budget
  /**
   * Live access tokens per refresh token; the next silently ends the oldest. Default 10 (token-limits.html).
   * Elsewhere 15 (CRM v8, Kaizen #43), 30 (Recruit's refresh.html).
   */
  readonly liveAccessTokens?: number
  /**
   * Live refresh tokens per user and client; the next silently ends the oldest and its access tokens. Default 20 (Kaizen #43).
   * The Projects FAQ answers Access Denied instead.
   */
  readonly liveRefreshTokens?: number
  /** Status of the throttle answer. Default 400 (observed); 200 by Kaizen #43. */
  readonly throttleStatus?: 400 | 200
  /** Language of the throttle answer. Default `en`; `zh` was captured too; what selects it is unverified. */
  readonly throttleLanguage?: 'en' | 'zh'
  /** Whether a `code_challenge` is verified at the exchange. Default `enforce`; for server-based clients unverified. */
  readonly pkce?: 'enforce' | 'ignore'
  /** Which revocation contracts are served; one that is not answers 404. Default `both`. */
  readonly revocation?: 'both' | 'legacy' | 'new'
  /**
   * What dies with a revoked refresh token: the whole `grant`, all tokens of that user and client (default, the strictest
   * reading of revoke-refresh-token.html), or that `token` and its access tokens.
   */
  readonly revocationScope?: 'grant' | 'token'
  /** Whether token answers carry `scope`. Default false; FSM's refresh page and client-credentials answers have it. */
  readonly scopeInAnswers?: boolean
  /** How scopes are separated in an authorization request. Default `comma` (every page); some clients send spaces and report success. */
  readonly scopeSeparator?: 'comma' | 'comma-or-space'
}

export type Settings = Required<Omit<EmulatorOptions, 'clientId' | 'clientSecret' | 'monotonicTime'>>

/** The options with the defaults filled in; `undefined` counts as left out. */
export function settingsFrom(options: EmulatorOptions): Settings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return { ...defaultSettings, ...Object.fromEntries(given) }
}

const defaultSettings: Settings = {
  dataCenters: ['us', 'eu', 'in'],
  clientName: 'Your application',
  redirectUris: ['http://localhost:3000/zoho/callback', 'http://127.0.0.1:3000/zoho/callback'],
  codeLifeSeconds: 60,
  accessTokenLifeSeconds: 3600,
  authorizationCodeBudget: { limit: 10, windowSeconds: 600 },
  accessTokenBudget: { limit: 10, windowSeconds: 600 },
  accessTokenBlock: 'next',
  refreshTokenBudget: { limit: 5, windowSeconds: 60 },
  liveAccessTokens: 10,
  liveRefreshTokens: 20,
  throttleStatus: 400,
  throttleLanguage: 'en',
  pkce: 'enforce',
  revocation: 'both',
  revocationScope: 'grant',
  scopeInAnswers: false,
  scopeSeparator: 'comma',
}

import type { EpochMs } from '../clock.ts'
import type { DataCenterId, ServerKind } from '../data-centers.ts'
import type { FaultKind } from '../faults/fault.ts'

/** A request and its outcome. */
export interface Called {
  readonly event: 'called'
  readonly server: ServerKind
  readonly method: string
  /** The path without the query. Tokens in the path are shortened to their last six characters. */
  readonly path: string
  /**
   * The grant type of a request to the token endpoint: `unknown` if it is not supported, `null` if
   * there is none.
   */
  readonly grantType: 'authorization_code' | 'refresh_token' | 'unknown' | null
  /** `null` until the request is answered, and for a dropped connection. */
  readonly status: number | null
  /**
   * `ok` or the name of the error (`invalid_code`, `INVALID_TOKEN`); `waiting` until the request is
   * answered; `no response` for a dropped connection.
   */
  readonly response: string
  /** The fault that was applied. */
  readonly fault: FaultKind | null
}

/** A shortened token. */
export interface NamedToken {
  readonly tokenType: 'authorization_code' | 'refresh_token' | 'access_token'
  /** Its last six characters. */
  readonly token: string
  /** The user's e-mail address. */
  readonly user: string
}

/**
 * A token was issued. For an access token, `refreshToken` is the last six characters of the refresh
 * token from which it was created.
 */
export interface Issued extends NamedToken {
  readonly event: 'issued'
  readonly refreshToken: string | null
}

/** A limit ended a token. Zoho does not notify the client. */
export interface Evicted extends NamedToken {
  readonly event: 'evicted'
  readonly limit: 'liveAccessTokens' | 'liveRefreshTokens'
}

/**
 * A token was revoked by the client, by the user in Zoho's settings, or by a test through the
 * emulator.
 */
export interface Revoked extends NamedToken {
  readonly event: 'revoked'
  readonly by: 'client' | 'user' | 'test'
}

/** The budgets, named like the settings that configure them. */
export type BudgetName = 'authorizationCodeBudget' | 'accessTokenBudget' | 'refreshTokenBudget'

/** A budget is exceeded. Nothing more is issued before `until`. */
export interface Blocked {
  readonly event: 'blocked'
  readonly budget: BudgetName
  /**
   * The last six characters of the refresh token that has the budget; `null` for the budgets of a
   * client and of a user.
   */
  readonly refreshToken: string | null
  readonly user: string
  readonly until: EpochMs
}

/** An event, before it is numbered. */
export type JournalEvent = (Called | Issued | Evicted | Revoked | Blocked) & {
  /** On the emulator's clock. For a request, when it arrived. */
  readonly at: EpochMs
  readonly dataCenter: DataCenterId
}

/** A numbered event. The numbers always increase; a reset does not restart them. */
export type JournalEntry = { readonly sequence: number } & JournalEvent

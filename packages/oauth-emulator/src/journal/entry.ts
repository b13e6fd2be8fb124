import type { EpochMs } from '../clock.ts'
import type { DataCenterId, ServerRole } from '../data-centers.ts'
import type { FaultKind } from '../faults/fault.ts'

/** A call as it came in, and what became of it. */
export interface Called {
  readonly event: 'called'
  readonly server: ServerRole
  readonly method: string
  /** Without the query; of something shaped like a token only the last six characters are kept. */
  readonly path: string
  /**
   * Of a call to the token endpoint; `unknown` for one that it does not take, `null` without one.
   */
  readonly grantType: 'authorization_code' | 'refresh_token' | 'unknown' | null
  /** `null` while the call is being answered, and for a connection that was dropped. */
  readonly status: number | null
  /**
   * `ok`, or the word of the error (`invalid_code`, `INVALID_TOKEN`); `waiting` meanwhile, `no
   * answer` for a dropped connection.
   */
  readonly answer: string
  /** The fault that struck. */
  readonly fault: FaultKind | null
}

/** A token, never the whole of it. */
export interface NamedToken {
  readonly tokenType: 'authorization_code' | 'refresh_token' | 'access_token'
  /** Its last six characters. */
  readonly token: string
  /** The user's e-mail address. */
  readonly user: string
}

/**
 * A token was given out; the last six characters of the refresh token that an access token was made
 * from.
 */
export interface Issued extends NamedToken {
  readonly event: 'issued'
  readonly refreshToken: string | null
}

/** A limit pushed a token out, in silence. */
export interface Evicted extends NamedToken {
  readonly event: 'evicted'
  readonly limit: 'liveAccessTokens' | 'liveRefreshTokens'
}

/**
 * A token was ended by a revocation of the client's, by the user in Zoho's settings, or by a test
 * through the emulator.
 */
export interface Revoked extends NamedToken {
  readonly event: 'revoked'
  readonly by: 'client' | 'user' | 'test'
}

/** The budgets, each by the name of the setting that holds its figures. */
export type BudgetName = 'authorizationCodeBudget' | 'accessTokenBudget' | 'refreshTokenBudget'

/** A budget was overdrawn: from now on, until then, nothing is made. */
export interface Blocked {
  readonly event: 'blocked'
  readonly budget: BudgetName
  /**
   * The last six characters of the refresh token whose budget it is; `null` for the budgets of a
   * client and of a user.
   */
  readonly refreshToken: string | null
  readonly user: string
  readonly until: EpochMs
}

/** Something that happened, without its number. */
export type JournalEvent = (Called | Issued | Evicted | Revoked | Blocked) & {
  /** On the emulator's clock; of a call, when it came in. */
  readonly at: EpochMs
  readonly dataCenter: DataCenterId
}

/** Something that happened. Numbers only grow, over resets too. */
export type JournalEntry = { readonly sequence: number } & JournalEvent

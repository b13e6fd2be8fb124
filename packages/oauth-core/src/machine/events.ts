import type { ErrorCode } from '../errors/codes.ts'
import type { AccountSwitch } from '../domain/identity.ts'
import type { AccessToken, Identity, PrincipalId, TokenSet } from '../domain/record.ts'

/** The outcome of one refresh, reported by the holder of its lease. */
interface RefreshOutcome {
  /** A random name, new for each refresh. */
  readonly holder: string
  readonly refreshTokenId: string
  /** Number of token requests that were sent, to be counted in the budget. */
  readonly calls: number
  /** As in `refreshRequested`: the callers cannot use this access token. */
  readonly rejectedTokenId?: string | undefined
}

/**
 * An event of a connection: a fact, in the past tense. The machine decides what it means for the
 * stored record.
 */
export type ConnectionEvent =
  /**
   * A callback passed all checks, and its code will be exchanged now. `state` is the SHA-256 of the
   * OAuth state, `id` is a random name of this exchange.
   */
  | {
      readonly type: 'exchangeStarted'
      readonly stateHash: string
      readonly id?: string | undefined
      readonly principal: PrincipalId
      /**
       * A short hash of the principal whose attempts are limited. Absent for a Self Client code.
       */
      readonly limitedPrincipal?: string | undefined
    }
  /**
   * Zoho issued a token set for a code. `state` names the attempt; it is absent for an imported
   * token set.
   */
  | {
      readonly type: 'granted'
      readonly stateHash?: string
      readonly principal: PrincipalId
      readonly tokens: TokenSet
      readonly requestedScopes: readonly string[]
      /** Absent: it was not read, because no account was known to compare it with. */
      readonly identity?: Identity | undefined
      readonly allowAccountSwitch?: AccountSwitch
      /**
       * The grant could not be stored at once. It does not replace a grant whose consent began
       * later.
       */
      readonly isDelayed?: boolean
    }
  | {
      readonly type: 'attemptFailed'
      readonly stateHash: string
      readonly code: ErrorCode
      readonly zohoError?: string | undefined
    }
  /**
   * The store refused the grant of this attempt, and Zoho has not confirmed that its refresh token
   * is revoked.
   */
  | { readonly type: 'grantAbandoned'; readonly stateHash: string; readonly tokens: TokenSet }
  /**
   * A caller needs an access token other than `rejectedTokenId`. `proactive`: a stored access token
   * that is due is replaced before it is stale. `endpoint`: the API refused `rejectedTokenId` at
   * this endpoint.
   */
  | {
      readonly type: 'refreshRequested'
      readonly holder: string
      readonly rejectedTokenId?: string | undefined
      readonly endpoint?: string | undefined
      readonly proactive?: boolean
    }
  | ({
      readonly type: 'refreshed'
      readonly accessToken: AccessToken
      readonly rotated?: Pick<TokenSet, 'refreshToken' | 'refreshTokenId'>
      readonly apiDomain?: string | undefined
    } & RefreshOutcome)
  | ({
      readonly type: 'refreshFailed'
      readonly code: ErrorCode
      readonly retryAfterMs?: number | undefined
      /** Zoho's word for the error. */
      readonly zohoError?: string | undefined
    } & RefreshOutcome)
  | ({
      readonly type: 'refreshThrottled'
      readonly retryAfterMs?: number | undefined
      readonly zohoError?: string | undefined
    } & RefreshOutcome)
  | ({
      readonly type: 'refreshRefused'
      readonly zohoError?: string | undefined
    } & RefreshOutcome)
  /** The holder of a lease had too little time left to call Zoho, and gives the lease back. */
  | { readonly type: 'leaseReleased'; readonly holder: string }
  | { readonly type: 'identified'; readonly refreshTokenId: string; readonly identity: Identity }
  | {
      readonly type: 'scopesGranted'
      readonly refreshTokenId: string
      readonly scopes: readonly string[]
    }
  | { readonly type: 'imported'; readonly principal: PrincipalId; readonly tokens: TokenSet }
  /** The record must be encrypted again with the current key. */
  | { readonly type: 'reencryptionRequested' }
  /** A caller looks for work that a process did not finish. */
  | { readonly type: 'recoveryRequested' }
  /**
   * `refreshTokenId` is the id of the refresh token that was stored at the time of the request. A
   * grant that was stored since then is not revoked.
   */
  | { readonly type: 'revokeRequested'; readonly refreshTokenId?: string | undefined }
  /**
   * The revocation endpoint does not know the refresh token. A request to the token endpoint will
   * check whether it still works.
   */
  | { readonly type: 'revocationCheckStarted'; readonly refreshTokenId: string }
  | { readonly type: 'revocationConfirmed'; readonly refreshTokenId: string }
  | {
      readonly type: 'revocationFailed'
      readonly refreshTokenId: string
      readonly code: ErrorCode
      readonly retryAfterMs?: number | undefined
      readonly zohoError?: string | undefined
      /** Number of token requests that the check sent. The budget has the first one already. */
      readonly calls?: number | undefined
    }
  | { readonly type: 'forgotten'; readonly refreshTokenId?: string | undefined }

/** The event of this type. */
export type EventOf<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>

/** The types of all events. `satisfies` makes the compiler report a missing type. */
export const eventTypes = Object.keys({
  exchangeStarted: 1,
  granted: 1,
  attemptFailed: 1,
  grantAbandoned: 1,
  refreshRequested: 1,
  refreshed: 1,
  refreshFailed: 1,
  refreshThrottled: 1,
  refreshRefused: 1,
  leaseReleased: 1,
  identified: 1,
  scopesGranted: 1,
  imported: 1,
  reencryptionRequested: 1,
  recoveryRequested: 1,
  revokeRequested: 1,
  revocationCheckStarted: 1,
  revocationConfirmed: 1,
  revocationFailed: 1,
  forgotten: 1,
} satisfies Record<ConnectionEvent['type'], 1>) as ConnectionEvent['type'][]

import type { ErrorCode } from '../errors/codes.ts'
import type { AccessToken, Identity, PrincipalId, TokenSet } from '../domain/record.ts'

/**
 * The outcome of one refresh, told by the holder of its lease (a random name, new for each
 * refresh). `calls`: token requests made, to be booked.
 */
interface RefreshOutcome {
  readonly holder: string
  readonly refreshTokenId: string
  readonly calls: number
  /** As in `refreshRequested`: this access token is of no use to the callers. */
  readonly rejectedTokenId?: string | undefined
}

/**
 * What happens to a connection. Facts, in the past tense; the machine decides what each of them
 * still means.
 */
export type ConnectionEvent =
  /**
   * A callback passed every check; its code is about to be exchanged. `state` is the SHA-256 of the
   * OAuth state, `id` names this exchange.
   */
  | {
      readonly type: 'exchangeStarted'
      readonly state: string
      readonly id?: string | undefined
      readonly principal: PrincipalId
      /**
       * A short hash of the principal whose attempts are limited; absent for a Self Client code.
       */
      readonly countedFor?: string | undefined
    }
  /**
   * Zoho gave a token set: for an authorization code (`state` names the attempt) or for a Self
   * Client code.
   */
  | {
      readonly type: 'granted'
      readonly state?: string
      readonly principal: PrincipalId
      readonly tokens: TokenSet
      readonly requestedScopes: readonly string[]
      readonly identity?: Identity
      readonly allowAccountSwitch?: boolean
      /**
       * It could not be stored at once: a consent that began later and was granted meanwhile stays
       * in its place.
       */
      readonly isDelayed?: boolean
    }
  | { readonly type: 'attemptFailed'; readonly state: string; readonly code: ErrorCode }
  /**
   * The store refused the grant of this attempt, and Zoho has not confirmed that its refresh token
   * is revoked.
   */
  | { readonly type: 'grantAbandoned'; readonly state: string; readonly tokens: TokenSet }
  /**
   * Somebody wants an access token other than `rejectedTokenId`, before it is stale if `proactive`.
   * `endpoint`: the API refused `rejectedTokenId` at this endpoint.
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
  | ({ readonly type: 'refreshFailed'; readonly code: ErrorCode } & RefreshOutcome)
  | ({
      readonly type: 'refreshThrottled'
      readonly retryAfterMs?: number | undefined
    } & RefreshOutcome)
  | ({ readonly type: 'refreshRefused' } & RefreshOutcome)
  /** A holder gives up without an outcome, or found its lease gone before it could call. */
  | { readonly type: 'leaseReleased'; readonly holder: string }
  | { readonly type: 'identified'; readonly refreshTokenId: string; readonly identity: Identity }
  | {
      readonly type: 'scopesGranted'
      readonly refreshTokenId: string
      readonly scopes: readonly string[]
    }
  | { readonly type: 'imported'; readonly principal: PrincipalId; readonly tokens: TokenSet }
  /** The record is to be written again under today's key. */
  | { readonly type: 'reencryptionRequested' }
  /** Somebody looks for what was left undone. */
  | { readonly type: 'recoveryRequested' }
  /**
   * `refreshTokenId`: the one that was seen when it was asked; a consent stored since then is not
   * meant.
   */
  | { readonly type: 'revokeRequested'; readonly refreshTokenId?: string | undefined }
  /**
   * The revocation endpoint does not know the refresh token: the token endpoint is to be asked
   * whether it is dead.
   */
  | { readonly type: 'revocationCheckStarted'; readonly refreshTokenId: string }
  | { readonly type: 'revocationConfirmed'; readonly refreshTokenId: string }
  | {
      readonly type: 'revocationFailed'
      readonly refreshTokenId: string
      readonly code: ErrorCode
      readonly retryAfterMs?: number | undefined
      /** Requests of the check, one of which is booked already. */
      readonly calls?: number | undefined
    }
  | { readonly type: 'forgotten'; readonly refreshTokenId?: string | undefined }

/** Every event, by name. `satisfies` keeps the list complete. */
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

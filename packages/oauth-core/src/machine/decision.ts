import type { ErrorCode } from '../errors/codes.ts'
import type { DataCenterId } from '../domain/data-centers.ts'
import type { ConnectionRecord, Status, TokenSet } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'

/**
 * Reported to `onEvent` once the record is stored. No secrets, and no text from outside except the
 * scopes that Zoho granted and `zohoError`, Zoho's word for the error.
 */
export type Announcement =
  | {
      readonly type: 'connected'
      readonly dataCenter: DataCenterId
      readonly scopes: readonly string[]
    }
  /**
   * The number of refresh tokens that were issued for this connection and not revoked. Zoho keeps
   * twenty for a user and client. The twenty-first one ends the first one. Reported at each consent
   * from the fifteenth one on.
   */
  | { readonly type: 'refresh-tokens-piling'; readonly refreshTokens: number }
  | {
      readonly type: 'consent-failed'
      readonly code: ErrorCode
      readonly zohoError?: string | undefined
    }
  | { readonly type: 'refreshed'; readonly expiresAt: EpochMs }
  | {
      readonly type: 'refresh-failed'
      readonly dataCenter?: DataCenterId | undefined
      readonly code: ErrorCode
      readonly retryAt: EpochMs
      readonly zohoError?: string | undefined
    }
  /** The API refused the access token, and a replacement was requested. */
  | { readonly type: 'access-token-rejected' }
  | { readonly type: 'consent-lost'; readonly zohoError?: string | undefined }
  | {
      readonly type: 'revocation-pending'
      readonly code?: ErrorCode
      readonly zohoError?: string | undefined
    }
  | { readonly type: 'revoked' }
  | { readonly type: 'forgotten'; readonly was: Status }

/** An error to throw. Before `retryAt`, trying again is useless. */
export interface Refusal {
  readonly code: ErrorCode
  readonly retryAt?: EpochMs | undefined
  /** Zoho's word for the error that started the cool-down. */
  readonly zohoError?: string | undefined
}

/**
 * What the caller of `transition` has to do once the record is stored. One exception: if the store
 * fails after Zoho issued an access token, it is served from memory.
 */
export type Decision =
  /**
   * The event is accepted. If the event announced a request to Zoho, send the request. If the event
   * reported an outcome, nothing is left to do.
   */
  | { readonly type: 'proceed' }
  /** Serve this access token. */
  | { readonly type: 'serve'; readonly tokens: ServableTokens }
  /**
   * The caller has the lease: call the token endpoint, with one retry at most, so that the response
   * is stored before `leaseUntil`. If too little time is left, release the lease.
   */
  | { readonly type: 'refresh'; readonly tokens: TokenSet; readonly leaseUntil: EpochMs }
  /**
   * There is no token for this caller now: another refresh has the lease until `until`, or the
   * record has changed (`until` is now). Apply the event again at `until`, or earlier.
   */
  | { readonly type: 'wait'; readonly until: EpochMs }
  /** Revoke these refresh tokens at Zoho, then throw the refusal, if there is one. */
  | {
      readonly type: 'revoke'
      readonly tokens: readonly RevocableToken[]
      readonly refusal?: Refusal | undefined
    }
  | ({ readonly type: 'refuse' } & Refusal)

/** The result of an event. The announcements are reported once the record is stored. */
export interface Transition {
  /** Identical (`===`) to the former record if nothing has to be written. */
  readonly record: ConnectionRecord
  readonly decision: Decision
  readonly announcements: readonly Announcement[]
}

/** The part of a token set that is needed to revoke it. */
export type RevocableToken = Pick<TokenSet, 'dataCenter' | 'refreshToken' | 'refreshTokenId'>

/** A token set with an access token in it. */
export type ServableTokens = TokenSet & {
  readonly accessToken: NonNullable<TokenSet['accessToken']>
}

export const proceed: Decision = { type: 'proceed' }

export const refuse = (code: ErrorCode, retryAt?: EpochMs, zohoError?: string): Decision => ({
  type: 'refuse',
  code,
  retryAt,
  zohoError,
})

export const serve = (tokens: ServableTokens): Decision => ({ type: 'serve', tokens })

/** Revoke these tokens, if there are any, and throw the refusal. */
export const revokeDecision = (tokens: readonly RevocableToken[], refusal?: Refusal): Decision => {
  if (tokens.length > 0) return { type: 'revoke', tokens, refusal }
  return refusal ? { type: 'refuse', ...refusal } : proceed
}

/** The refusal in a decision, if it has one. */
export const refusalOf = (decision: Decision): Refusal | undefined => {
  if (decision.type === 'revoke') return decision.refusal
  return decision.type === 'refuse' ? decision : undefined
}

export const transitionTo = (
  record: ConnectionRecord,
  decision: Decision = proceed,
  ...announcements: readonly Announcement[]
): Transition => ({ record, decision, announcements })

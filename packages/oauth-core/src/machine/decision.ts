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
      /**
       * A consent or a Self Client code gave a token set, and it is stored.
       * @remarks Start what waits for the connection, for example a first import.
       */
      readonly type: 'connected'
      readonly dataCenter: DataCenterId
      /** The scopes that Zoho granted. Text from Zoho: escape it. */
      readonly scopes: readonly string[]
    }
  | {
      /**
       * The connection has fifteen refresh tokens or more at Zoho. Sent at each consent from the
       * fifteenth on. Zoho keeps twenty for a user and client; the twenty-first ends the first.
       * @remarks Find out why the customer consents so often. Only a confirmed revocation, or
       * `forget()`, lowers the count.
       */
      readonly type: 'refresh-tokens-piling'
      /** The refresh tokens that were issued for this connection and not revoked. */
      readonly refreshTokens: number
    }
  | {
      /**
       * A consent ended without a connection after its code was sent: Zoho refused the code, its
       * response was lost, the account is another one, or the process ended. An existing connection
       * stays in use. A user who refuses causes only `request-refused`.
       * @remarks Look up the code among the errors. If it returns, help the customer.
       */
      readonly type: 'consent-failed'
      /** The code of the error that the user has seen. */
      readonly code: ErrorCode
      /** Zoho's own word for the error. */
      readonly zohoError?: string | undefined
    }
  | {
      /**
       * A new access token is stored.
       * @remarks Nothing. Count them, to see how many of Zoho's ten in ten minutes are used.
       */
      readonly type: 'refreshed'
      /** When the new access token expires, in milliseconds of the store's clock. */
      readonly expiresAt: EpochMs
    }
  | {
      /**
       * Zoho did not issue a new access token. A valid one is still served, and the connection
       * stays active.
       * @remarks Usually nothing: the next call after `retryAt` tries again. Alert a developer if
       * it returns for an hour, or if `code` is one that the configuration causes, such as
       * `client-secret-rejected`.
       */
      readonly type: 'refresh-failed'
      readonly dataCenter?: DataCenterId | undefined
      readonly code: ErrorCode
      /** No request is sent before this instant, in milliseconds of the store's clock. */
      readonly retryAt: EpochMs
      /** Zoho's own word for the error. */
      readonly zohoError?: string | undefined
    }
  | {
      /**
       * The Recruit API refused the access token before it expired, and a new one was requested.
       * @remarks Usually nothing. If it returns, Zoho ends tokens early: too many access tokens of
       * one refresh token are in use, or an endpoint answers 401 for another reason.
       */
      readonly type: 'access-token-rejected'
    }
  | {
      /**
       * Zoho refused the refresh token: the user has revoked the consent, or Zoho has ended it. The
       * status is now `needs-consent`.
       * @remarks Ask the customer to connect again, for example by e-mail with a link to
       * `/connect`.
       */
      readonly type: 'consent-lost'
      /** Zoho's own word for the error. */
      readonly zohoError?: string | undefined
    }
  | {
      /**
       * A revocation has begun (without `code`), or an attempt failed (with `code`). The connection
       * serves no token any more.
       * @remarks Call `recover()` about every minute: it tries again until Zoho confirms.
       */
      readonly type: 'revocation-pending'
      /** Why the last attempt failed. */
      readonly code?: ErrorCode
      /** Zoho's own word for the error. */
      readonly zohoError?: string | undefined
    }
  | {
      /**
       * Zoho has confirmed that the refresh token is revoked.
       * @remarks Delete the customer's data, if your contract says so.
       */
      readonly type: 'revoked'
    }
  | {
      /**
       * `forget()` removed the record. The consent at Zoho was not revoked.
       * @remarks Nothing, unless the app did not expect it.
       */
      readonly type: 'forgotten'
      /** The status before. */
      readonly was: Status
    }

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

import type { ErrorCode } from '../errors/codes.ts'
import type { DataCenterId } from '../domain/data-centers.ts'
import type { Status, TokenSet } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'

/**
 * What is told to the onEvent once the record that says so is stored. Never a secret, never text
 * from outside.
 */
export type Announcement =
  | {
      readonly type: 'connected'
      readonly dataCenter: DataCenterId
      readonly scopes: readonly string[]
    }
  /**
   * So many refresh tokens were made for this connection and not revoked; Zoho's twenty-first of a
   * user and client kills the first.
   */
  | { readonly type: 'refresh-tokens-piling'; readonly refreshTokens: number }
  | { readonly type: 'consent-failed'; readonly code: ErrorCode }
  | { readonly type: 'refreshed'; readonly expiresAt: EpochMs }
  | { readonly type: 'refresh-failed'; readonly code: ErrorCode; readonly retryAt: EpochMs }
  /** The API refused the access token, and a replacement was requested. */
  | { readonly type: 'access-token-rejected' }
  | { readonly type: 'consent-lost' }
  | { readonly type: 'revocation-pending'; readonly code?: ErrorCode }
  | { readonly type: 'revoked' }
  | { readonly type: 'forgotten'; readonly was: Status }

/**
 * An order that follows from an event. Orders are carried out after the record is stored, never
 * before.
 */
export type Effect =
  | { readonly type: 'exchangeCode' }
  /** The lease is the asker's: call the token endpoint, once, within the time budget. */
  | { readonly type: 'callTokenEndpoint'; readonly tokens: TokenSet; readonly leaseUntil: EpochMs }
  /** The stored access token is good: hand it out. */
  | { readonly type: 'serve'; readonly tokens: ServableTokens }
  /** Another holder is refreshing: read again, until then at most. */
  | { readonly type: 'wait'; readonly until: EpochMs }
  | { readonly type: 'callRevocationEndpoint'; readonly tokens: RevocableToken }
  /** The request is booked: ask the token endpoint whether the refresh token is dead. */
  | { readonly type: 'checkRefreshToken' }
  /** Not now, or not at all: the error to throw. */
  | { readonly type: 'refuse'; readonly code: ErrorCode; readonly retryAt?: EpochMs | undefined }
  | { readonly type: 'announce'; readonly announcement: Announcement }

/** What revoking a refresh token needs. */
export type RevocableToken = Pick<TokenSet, 'dataCenter' | 'refreshToken' | 'refreshTokenId'>

/** A token set with an access token in it. */
export type ServableTokens = TokenSet & {
  readonly accessToken: NonNullable<TokenSet['accessToken']>
}

export const refuse = (code: ErrorCode, retryAt?: EpochMs): Effect => ({
  type: 'refuse',
  code,
  retryAt,
})

export const serve = (tokens: ServableTokens): Effect => ({ type: 'serve', tokens })

export const announce = (announcement: Announcement): Effect => ({ type: 'announce', announcement })

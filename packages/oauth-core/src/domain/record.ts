import type { ErrorCode } from '../errors/codes.ts'
import type { DataCenterId } from './data-centers.ts'
import type { Secret } from './secret.ts'
import type { EpochMs } from './time.ts'

/**
 * The app's own name for one customer's consent. Compared byte for byte: case and Unicode form
 * count.
 */
export type ConnectionId = string
/** The app's own name for who connects: the user or tenant that `connectionFor` answers with. */
export type PrincipalId = string

export type Status = 'none' | 'active' | 'needs-consent' | 'revoking' | 'revoked'

export interface AccessToken {
  /** Random name of this access token, so that one can be spoken of without being shown. */
  readonly id: string
  readonly token: Secret
  readonly issuedAt: EpochMs
  readonly expiresAt: EpochMs
}

/** What one consent gave. */
export interface TokenSet {
  readonly dataCenter: DataCenterId
  readonly scopes: readonly string[]
  readonly refreshToken: Secret
  /**
   * Random name of the refresh token: a refused or revoked one is told by it from the one stored
   * since.
   */
  readonly refreshTokenId: string
  /** Absent after an import, until the first refresh. */
  readonly accessToken?: AccessToken
  /** As Zoho named it; for diagnosis, never a host to call. */
  readonly apiDomain?: string | undefined
}

/** Who is refreshing, until when. */
export interface Lease {
  readonly holder: string
  readonly until: EpochMs
}

/**
 * A callback that was used. `state` is the SHA-256 of the OAuth state; `id` the random name of its
 * exchange, by which the writer knows its own. No `outcome`: the exchange has not ended. `lost`:
 * nor did it in time, so its process died. `overtaken`: a revocation or a `forgotten` ended it, and
 * its process has not reported yet what it got from Zoho. `abandoned`: its refresh token arrived
 * too late, and is in `abandoned` of the record until it is revoked.
 */
export interface Attempt {
  readonly state: string
  readonly id?: string | undefined
  readonly at: EpochMs
  readonly outcome?: 'granted' | 'failed' | 'lost' | 'overtaken' | 'abandoned'
  /**
   * Hash of the principal that this attempt counts for. Absent where it is not counted: a Self
   * Client code comes from the app itself, and `forget` starts the count again.
   */
  readonly countedFor?: string | undefined
  /** The refresh token that it may have left at Zoho is in `refreshTokens` already. */
  readonly counted?: boolean
}

/** Refreshing is useless until then; `code` says why. */
export interface CoolDown {
  readonly until: EpochMs
  readonly code: ErrorCode
  readonly failures: number
}

/**
 * A refresh token that must not live on: it arrived after the connection had been revoked or
 * forgotten. It is kept until Zoho confirms its revocation. While a newer consent is active it
 * waits, because revoking it could end that one too.
 */
export interface AbandonedToken extends Pick<
  TokenSet,
  'dataCenter' | 'refreshToken' | 'refreshTokenId'
> {
  readonly coolDown?: CoolDown
  /** As in the record: instants of the token requests made for this refresh token. */
  readonly budget: readonly EpochMs[]
}

/**
 * An endpoint refused the stored access token, and a replacement was requested. `endpoint`: a hash
 * of its name.
 */
export interface Rejection {
  readonly endpoint: string
  readonly at: EpochMs
}

/**
 * The Zoho account behind the consent, as Zoho told it: names are text from outside, to be escaped
 * by the page that shows them.
 */
export interface Identity {
  readonly organizationId?: string
  readonly organizationName?: string
  readonly userId?: string
  readonly userName?: string
}

/**
 * The whole record of one connection: one status, and facts that are independent of it. Freshness
 * is computed, never stored.
 */
export interface ConnectionRecord {
  readonly status: Status
  /** When the status last changed. */
  readonly since?: EpochMs
  readonly principal?: PrincipalId
  /**
   * Present in `active`, `needs-consent` (kept aside: Zoho may have been wrong) and `revoking`;
   * wiped in `revoked`.
   */
  readonly tokens?: TokenSet
  readonly requestedScopes?: readonly string[]
  readonly lease?: Lease
  readonly attempts: readonly Attempt[]
  /** Endpoints of the API for which a replacement of an unexpired access token was requested. */
  readonly rejections?: readonly Rejection[]
  readonly coolDown?: CoolDown
  /** Instants of the token requests made for this refresh token in Zoho's window. */
  readonly budget: readonly EpochMs[]
  readonly identity?: Identity
  /** Refresh tokens that Zoho made for this connection, less those that were revoked. */
  readonly refreshTokens?: number
  readonly abandoned?: readonly AbandonedToken[]
}

/** What stands where nothing is stored. */
export const noRecord: ConnectionRecord = Object.freeze({
  status: 'none',
  attempts: [],
  budget: [],
})

/** Nothing worth a row. */
export const isEmptyRecord = ({
  status,
  attempts,
  budget,
  abandoned = [],
  refreshTokens = 0,
}: ConnectionRecord): boolean =>
  status === 'none' && attempts.length + budget.length + abandoned.length + refreshTokens === 0

/**
 * Is work left: a revocation to confirm, an exchange that never ended, or leftovers of a forgotten
 * record?
 */
export const isPending = (record: ConnectionRecord): boolean =>
  record.status === 'revoking' ||
  (record.status === 'none' && !record.budget[0] && !record.refreshTokens) ||
  record.attempts.some(isUnreported) ||
  abandonedTokens(record).length > 0

/**
 * The exchange of this attempt has not ended, as far as the record knows: it may leave a refresh
 * token at Zoho.
 */
export const isUnreported = ({ outcome }: Attempt): boolean => !outcome || outcome === 'overtaken'

/** The abandoned refresh tokens that are to be revoked now: none while a consent stands. */
export const abandonedTokens = ({
  status,
  abandoned = [],
}: ConnectionRecord): readonly AbandonedToken[] =>
  status === 'active' || status === 'needs-consent' ? [] : abandoned

/** The error code for a record of this status, which has no access token to serve. */
export const noTokenReason = (status: Status): ErrorCode => {
  if (status === 'needs-consent') return status
  return status === 'none' ? 'not-connected' : 'connection-revoked'
}

import type { ErrorCode } from '../errors/codes.ts'
import type { DataCenterId } from './data-centers.ts'
import type { Secret } from './secret.ts'
import type { EpochMs } from './time.ts'

/**
 * The app's own id for the consent of one customer. Ids are compared byte for byte: case and
 * Unicode form count.
 */
export type ConnectionId = string
/** The app's own id for the user or tenant that connects, as `connectionFor` returns it. */
export type PrincipalId = string

/**
 * `none`: no grant is stored. `active`: access tokens are served. `needs-consent`: Zoho refused the
 * refresh token. `revoking`: a revocation was requested, and Zoho has not confirmed it. `revoked`:
 * Zoho has confirmed the revocation.
 */
export type Status = 'none' | 'active' | 'needs-consent' | 'revoking' | 'revoked'

export interface AccessToken {
  /** A random id, so that code can refer to the access token without its value. */
  readonly id: string
  readonly token: Secret
  readonly issuedAt: EpochMs
  readonly expiresAt: EpochMs
}

/** The tokens of one consent. */
export interface TokenSet {
  readonly dataCenter: DataCenterId
  readonly scopes: readonly string[]
  readonly refreshToken: Secret
  /**
   * A random id of the refresh token. It distinguishes a refused or revoked refresh token from one
   * that was stored later.
   */
  readonly refreshTokenId: string
  /** Absent from an import until the first refresh. */
  readonly accessToken?: AccessToken
  /** The consent was given in Zoho's API console, without a browser. */
  readonly selfClient?: boolean
  /** The `api_domain` of Zoho's response. For diagnosis only: it is never called. */
  readonly apiDomain?: string | undefined
}

/** The right of one process to refresh. Until the lease ends, other processes wait. */
export interface Lease {
  /** A random id of the refresh that has the lease. */
  readonly holder: string
  readonly until: EpochMs
}

/** A callback that was used, with the exchange of its code. */
export interface Attempt {
  /** SHA-256 of the OAuth state, or of a Self Client code. */
  readonly stateHash: string
  /** A random id of the exchange, by which the writer recognises its own attempt. */
  readonly id?: string | undefined
  readonly at: EpochMs
  /**
   * Absent: the exchange has not ended. `lost`: the exchange did not end in time, so its process
   * has probably died. `overtaken`: the connection was revoked or forgotten during the exchange,
   * and the process of the exchange has not reported yet whether Zoho issued tokens. `abandoned`:
   * the refresh token arrived too late, and is in `abandoned` of the record until it is revoked.
   */
  readonly outcome?: 'granted' | 'failed' | 'lost' | 'overtaken' | 'abandoned'
  /**
   * Hash of the principal whose limit of attempts this one counts for. Absent if it counts for no
   * limit: a Self Client code comes from the app itself, and `forget` starts the count again.
   */
  readonly limitedPrincipal?: string | undefined
  /**
   * Does `refreshTokens` of the record include the refresh token that Zoho may have issued here?
   */
  readonly tokenCounted?: boolean
}

/** A time in which calls of Zoho are useless. It ends at `until`, and `code` is the reason. */
export interface CoolDown {
  readonly until: EpochMs
  readonly code: ErrorCode
  readonly failures: number
  /** Zoho's word for the error, for logs. */
  readonly zohoError?: string | undefined
}

/**
 * A refresh token that must be revoked, because it arrived after the connection was revoked or
 * forgotten. It is stored until Zoho confirms its revocation. While a newer consent is active, the
 * revocation waits, because it could end that consent too.
 */
export interface AbandonedToken extends Pick<
  TokenSet,
  'dataCenter' | 'refreshToken' | 'refreshTokenId'
> {
  readonly coolDown?: CoolDown
  /** As in the record: when token requests with this refresh token were sent. */
  readonly recentCalls: readonly EpochMs[]
}

/** An endpoint of the API refused the stored access token, and a replacement was requested. */
export interface Rejection {
  /** Hash of the endpoint's name. */
  readonly endpoint: string
  readonly at: EpochMs
}

/**
 * The Zoho account of a consent, as Zoho reported it. The names are text from outside: a page must
 * escape them.
 */
export interface Identity {
  readonly organizationId?: string
  readonly organizationName?: string
  readonly userId?: string
  readonly userName?: string
}

/**
 * The whole record of one connection: a status, and values that do not depend on it. Freshness is
 * computed and not stored.
 */
export interface ConnectionRecord {
  readonly status: Status
  /** When the status last changed. */
  readonly since?: EpochMs
  readonly principal?: PrincipalId
  /**
   * Present in `active`, in `revoking`, and in `needs-consent`, because Zoho may have refused the
   * refresh token by mistake. Removed in `revoked`.
   */
  readonly tokens?: TokenSet
  readonly requestedScopes?: readonly string[]
  readonly lease?: Lease
  readonly attempts: readonly Attempt[]
  /** Endpoints of the API for which a replacement of an unexpired access token was requested. */
  readonly rejections?: readonly Rejection[]
  readonly coolDown?: CoolDown
  /** When token requests with this refresh token were sent, in the last ten minutes. */
  readonly recentCalls: readonly EpochMs[]
  readonly identity?: Identity
  /** How many refresh tokens Zoho has issued for this connection, without the revoked ones. */
  readonly refreshTokens?: number
  /** Refresh tokens that still have to be revoked. */
  readonly abandoned?: readonly AbandonedToken[]
}

/** The record of a connection that is not stored. */
export const noRecord: ConnectionRecord = Object.freeze({
  status: 'none',
  attempts: [],
  recentCalls: [],
})

/** Does the record contain nothing that must be stored? */
export const isEmptyRecord = ({
  status,
  attempts,
  recentCalls,
  abandoned = [],
  refreshTokens = 0,
}: ConnectionRecord): boolean =>
  status === 'none' && attempts.length + recentCalls.length + abandoned.length + refreshTokens === 0

/**
 * Is there unfinished work: a revocation that is not confirmed, an exchange that has not ended, or
 * leftovers of a forgotten record?
 */
export const isPending = (record: ConnectionRecord): boolean =>
  record.status === 'revoking' ||
  isLeftover(record) ||
  record.attempts.some(awaitsOutcome) ||
  abandonedTokensToRevoke(record).length > 0

/** Does the record have only leftovers of a forgotten record, such as its used callbacks? */
const isLeftover = ({ status, recentCalls, refreshTokens = 0 }: ConnectionRecord): boolean =>
  status === 'none' && recentCalls.length === 0 && refreshTokens === 0

/**
 * Is the outcome of this attempt still to be stored, by its process or by recovery? Zoho may have
 * issued a refresh token that is not stored.
 */
export const awaitsOutcome = ({ outcome }: Attempt): boolean => !outcome || outcome === 'overtaken'

/** The abandoned refresh tokens to revoke now: none in `active` and `needs-consent`. */
export const abandonedTokensToRevoke = ({
  status,
  abandoned = [],
}: ConnectionRecord): readonly AbandonedToken[] =>
  status === 'active' || status === 'needs-consent' ? [] : abandoned

/** The error code for a record with this status and without an access token to serve. */
export const noTokenReason = (status: Status): ErrorCode => {
  if (status === 'needs-consent') return status
  return status === 'none' ? 'not-connected' : 'connection-revoked'
}

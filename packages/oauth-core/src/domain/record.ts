import type { ErrorCode } from '../errors/index.ts'
import type { DataCenterId } from './data-centers.ts'
import type { Secret } from './secret.ts'
import type { EpochMs } from './time.ts'

/** The app's own name for one customer's consent. Compared octet by octet: case and Unicode form count. */
export type ConnectionId = string
/** The app's own name for who connects: the user or tenant that `connectionFor` answers with. */
export type PrincipalId = string

export type Status = 'none' | 'active' | 'needs-consent' | 'revoking' | 'revoked'

export interface AccessToken {
  /** Random name of this access token, so that one can be spoken of without being shown. */
  readonly id: string
  readonly token: Secret
  readonly mintedAt: EpochMs
  readonly expiresAt: EpochMs
}

/** What one consent gave. */
export interface TokenSet {
  readonly dataCenter: DataCenterId
  readonly scopes: readonly string[]
  readonly refreshToken: Secret
  /** Random name of the refresh token: a refused or revoked one is told by it from the one stored since. */
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
 * A callback that was used. `state` is the SHA-256 of the OAuth state; `id` the random name of its exchange, by which
 * the writer knows its own. No `outcome`: the exchange has not ended. `lost`: nor did it in time, so its process died.
 */
export interface Attempt {
  readonly state: string
  readonly id?: string | undefined
  readonly at: EpochMs
  readonly outcome?: 'granted' | 'failed' | 'lost'
}

/** Refreshing is useless until then; `code` says why. */
export interface CoolDown {
  readonly until: EpochMs
  readonly code: ErrorCode
  readonly failures: number
}

/** The Zoho account behind the consent, as Zoho told it: names are text from outside, to be escaped by the page that shows them. */
export interface Identity {
  readonly organizationId?: string
  readonly organizationName?: string
  readonly userId?: string
  readonly userName?: string
}

/** The whole record of one connection: one status, and facts that are independent of it. Freshness is computed, never stored. */
export interface ConnectionRecord {
  readonly status: Status
  /** When the status last changed. */
  readonly since?: EpochMs
  readonly principal?: PrincipalId
  /** Present in `active`, `needs-consent` (kept aside: Zoho may have been wrong) and `revoking`; wiped in `revoked`. */
  readonly tokens?: TokenSet
  readonly requestedScopes?: readonly string[]
  readonly lease?: Lease
  readonly attempts: readonly Attempt[]
  /** The access token that the API refused last. */
  readonly rejected?: { readonly accessTokenId: string; readonly at: EpochMs }
  readonly coolDown?: CoolDown
  /** Instants of the token requests made for this refresh token in Zoho's window. */
  readonly budget: readonly EpochMs[]
  readonly identity?: Identity
  /** Refresh tokens that Zoho made for this connection, less those that were revoked. */
  readonly refreshTokens?: number
}

/** What stands where nothing is stored. */
export const noRecord: ConnectionRecord = Object.freeze({ status: 'none', attempts: [], budget: [] })

/** Nothing worth a row. */
export const isEmptyRecord = (record: ConnectionRecord): boolean => record.status === 'none' && record.attempts.length + record.budget.length === 0

/** Is something left to be done by whoever finds it: a revocation to confirm, an exchange that never ended, or the leavings of a forgotten record? */
export const isUnfinished = (record: ConnectionRecord): boolean =>
  record.status === 'revoking' || (record.status === 'none' && !record.budget[0]) || record.attempts.some((attempt) => !attempt.outcome)

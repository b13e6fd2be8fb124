import type { EpochMs } from '../clock.ts'
import type { DataCenterId } from '../data-centers.ts'
import { createJournal, type Journal } from '../journal/journal.ts'
import type { User } from '../seed/organizations.ts'
import type { RateWindow } from './rate-window.ts'

/** Whose consent, for which client, at which data center, over what. */
export interface Grant {
  readonly clientId: string
  /** Whom the tokens speak for. */
  readonly user: User
  readonly dataCenter: DataCenterId
  /** As they were sent. */
  readonly scopes: readonly string[]
}

export interface CodeChallenge {
  readonly value: string
  readonly method: 'S256' | 'plain'
}

export interface AuthorizationCode extends Grant {
  readonly code: string
  /** `undefined` for a Self Client code, which is exchanged without one. */
  readonly redirectUri: string | undefined
  readonly codeChallenge: CodeChallenge | undefined
  readonly yieldsRefreshToken: boolean
  readonly expiresAt: EpochMs
}

export interface RefreshToken extends Grant {
  readonly token: string
  readonly createdAt: EpochMs
}

export interface AccessToken extends Grant {
  readonly token: string
  /** The refresh token that it was made from; `undefined` when the consent gave none. */
  readonly refreshToken: string | undefined
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs
}

/** Requests received, over all data centers. */
export interface Calls {
  token: number
  revoke: number
  /** Authorization requests: GETs of `/oauth/v2/auth`. */
  authorize: number
  api: number
}

/**
 * Everything that Zoho would remember, and what happened lately. Maps are in order of creation, so
 * the first is the oldest.
 */
export interface Ledger {
  readonly codes: Map<string, AuthorizationCode>
  readonly refreshTokens: Map<string, RefreshToken>
  readonly accessTokens: Map<string, AccessToken>
  /** Keys of users who have consented to a client. */
  readonly consents: Set<string>
  readonly meters: Map<string, RateWindow>
  readonly calls: Calls
  readonly journal: Journal
}

export function createLedger(): Ledger {
  return {
    codes: new Map(),
    refreshTokens: new Map(),
    accessTokens: new Map(),
    consents: new Set(),
    meters: new Map(),
    calls: { token: 0, revoke: 0, authorize: 0, api: 0 },
    journal: createJournal(),
  }
}

/** Forgets everything. */
export function clearLedger(ledger: Ledger): void {
  for (const collection of [
    ledger.codes,
    ledger.refreshTokens,
    ledger.accessTokens,
    ledger.consents,
    ledger.meters,
    ledger.journal,
  ])
    collection.clear()
  Object.assign(ledger.calls, { token: 0, revoke: 0, authorize: 0, api: 0 })
}

/** One key per user and client: what Zoho counts refresh tokens by. */
export function consentKey(grant: Pick<Grant, 'clientId' | 'user'>): string {
  return `${grant.user.id} ${grant.clientId}`
}

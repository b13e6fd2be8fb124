import type { EpochMs } from '../clock.ts'
import type { DataCenterId } from '../data-centers.ts'
import type { Environment } from '../environment.ts'
import { createJournal, type Journal } from '../journal/journal.ts'
import type { User } from '../seed/organizations.ts'
import type { RateWindow } from './rate-window.ts'

/** The consent of a user to a client, with its data center and scopes. */
export interface Grant {
  readonly clientId: string
  /** The user on whose behalf the tokens act. */
  readonly user: User
  readonly dataCenter: DataCenterId
  readonly environment: Environment
  /** Not normalized. */
  readonly scopes: readonly string[]
}

export interface CodeChallenge {
  readonly value: string
  readonly method: 'S256' | 'plain'
}

export interface AuthorizationCode extends Grant {
  readonly code: string
  /** `undefined` for a Self Client code, which is exchanged without a redirect URI. */
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
  /** The refresh token from which it was created; `undefined` if the consent gave none. */
  readonly refreshToken: string | undefined
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs
}

/** The number of received requests, over all data centers. */
export interface Calls {
  token: number
  revoke: number
  /** Authorization requests: GETs of `/oauth/v2/auth`. */
  authorize: number
  api: number
}

/**
 * The data that Zoho would store, and the journal. Maps are in order of creation, so the first
 * entry is the oldest.
 */
export interface Ledger {
  readonly codes: Map<string, AuthorizationCode>
  readonly refreshTokens: Map<string, RefreshToken>
  readonly accessTokens: Map<string, AccessToken>
  /** Keys (`environmentKey`) of users who have consented to a client. */
  readonly consents: Set<string>
  readonly rateWindows: Map<string, RateWindow>
  readonly calls: Calls
  readonly journal: Journal
}

export function createLedger(): Ledger {
  return {
    codes: new Map(),
    refreshTokens: new Map(),
    accessTokens: new Map(),
    consents: new Set(),
    rateWindows: new Map(),
    calls: { token: 0, revoke: 0, authorize: 0, api: 0 },
    journal: createJournal(),
  }
}

/** Removes all data. */
export function clearLedger(ledger: Ledger): void {
  for (const collection of [
    ledger.codes,
    ledger.refreshTokens,
    ledger.accessTokens,
    ledger.consents,
    ledger.rateWindows,
    ledger.journal,
  ])
    collection.clear()
  Object.assign(ledger.calls, { token: 0, revoke: 0, authorize: 0, api: 0 })
}

/** The key of a user and a client. Zoho limits refresh tokens per user and client. */
export function consentKey(grant: Pick<Grant, 'clientId' | 'user'>): string {
  return `${grant.user.id} ${grant.clientId}`
}

/** The key of a user and a client in one environment, each of which has a consent of its own. */
export function environmentKey(grant: Pick<Grant, 'clientId' | 'user' | 'environment'>): string {
  return `${consentKey(grant)} ${grant.environment}`
}

import type { DataCenterId } from '../domain/data-centers.ts'
import type { ConnectionRecord, Identity, PrincipalId, Status } from '../domain/record.ts'
import { missingScopes } from '../domain/scopes.ts'
import type { EpochMs } from '../domain/time.ts'
import { freshnessOf, type Freshness } from '../machine/freshness.ts'
import type { Configuration } from '../config/configure.ts'

/** The stored status of a connection, without secrets. */
export interface ConnectionStatus {
  readonly status: Status
  /** When the status last changed, in store time. */
  readonly since: EpochMs | undefined
  readonly principal: PrincipalId | undefined
  readonly dataCenter: DataCenterId | undefined
  readonly scopes: readonly string[]
  /** The client's scopes that were not granted. */
  readonly missingScopes: readonly string[]
  /** `expiresInMs` is 0 once it has expired. */
  readonly accessToken:
    | { readonly freshness: Freshness; readonly expiresAt: EpochMs; readonly expiresInMs: number }
    | undefined
  /**
   * The Zoho organization and user, if the scopes allow reading them: `ZohoRecruit.org.ALL`,
   * `ZohoRecruit.users.READ`.
   */
  readonly identity: Identity | undefined
}

export const statusOf = (
  config: Configuration,
  record: ConnectionRecord,
  now: EpochMs,
): ConnectionStatus => {
  const { status, since, principal, tokens, identity } = record
  const accessToken = status === 'active' ? tokens?.accessToken : undefined
  return {
    status,
    since,
    principal,
    dataCenter: tokens?.dataCenter,
    scopes: tokens?.scopes ?? [],
    missingScopes: tokens ? missingScopes(tokens.scopes, config.scopes) : config.scopes,
    accessToken: accessToken && {
      freshness: freshnessOf(record, now),
      expiresAt: accessToken.expiresAt,
      expiresInMs: Math.max(0, accessToken.expiresAt - now),
    },
    identity,
  }
}

import type { Client } from './client.ts'
import type { EmulatorClock } from './clock.ts'
import type { DataCenterAddresses, DataCenterId } from './data-centers.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { FaultBook } from './faults/fault-book.ts'
import type { Settings } from './settings/settings.ts'
import type { Users } from './users.ts'

/** The state that all emulated servers share. */
export interface EmulatorState {
  /** The emulated data centers. The client is registered at the first. */
  readonly dataCenters: readonly DataCenterId[]
  /** The users who can sign in. */
  readonly users: Users
  /** The current settings. Read them per request, because `configure` changes them in place. */
  readonly settings: Settings
  /** The settings at the start, which `reset` restores. */
  readonly originalSettings: Settings
  readonly faults: FaultBook
  readonly clock: EmulatorClock
  readonly ledger: Ledger
  readonly client: Client
  /** The current addresses of a data center. */
  addresses(dataCenter: DataCenterId): DataCenterAddresses
}

/**
 * Whether a data center knows the client: the one where it is registered, and those for which
 * multi-DC is on.
 */
export function knowsClient(
  { dataCenters, settings: { multiDataCenter } }: EmulatorState,
  dataCenter: DataCenterId,
): boolean {
  if (dataCenter === dataCenters[0] || multiDataCenter === true) return true
  return multiDataCenter !== false && multiDataCenter.includes(dataCenter)
}

/** The shared state, and the data center of the server. */
export interface ServerContext {
  readonly state: EmulatorState
  readonly dataCenter: DataCenterId
}

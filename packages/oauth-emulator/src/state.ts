import type { Client } from './client.ts'
import type { EmulatorClock } from './clock.ts'
import type { DataCenterAddresses, DataCenterId } from './data-centers.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { FaultBook } from './faults/fault-book.ts'
import type { Settings } from './settings/settings.ts'
import type { Users } from './users.ts'

/** All that the emulated servers share. */
export interface EmulatorState {
  /** Which data centers stand. The client is registered at the first. */
  readonly dataCenters: readonly DataCenterId[]
  /** Who can sign in there. */
  readonly users: Users
  /** As they are now: read them when a request comes, for `configure` changes them in place. */
  readonly settings: Settings
  /** As they were in the beginning. */
  readonly originalSettings: Settings
  readonly faults: FaultBook
  readonly clock: EmulatorClock
  readonly ledger: Ledger
  readonly client: Client
  /** The servers of a data center, where they are now. */
  addresses(dataCenter: DataCenterId): DataCenterAddresses
}

/**
 * Whether the client is known at a data center: where it is registered, and where multi-DC is
 * switched on.
 */
export function knowsClient(
  { dataCenters, settings: { multiDataCenter } }: EmulatorState,
  dataCenter: DataCenterId,
): boolean {
  if (dataCenter === dataCenters[0] || multiDataCenter === true) return true
  return multiDataCenter !== false && multiDataCenter.includes(dataCenter)
}

/** The servers of one data center see the world and know which they are. */
export interface ServerContext {
  readonly world: EmulatorState
  readonly dataCenter: DataCenterId
}

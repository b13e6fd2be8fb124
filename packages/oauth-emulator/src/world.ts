import type { Client } from './client.ts'
import type { EmulatorClock } from './clock.ts'
import type { DataCenterAddresses, DataCenterId } from './data-centers.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Settings } from './options.ts'

/** All that the emulated servers share. */
export interface World {
  readonly settings: Settings
  readonly clock: EmulatorClock
  readonly ledger: Ledger
  readonly client: Client
  /** The servers of a data center, where they are now. */
  addresses(dataCenter: DataCenterId): DataCenterAddresses
}

/** The servers of one data center see the world and know which they are. */
export interface Station {
  readonly world: World
  readonly dataCenter: DataCenterId
}

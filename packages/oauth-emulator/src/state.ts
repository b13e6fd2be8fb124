import type { Client } from './client.ts'
import type { EmulatorClock } from './clock.ts'
import type { DataCenterAddresses, DataCenterId } from './data-centers.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { FaultBook } from './faults/fault-book.ts'
import type { RecruitData } from './recruit/recruit-data.ts'
import type { Settings } from './settings/settings.ts'
import type { Users } from './users.ts'

/** The state that all emulated servers share. */
export interface EmulatorState {
  /** The emulated data centers. The client is registered at the first one. */
  readonly dataCenters: readonly DataCenterId[]
  /** The users who can sign in. */
  readonly users: Users
  /** The current settings. Read them per request, because `configure` changes them in place. */
  readonly settings: Settings
  /** The settings at the start, which `reset` restores. */
  readonly originalSettings: Settings
  /** The faults that were added, which change the responses to matching requests. */
  readonly faults: FaultBook
  readonly clock: EmulatorClock
  /** Everything that was issued and received: codes, tokens, numbers of requests, the journal. */
  readonly ledger: Ledger
  /** The records, files and jobs of all organizations, and the API credits that they used. */
  readonly recruit: RecruitData
  readonly client: Client
  /** The current addresses of a data center. */
  addresses(dataCenter: DataCenterId): DataCenterAddresses
}

/**
 * Is the client known at this data center? It is registered at the first one. The others know it if
 * the setting `multiDataCenter` is `true` or names them.
 */
export function knowsClient(
  { dataCenters, settings: { multiDataCenter } }: EmulatorState,
  dataCenter: DataCenterId,
): boolean {
  if (dataCenter === dataCenters[0] || multiDataCenter === true) return true
  return multiDataCenter !== false && multiDataCenter.includes(dataCenter)
}

/** What a request handler of a server needs: the shared state, and the server's data center. */
export interface ServerContext {
  readonly state: EmulatorState
  readonly dataCenter: DataCenterId
}

import type { EpochMs } from '../clock.ts'
import type { DataCenterAddresses, DataCenterId } from '../data-centers.ts'
import type { ListedFault } from '../faults/fault.ts'
import type { JournalEntry } from '../journal/entry.ts'
import type { Calls } from '../ledger/ledger.ts'
import { ownUserOf } from '../seed/organizations.ts'
import type { EmulatorState } from '../state.ts'
import { type SpentBudget, spent } from './budgets.ts'
import { type ShownUser, usersWithTokens } from './users.ts'

/**
 * All that the inspector shows, as it is now. No secret in clear: tokens are named by their last
 * six characters.
 */
export interface Snapshot {
  readonly now: EpochMs
  /** How far the emulator's clock was pushed. */
  readonly aheadSeconds: number
  readonly dataCenters: Readonly<
    Partial<
      Record<
        DataCenterId,
        DataCenterAddresses & { readonly organization: string; readonly user: string }
      >
    >
  >
  readonly client: {
    readonly id: string
    readonly name: string
    readonly redirectUris: readonly string[]
    readonly codes: SpentBudget
  }
  /** Those who have living tokens. */
  readonly users: readonly ShownUser[]
  readonly faults: readonly ListedFault[]
  readonly calls: Calls
  /** The newest first. */
  readonly journal: readonly JournalEntry[]
}

export function takeSnapshot(world: EmulatorState): Snapshot {
  const { client, clock, dataCenters, faults, ledger } = world
  const stands = (id: DataCenterId) => ({
    ...world.addresses(id),
    organization: ownUserOf(id).organization.name,
    user: ownUserOf(id).email,
  })
  return {
    now: clock.now(),
    aheadSeconds: clock.aheadMs() / 1000,
    dataCenters: Object.fromEntries(dataCenters.map((id) => [id, stands(id)])),
    client: {
      id: client.id,
      name: client.name,
      redirectUris: [...client.redirectUris],
      codes: spent(world, { budget: 'authorizationCodeBudget', of: client.id }),
    },
    users: usersWithTokens(world),
    faults: faults.list(),
    calls: { ...ledger.calls },
    journal: ledger.journal.after(0).toReversed(),
  }
}

import type { EpochMs } from '../clock.ts'
import type { DataCenterAddresses, DataCenterId } from '../data-centers.ts'
import type { ListedFault } from '../faults/fault.ts'
import type { JournalEntry } from '../journal/entry.ts'
import type { Calls } from '../ledger/ledger.ts'
import { defaultUser } from '../seed/organizations.ts'
import type { EmulatorState } from '../state.ts'
import { type BudgetUsage, budgetUsage } from './budgets.ts'
import { type UserView, usersWithTokens } from './users.ts'

/**
 * The current data of the inspector. It has no secrets: it has only the last six characters of each
 * token.
 */
export interface Snapshot {
  readonly now: EpochMs
  /** The seconds by which the emulator's clock was advanced. */
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
    readonly codes: BudgetUsage
  }
  /** The users with valid tokens. */
  readonly users: readonly UserView[]
  readonly faults: readonly ListedFault[]
  readonly calls: Calls
  /** Newest first. */
  readonly journal: readonly JournalEntry[]
}

export function takeSnapshot(state: EmulatorState): Snapshot {
  const { client, clock, dataCenters, faults, ledger } = state
  const describeDataCenter = (id: DataCenterId) => ({
    ...state.addresses(id),
    organization: defaultUser(id).organization.name,
    user: defaultUser(id).email,
  })
  return {
    now: clock.now(),
    aheadSeconds: clock.aheadMs() / 1000,
    dataCenters: Object.fromEntries(dataCenters.map((id) => [id, describeDataCenter(id)])),
    client: {
      id: client.id,
      name: client.name,
      redirectUris: [...client.redirectUris],
      codes: budgetUsage(state, { budget: 'authorizationCodeBudget', key: client.id }),
    },
    users: usersWithTokens(state),
    faults: faults.list(),
    calls: { ...ledger.calls },
    journal: ledger.journal.after(0).toReversed(),
  }
}

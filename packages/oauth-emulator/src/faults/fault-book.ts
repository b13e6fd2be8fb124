import { type DataCenterId } from '../data-centers.ts'
import { BadRequest } from '../http/body.ts'
import type { Calls } from '../ledger/ledger.ts'
import { checkFault } from './check-fault.ts'
import type { Fault, ListedFault } from './fault.ts'

/** The properties of a request that a fault can select. */
export interface Target {
  readonly on: keyof Calls
  readonly dataCenter: DataCenterId
  readonly grantType: string | undefined
  readonly path: string
}

/** The active faults, in the order of addition. */
export interface FaultBook {
  add(fault: Fault): string
  list(): ListedFault[]
  /** Clears one fault, or all faults if there is no id. */
  clear(id?: string): void
  /** Returns the first matching fault with applications left, and counts this application. */
  takeMatching(target: Target): Fault | undefined
}

interface Entry {
  readonly fault: Fault
  /** The number of requests to which the fault was applied. */
  struck: number
}

export function createFaultBook(dataCenters: readonly DataCenterId[]): FaultBook {
  const entries = new Map<string, Entry>()
  const timesLeft = ({ fault, struck }: Entry) =>
    fault.times === undefined ? null : fault.times - struck
  let added = 0
  return {
    add(input) {
      const fault = checkFault(input, dataCenters)
      added += 1
      entries.set(`fault-${added}`, { fault, struck: 0 })
      return `fault-${added}`
    },
    list: () =>
      [...entries].map(([id, entry]) => ({
        ...entry.fault,
        id,
        struck: entry.struck,
        left: timesLeft(entry),
      })),
    clear(id) {
      if (id === undefined) return entries.clear()
      if (!entries.delete(id))
        throw new BadRequest(
          `id: no fault ${JSON.stringify(id)}: use one from GET /_emulator/faults (faults()).`,
        )
    },
    takeMatching({ on, dataCenter, grantType, path }) {
      const entry = [...entries.values()].find(
        (candidate) =>
          candidate.fault.on === on &&
          timesLeft(candidate) !== 0 &&
          (candidate.fault.dataCenter ?? dataCenter) === dataCenter &&
          (candidate.fault.grantType === undefined || candidate.fault.grantType === grantType) &&
          (candidate.fault.path === undefined || candidate.fault.path === path),
      )
      if (entry !== undefined) entry.struck += 1
      return entry?.fault
    },
  }
}

import { type DataCenterId } from '../data-centers.ts'
import { BadRequest } from '../http/body.ts'
import type { Calls } from '../ledger/ledger.ts'
import { checkFault } from './check-fault.ts'
import type { Fault, ListedFault } from './fault.ts'

/** A request, as far as faults tell requests apart. */
export interface Target {
  readonly on: keyof Calls
  readonly dataCenter: DataCenterId
  readonly grantType: string | undefined
  readonly path: string
}

/** The faults that stand, in the order in which they were added. */
export interface FaultBook {
  add(fault: Fault): string
  list(): ListedFault[]
  /** Without an id, all of them. */
  clear(id?: string): void
  /** The first that fits and has times left; it has struck once more then. */
  strikes(target: Target): Fault | undefined
}

export function createFaultBook(standing: readonly DataCenterId[]): FaultBook {
  const entries = new Map<string, { readonly fault: Fault; struck: number }>()
  const left = ({ fault, struck }: { fault: Fault; struck: number }) =>
    fault.times === undefined ? null : fault.times - struck
  let added = 0
  return {
    add(given) {
      const fault = checkFault(given, standing)
      added += 1
      entries.set(`fault-${added}`, { fault, struck: 0 })
      return `fault-${added}`
    },
    list: () =>
      [...entries].map(([id, entry]) => ({
        ...entry.fault,
        id,
        struck: entry.struck,
        left: left(entry),
      })),
    clear(id) {
      if (id === undefined) return entries.clear()
      if (!entries.delete(id))
        throw new BadRequest(
          `id: no fault ${JSON.stringify(id)} stands: use one of GET /_emulator/faults (faults()).`,
        )
    },
    strikes({ on, dataCenter, grantType, path }) {
      const entry = [...entries.values()].find(
        (one) =>
          one.fault.on === on &&
          left(one) !== 0 &&
          (one.fault.dataCenter ?? dataCenter) === dataCenter &&
          (one.fault.grantType === undefined || one.fault.grantType === grantType) &&
          (one.fault.path === undefined || one.fault.path === path),
      )
      if (entry !== undefined) entry.struck += 1
      return entry?.fault
    },
  }
}

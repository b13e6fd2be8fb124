import type { OtherProcess, RunningStore } from './store-harness.ts'

/** A new, empty store for one case. It is stopped when the case ends. */
export interface StoreTestContext extends RunningStore {
  /** Starts several processes at once. */
  others(count: number): Promise<readonly OtherProcess[]>
}

/** One conformance case for stores. */
export interface StoreCase {
  /** A stable id of lower-case letters and hyphens. */
  readonly id: string
  /** The expected behaviour. */
  readonly title: string
  /** The reason for the requirement. */
  readonly rationale: string
  run(context: StoreTestContext): Promise<void>
}

/** The cases of one topic by id, in reading order. */
export type StoreCaseTable = Readonly<
  Record<
    string,
    readonly [title: string, rationale: string, run: (context: StoreTestContext) => Promise<void>]
  >
>

export const storeCasesOf = (table: StoreCaseTable): StoreCase[] =>
  Object.entries(table).map(([id, [title, rationale, run]]) => ({ id, title, rationale, run }))

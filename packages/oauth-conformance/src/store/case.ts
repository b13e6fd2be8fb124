import type { OtherProcess, RunningStore } from './store-harness.ts'

/** A new and empty store, and what a case does with it. All of it ends with the case. */
export interface StoreTestContext extends RunningStore {
  /** Several at once. */
  others(count: number): Promise<readonly OtherProcess[]>
}

/** One case that a store is held against. */
export interface StoreCase {
  /** Stable; in small letters and hyphens. */
  readonly id: string
  /** What happens. */
  readonly title: string
  /** Whom or what it rationale, and from what. */
  readonly rationale: string
  run(stage: StoreTestContext): Promise<void>
}

/** The cases of one subject, in the order in which they read best. */
export type StoreCaseTable = Readonly<
  Record<
    string,
    readonly [title: string, rationale: string, run: (stage: StoreTestContext) => Promise<void>]
  >
>

export const storeCasesOf = (table: StoreCaseTable): StoreCase[] =>
  Object.entries(table).map(([id, [title, rationale, run]]) => ({ id, title, rationale, run }))

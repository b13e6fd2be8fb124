import type { OtherProcess, RunningStore } from './subject.ts'

/** A new and empty store, and what a case does with it. All of it ends with the case. */
export interface StoreStage extends RunningStore {
  /** Several at once. */
  others(count: number): Promise<readonly OtherProcess[]>
}

/** One case that a store is held against. */
export interface StoreCase {
  /** Stable; in small letters and hyphens. */
  readonly id: string
  /** What happens. */
  readonly title: string
  /** Whom or what it protects, and from what. */
  readonly protects: string
  run(stage: StoreStage): Promise<void>
}

/** The cases of one subject, in the order in which they read best. */
export type StoreCaseTable = Readonly<
  Record<
    string,
    readonly [title: string, protects: string, run: (stage: StoreStage) => Promise<void>]
  >
>

export const storeCasesOf = (table: StoreCaseTable): StoreCase[] =>
  Object.entries(table).map(([id, [title, protects, run]]) => ({ id, title, protects, run }))

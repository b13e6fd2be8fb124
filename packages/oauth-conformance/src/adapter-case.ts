import type { Stage } from './stage/stage.ts'

/** One case that an adapter is held against. */
export interface AdapterCase {
  /** Stable; in small letters and hyphens. */
  readonly id: string
  /** What happens. */
  readonly title: string
  /** Whom or what it protects, and from what. */
  readonly protects: string
  run(stage: Stage): Promise<void>
}

/** The cases of one subject, in the order in which they read best. */
export type CaseTable = Readonly<
  Record<string, readonly [title: string, protects: string, run: (stage: Stage) => Promise<void>]>
>

export const casesOf = (table: CaseTable): AdapterCase[] =>
  Object.entries(table).map(([id, [title, protects, run]]) => ({ id, title, protects, run }))

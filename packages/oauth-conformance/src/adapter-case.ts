import type { TestContext } from './harness/test-context.ts'

/** One case that an adapter is held against. */
export interface AdapterCase {
  /** Stable; in small letters and hyphens. */
  readonly id: string
  /** What happens. */
  readonly title: string
  /** Whom or what it rationale, and from what. */
  readonly rationale: string
  run(stage: TestContext): Promise<void>
}

/** The cases of one subject, in the order in which they read best. */
export type CaseTable = Readonly<
  Record<
    string,
    readonly [title: string, rationale: string, run: (stage: TestContext) => Promise<void>]
  >
>

export const casesOf = (table: CaseTable): AdapterCase[] =>
  Object.entries(table).map(([id, [title, rationale, run]]) => ({ id, title, rationale, run }))

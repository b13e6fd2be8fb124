import type { TestContext } from './harness/test-context.ts'

/** One conformance case for adapters. */
export interface AdapterCase {
  /** A stable id of lower-case letters and hyphens. */
  readonly id: string
  /** The expected behaviour. */
  readonly title: string
  /** The reason for the requirement. */
  readonly rationale: string
  run(context: TestContext): Promise<void>
}

/** The cases of one topic by id, in reading order. */
export type CaseTable = Readonly<
  Record<
    string,
    readonly [title: string, rationale: string, run: (context: TestContext) => Promise<void>]
  >
>

export const casesOf = (table: CaseTable): AdapterCase[] =>
  Object.entries(table).map(([id, [title, rationale, run]]) => ({ id, title, rationale, run }))

/**
 * What this project promises, row by row: the threat model's checklist, in one sentence each. Tests
 * name the rows that they show at the beginning of their titles; a row that no test can show has a
 * reason instead.
 */
export interface Row {
  readonly holds: string
  /** Why no test shows it. Beside tests: what they leave out. */
  readonly reason?: string
}

export interface Group {
  readonly title: string
  /** A row of such a group has a test or a reason; in the others it may still wait for one. */
  readonly required: boolean
  readonly rows: Readonly<Record<string, Row>>
}

/** Rows from their sentences: what holds, and where needed the reason. */
export const plain = (
  sentences: Readonly<Record<string, string | readonly [holds: string, reason: string]>>,
): Readonly<Record<string, Row>> =>
  Object.fromEntries(
    Object.entries(sentences).map(([id, told]) => [
      id,
      typeof told === 'string' ? { holds: told } : { holds: told[0], reason: told[1] },
    ]),
  )

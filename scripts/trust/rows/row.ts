/**
 * A guarantee of this project, from the checklist of the threat model. The titles of tests begin
 * with the ids of the rows that they prove. A row that no test can prove has a reason instead.
 */
export interface Row {
  readonly guarantee: string
  /** Why no test proves it. If there are tests: what they do not cover. */
  readonly reason?: string
}

export interface Group {
  readonly title: string
  /** Whether each row must have a test or a reason. */
  readonly required: boolean
  readonly rows: Readonly<Record<string, Row>>
}

/** Creates rows from their guarantees, some of them with a reason. */
export const toRows = (
  texts: Readonly<Record<string, string | readonly [guarantee: string, reason: string]>>,
): Readonly<Record<string, Row>> =>
  Object.fromEntries(
    Object.entries(texts).map(([id, text]) => {
      const [guarantee, reason] = typeof text === 'string' ? [text, undefined] : text
      return [id, { guarantee, ...(reason !== undefined && { reason }) }]
    }),
  )

import type { Instant } from '../clock.ts'

/** The rules by their numbers. */
export const rules = {
  1: 'no token after an acknowledged revocation',
  2: 'no acknowledged consent is lost',
  3: 'no record is stuck',
  4: "Zoho's budgets are never exceeded",
  5: 'all refresh tokens are counted',
  6: 'every status is correct',
  7: 'every caller gets a plausible response in time',
} as const

export type RuleNumber = keyof typeof rules

export interface Violation {
  readonly text: string
  readonly at: Instant
  readonly connection?: string
  /** Numbers of the operations that caused or show it. */
  readonly operations: readonly number[]
}

export interface Verdict {
  readonly rule: RuleNumber
  /** The number of checked cases. */
  readonly cases: number
  readonly violations: readonly Violation[]
}

/** Collects the violations of a rule. */
export const createVerdict = (rule: RuleNumber) => {
  let cases = 0
  const violations: Violation[] = []
  return {
    /** Adds a case, with its violation if there is one. */
    judge(violation: Violation | undefined) {
      cases += 1
      if (violation) violations.push(violation)
    },
    verdict: (): Verdict => ({ rule, cases, violations }),
  }
}

export const groupBy = <T>(
  all: readonly T[],
  keyOf: (item: T) => string | undefined,
): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const item of all) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key) ?? []
    groups.set(key, group)
    group.push(item)
  }
  return groups
}

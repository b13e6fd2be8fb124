import type { Instant } from '../clock.ts'

/** The rules, by the number in the list of what must hold. */
export const rules = {
  1: 'no token after an acknowledged revocation',
  2: 'no acknowledged consent is lost',
  3: 'no record is stuck',
  4: "Zoho's budgets are never exceeded",
  5: 'refresh tokens are counted',
  6: 'every status is true',
  7: 'every caller gets an answer that fits, in time',
} as const

export type RuleNumber = keyof typeof rules

export interface Violation {
  readonly text: string
  readonly at: Instant
  readonly connection?: string
  /** Numbers of the operations that show it. */
  readonly operations: readonly number[]
}

export interface Verdict {
  readonly rule: RuleNumber
  /** How many cases the rule had to say something about. */
  readonly judged: number
  readonly violations: readonly Violation[]
}

/** Collects what a rule finds. */
export const createVerdict = (rule: RuleNumber) => {
  let judged = 0
  const violations: Violation[] = []
  return {
    /** One case; a violation where there is one. */
    judge(violation: Violation | undefined) {
      judged += 1
      if (violation) violations.push(violation)
    },
    verdict: (): Verdict => ({ rule, judged, violations }),
  }
}

export const groupBy = <T>(
  all: readonly T[],
  keyOf: (one: T) => string | undefined,
): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    if (key === undefined) continue
    const group = groups.get(key) ?? []
    groups.set(key, group)
    group.push(one)
  }
  return groups
}

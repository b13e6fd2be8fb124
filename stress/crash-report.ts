import type { Process } from './child.ts'
import type { Cluster } from './cluster.ts'
import type { Row } from './experiment.ts'

/** The crashes in one operation. They are checked when they happen and again after `recover()`. */
export interface CrashReport {
  /** When the last process was killed, in ms as of `performance.now()`. */
  readonly lastKilledAt: number
  /** @param freshProcess a process with an empty cache */
  readonly checkAfterRecovery: (
    freshProcess: Process,
    recovery: { readonly consentFailed: readonly string[] },
  ) => Promise<Row>
}

/** The result of the checks at one step. */
export interface Verdict {
  readonly step: string
  /** Descriptions of the checks that failed; empty if all passed. */
  readonly failed: readonly string[]
}

export const rowOf = (
  cluster: Cluster,
  experiment: string,
  what: string,
  verdicts: readonly Verdict[],
  figures: Row['figures'],
  target: string,
  hasFailed = false,
): Row => {
  const missed = verdicts
    .filter(({ failed }) => failed.length > 0)
    .map(({ step, failed }) => `${step} (${failed.join('; ')})`)
  return {
    experiment,
    store: cluster.store,
    what: `${what} at each of ${verdicts.length} steps`,
    figures: { ...figures, ...(missed.length > 0 && { missed: missed.join(' | ') }) },
    target,
    ok: missed.length === 0 && !hasFailed && verdicts.length > 0,
  }
}

/**
 * Returns the descriptions of the checks that failed.
 * @param checks each key describes the failure of a check; its value is true if the check passed
 */
export const failedChecks = (checks: Readonly<Record<string, boolean>>): string[] =>
  Object.entries(checks).flatMap(([failure, hasPassed]) => (hasPassed ? [] : [failure]))

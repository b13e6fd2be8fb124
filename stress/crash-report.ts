import type { Process } from './child.ts'
import type { Cluster } from './cluster.ts'
import type { Row } from './experiment.ts'

/** What is proved of the deaths in one verb: first as they happen, then after the sweep. */
export interface CrashReport {
  /** `performance.now` when the last of them struck. */
  readonly endedAt: number
  /** @param newcomer a process that remembers nothing of them */
  readonly afterSweep: (
    newcomer: Process,
    swept: { readonly consentFailed: readonly string[] },
  ) => Promise<Row>
}

/** One thing that must hold at each step, and the steps at which it did not. */
export interface Verdict {
  readonly step: string
  /** What is wrong, in words; none when all is well. */
  readonly wrong: readonly string[]
}

export const rowOf = (
  ground: Cluster,
  part: string,
  what: string,
  verdicts: readonly Verdict[],
  figures: Row['figures'],
  target: string,
  wrong = false,
): Row => {
  const bad = verdicts.filter((one) => one.wrong.length > 0)
  const told = bad.map((one) => `${one.step} (${one.wrong.join('; ')})`).join(' | ')
  return {
    part,
    store: ground.store,
    what: `${what} at each of ${verdicts.length} steps`,
    figures: { ...figures, ...(told !== '' && { missed: told }) },
    target,
    ok: bad.length === 0 && !wrong && verdicts.length > 0,
  }
}

/** The words of what does not hold. */
export const failedChecks = (conditions: Readonly<Record<string, boolean>>): string[] =>
  Object.entries(conditions).flatMap(([words, holds]) => (holds ? [] : [words]))

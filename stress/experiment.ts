import type { StoreName } from './stores.ts'

/** One line of the table. */
export interface Row {
  readonly experiment: string
  /** Missing if the row is not about one store. */
  readonly store?: StoreName
  readonly what: string
  /** Measured values by name and unit: `{ 'token calls': 25, 'slowest ms': 612 }`. */
  readonly figures: Readonly<Record<string, number | string>>
  /** The required figures, with the same names. */
  readonly target: string
  readonly ok: boolean
}

/** The settings of a run, and its cleanup. */
export interface TestContext {
  readonly stores: readonly StoreName[]
  /** True in the tests: a shorter run of the same code. */
  readonly short: boolean
  /** For random operations: how long they run on each store, and the seed of the random numbers. */
  readonly seconds?: number
  readonly seed?: number
  /** Registers a cleanup. Cleanups run in reverse order, even if the experiment throws. */
  readonly atEnd: (cleanUp: () => unknown) => void
}

/**
 * An experiment starts its own store, Zoho and processes (`startStore`, `startZoho`,
 * `startProcess`), and shares nothing with other experiments.
 */
export interface Experiment {
  readonly name: string
  run(context: TestContext): Promise<readonly Row[]>
}

/**
 * How much slower than its target an operation may be. Tests share the processors with other work,
 * so a test fails only for a wrong result, not for a slow one.
 */
export const slackMs = ({ short }: Pick<TestContext, 'short'>): number => (short ? 20_000 : 0)

export const runExperiment = async (
  experiment: Experiment,
  settings: Omit<TestContext, 'atEnd'>,
): Promise<readonly Row[]> => {
  const cleanUps: (() => unknown)[] = []
  try {
    return await experiment.run({
      ...settings,
      atEnd: (cleanUp) => void cleanUps.push(cleanUp),
    })
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp()
  }
}

/** A row as text: the measured figures and the target. */
export const asText = ({ experiment, store, what, figures, target, ok }: Row): string => {
  const measured = Object.entries(figures).map(([name, value]) => `${name} ${value}`)
  return [
    ok ? 'ok    ' : 'MISSED',
    experiment.padEnd(14),
    (store ?? '').padEnd(8),
    what.padEnd(44),
    `${measured.join(', ')}  (target: ${target})`,
  ].join('  ')
}

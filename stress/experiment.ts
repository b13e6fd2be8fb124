import type { StoreName } from './stores.ts'

/** One line of the table. */
export interface Row {
  readonly part: string
  /** The store it was seen on; nothing where no store or every store is meant. */
  readonly store?: StoreName
  readonly what: string
  /** What was measured, each by its name and unit: `{ 'token calls': 25, 'slowest ms': 612 }`. */
  readonly figures: Readonly<Record<string, number | string>>
  /** In the same words, what the figures must be. */
  readonly target: string
  readonly ok: boolean
}

/** What a part is given. */
export interface TestContext {
  readonly stores: readonly StoreName[]
  /** The shorter run of the same code, for the tests. */
  readonly short: boolean
  /**
   * For the part that runs for a time and by chance: how long on each store, and the seed of its
   * random numbers.
   */
  readonly seconds?: number
  readonly seed?: number
  /** What is ended after the part, the last first, whatever became of it. */
  readonly atEnd: (end: () => unknown) => void
}

/**
 * One proof. It starts what it needs (`startStore`, `startZoho`, `startProcess`) and shares nothing
 * with another part.
 */
export interface Experiment {
  readonly name: string
  prove(bench: TestContext): Promise<readonly Row[]>
}

/**
 * In the tests other work runs on the same processors: what comes late is no failure there, what is
 * wrong is.
 */
export const grantedMs = ({ short }: Pick<TestContext, 'short'>): number => (short ? 20_000 : 0)

export const runExperiment = async (
  part: Experiment,
  given: Omit<TestContext, 'atEnd'>,
): Promise<readonly Row[]> => {
  const ends: (() => unknown)[] = []
  try {
    return await part.prove({ ...given, atEnd: (end) => void ends.push(end) })
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

/** A row for people: what was seen beside what it must be. */
export const asText = ({ part, store, what, figures, target, ok }: Row): string => {
  const seen = Object.entries(figures).map(([name, value]) => `${name} ${value}`)
  return [
    ok ? 'ok    ' : 'MISSED',
    part.padEnd(14),
    (store ?? '').padEnd(8),
    what.padEnd(44),
    `${seen.join(', ')}  (target: ${target})`,
  ].join('  ')
}

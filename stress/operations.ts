import { randomInt } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { check } from './operations/check/check.ts'
import { rules, type Verdict, type Violation } from './operations/check/verdict.ts'
import { drive, type Driven } from './operations/drive.ts'
import type { History } from './operations/history.ts'
import type { Plan } from './operations/plan.ts'
import { makePlan } from './operations/plan/make-plan.ts'
import { checkAtRest } from './operations/at-rest.ts'
import { explain } from './operations/report.ts'
import { createSetup } from './operations/setup.ts'
import type { TestContext, Experiment, Row } from './experiment.ts'
import type { StoreName } from './stores.ts'

/**
 * Runs random operations in several processes on one store, while processes are killed and stopped,
 * the store is frozen or slow, and Zoho fails. Afterwards a checker checks the history and the
 * final state.
 *
 * The seed determines the plan: the operations, the faults, and their times relative to the start.
 * It does not determine how the processes interleave, so two runs with one seed can end
 * differently. A violation may need several runs to appear again.
 */
export const operations: Experiment = {
  name: 'operations',
  async run(context) {
    const seed = context.seed ?? randomInt(1, 2 ** 31)
    const selection = context.stores.map((store) => ` --store=${store}`).join('')
    const duration = context.seconds === undefined ? '' : ` --seconds=${context.seconds}`
    const repeat = `--experiment=operations --seed=${seed}${selection}${duration}`
    console.error(`operations: seed ${seed} (again: pnpm prove:processes ${repeat})`)
    const rows: Row[] = []
    for (const store of context.stores) rows.push(...(await runOnStore(context, store, seed)))
    return rows
  },
}

const maxExplained = 5

const runOnStore = async (context: TestContext, store: StoreName, seed: number): Promise<Row[]> => {
  const seconds = context.seconds ?? (context.short ? 60 : 600)
  const plan = makePlan({ seed, seconds })
  const startedAt = performance.now()
  const setup = await createSetup(context, store, plan)
  const driven = await drive(setup, plan, seconds)
  const atRest = await checkAtRest(setup, plan, driven)
  const { requests, storeFailures, throttles } = setup.fleet.reports
  const history: History = {
    operations: driven.operations.toSorted((one, other) => one.begin - other.begin),
    requests: requests.toSorted((one, other) => one.sentAt - other.sentAt),
    storeFailures,
    throttles,
    refusals: setup.refusals,
    final: { ...atRest, failures: driven.failures },
  }
  await keepHistory(store, history, driven.notes)
  const verdicts = check(history)
  for (const { rule, violations } of verdicts) {
    for (const violation of violations.slice(0, maxExplained)) {
      console.error(
        `seed ${seed}, ${store}, rule ${rule}:\n${explain(violation, history, driven.notes)}`,
      )
    }
  }
  const tookSeconds = Math.round((performance.now() - startedAt) / 1_000)
  return [
    activityRow(store, plan, driven, history, tookSeconds),
    ...verdicts.map((verdict) => rowOf(store, seed, verdict)),
  ]
}

/** With `STRESS_HISTORY=FOLDER`, writes the input of the checker there as JSON. */
const keepHistory = async (
  store: StoreName,
  history: History,
  notes: Driven['notes'],
): Promise<void> => {
  const folder = process.env['STRESS_HISTORY']
  if (folder)
    await writeFile(join(folder, `operations-${store}.json`), JSON.stringify({ ...history, notes }))
}

const activityRow = (
  store: StoreName,
  plan: Plan,
  driven: Driven,
  history: History,
  seconds: number,
): Row => {
  const { counts, skippedSeconds } = driven
  const consents = history.operations.filter(({ verb }) => verb === 'consent')
  return {
    experiment: 'operations',
    store,
    what: `random operations in ${plan.slots} processes, seed ${plan.seed}`,
    figures: {
      seconds,
      rounds: `${driven.rounds} of ${plan.rounds.length}`,
      'hours skipped': Math.round(skippedSeconds / 360) / 10,
      operations: history.operations.length,
      consents: consents.length,
      acknowledged: consents.filter(({ outcome }) => outcome === 'ok').length,
      'token requests': history.requests.length,
      kills: counts.kill,
      stops: counts.stop,
      'frozen stores': counts['freeze-store'],
      'stalled commits': counts['stall-commits'],
      'slow stores': counts['slow-store'],
      'faults of Zoho': counts['zoho-fault'],
      deployments: counts.deploy,
      'store commands failed': history.storeFailures.length,
    },
    target: 'more than 100 operations',
    ok: history.operations.length > 100,
  }
}

const rowOf = (store: StoreName, seed: number, { rule, cases, violations }: Verdict): Row => ({
  experiment: 'operations',
  store,
  what: `${rule}. ${rules[rule]}`,
  figures: {
    cases,
    violations: violations.length,
    ...(violations.length > 0 && { seed, found: foundIn(violations) }),
  },
  target: 'violations 0',
  ok: violations.length === 0,
})

const maxFound = 3

const foundIn = (violations: readonly Violation[]): string => {
  const texts = violations.slice(0, maxFound).map(({ text }) => text)
  return violations.length > maxFound ? [...texts, '…'].join(' ') : texts.join(' ')
}

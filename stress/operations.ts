import { randomInt } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { check } from './operations/check/check.ts'
import { rules, type Verdict, type Violation } from './operations/check/verdict.ts'
import { drive, type Driven } from './operations/drive.ts'
import type { History } from './operations/history.ts'
import type { Plan } from './operations/plan.ts'
import { makePlan } from './operations/plan/make-plan.ts'
import { quiesce } from './operations/quiesce.ts'
import { explain } from './operations/report.ts'
import { createSetup } from './operations/setup.ts'
import type { TestContext, Experiment, Row } from './experiment.ts'
import type { StoreName } from './stores.ts'

/**
 * Random operations of several processes on one store, while processes are killed and stopped, the
 * store stands still or is late, and Zoho fails. Afterwards a checker judges the history and what
 * is left.
 *
 * The seed decides the plan: operations, troubles, and their times relative to the start. It does
 * not decide how the processes interleave: two runs of one seed try the same things, and can end
 * differently. A violation that a seed found once may need several runs to be seen again.
 */
export const operations: Experiment = {
  name: 'operations',
  async prove(bench) {
    const seed = bench.seed ?? randomInt(1, 2 ** 31)
    console.error(
      `operations: seed ${seed} (again: pnpm prove:processes --part=operations --seed=${seed})`,
    )
    const rows: Row[] = []
    for (const store of bench.stores) rows.push(...(await on(bench, store, seed)))
    return rows
  },
}

const mostExplained = 5

const on = async (bench: TestContext, store: StoreName, seed: number): Promise<Row[]> => {
  const seconds = bench.seconds ?? (bench.short ? 60 : 600)
  const plan = makePlan({ seed, seconds })
  const startedAt = performance.now()
  const scene = await createSetup(bench, store, plan)
  const driven = await drive(scene, plan, seconds)
  const rest = await quiesce(scene, plan, driven)
  const { requests, storeFailures, throttles } = scene.fleet.told
  const history: History = {
    operations: driven.operations.toSorted((one, other) => one.begin - other.begin),
    requests: requests.toSorted((one, other) => one.sentAt - other.sentAt),
    storeFailures,
    throttles,
    refusals: scene.refusals,
    final: { ...rest, failures: driven.failures },
  }
  await keepHistory(store, history, driven.notes)
  const verdicts = check(history)
  for (const { rule, violations } of verdicts) {
    for (const violation of violations.slice(0, mostExplained)) {
      console.error(
        `seed ${seed}, ${store}, rule ${rule}:\n${explain(violation, history, driven.notes)}`,
      )
    }
  }
  const tookSeconds = Math.round((performance.now() - startedAt) / 1_000)
  return [
    activity(store, plan, driven, history, tookSeconds),
    ...verdicts.map((verdict) => rowOf(store, seed, verdict)),
  ]
}

/** With `PROVE_HISTORY=FOLDER`, everything that the checker judges, as JSON. */
const keepHistory = async (
  store: StoreName,
  history: History,
  notes: Driven['notes'],
): Promise<void> => {
  const folder = process.env['PROVE_HISTORY']
  if (folder)
    await writeFile(join(folder, `operations-${store}.json`), JSON.stringify({ ...history, notes }))
}

const activity = (
  store: StoreName,
  plan: Plan,
  driven: Driven,
  history: History,
  seconds: number,
): Row => {
  const { counts, skippedSeconds } = driven
  const consents = history.operations.filter(({ verb }) => verb === 'consent')
  return {
    part: 'operations',
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
      'faults of Zoho': counts.fault,
      deployments: counts.deploy,
      'store commands failed': history.storeFailures.length,
    },
    target: 'more than 100 operations',
    ok: history.operations.length > 100,
  }
}

const rowOf = (store: StoreName, seed: number, { rule, judged, violations }: Verdict): Row => ({
  part: 'operations',
  store,
  what: `${rule}. ${rules[rule]}`,
  figures: {
    judged,
    violations: violations.length,
    ...(violations.length > 0 && { seed, found: foundIn(violations) }),
  },
  target: 'violations 0',
  ok: violations.length === 0,
})

const mostFound = 3

const foundIn = (violations: readonly Violation[]): string => {
  const texts = violations.slice(0, mostFound).map(({ text }) => text)
  return violations.length > mostFound ? [...texts, '…'].join(' ') : texts.join(' ')
}

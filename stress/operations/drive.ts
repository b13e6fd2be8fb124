import { setTimeout as sleep } from 'node:timers/promises'
import { standstill } from '../faults/standstill.ts'
import type { Operation } from './history.ts'
import { perform } from './perform.ts'
import type { Plan, PlannedDeployment, PlannedOperation, PlannedTrouble, Round } from './plan.ts'
import type { ProcessOrder } from './process.ts'
import type { Setup } from './setup.ts'
import { noSlowness } from './slow-store.ts'

/** What the driver has done so far. */
export interface Driven {
  readonly operations: Operation[]
  readonly failures: string[]
  /** What went wrong when, for people who read a violation. */
  readonly notes: { readonly at: number; readonly text: string }[]
  readonly counts: Record<PlannedTrouble['do'] | 'deploy', number>
  rounds: number
  /** Time that was skipped. */
  skippedSeconds: number
}

/** Rotation waits so long for writes of the former key that are still under way in the store. */
const lateCommitMs = 5_000

/**
 * Carries out a plan, round by round. At the end of each, everything that was begun has ended. On a
 * busy machine rounds take longer than planned: after `seconds` no other one begins.
 */
export const drive = async (scene: Setup, plan: Plan, seconds: number): Promise<Driven> => {
  const counts = {
    kill: 0,
    stop: 0,
    'freeze-store': 0,
    'stall-commits': 0,
    'slow-store': 0,
    fault: 0,
    deploy: 0,
  }
  const driven: Driven = {
    operations: [],
    failures: [],
    notes: [],
    counts,
    rounds: 0,
    skippedSeconds: 0,
  }
  const journal = setInterval(() => {
    scene
      .readJournal()
      .catch((error: unknown) => driven.failures.push(`the journal: ${String(error)}`))
  }, 500)
  try {
    const endsAt = performance.now() + seconds * 1_000
    for (const round of plan.rounds) {
      if (performance.now() > endsAt) break
      await driveRound(scene, round, driven)
      driven.rounds += 1
    }
  } finally {
    clearInterval(journal)
  }
  return driven
}

const driveRound = async (scene: Setup, round: Round, driven: Driven): Promise<void> => {
  const ended = new Map<number, Promise<unknown>>()
  const startedAt = performance.now()
  const until = (at: number) => sleep(Math.max(0, startedAt + at - performance.now()))
  const failed = (what: string) => (error: unknown) =>
    void driven.failures.push(`${what}: ${String(error)}`)

  const planned = round.steps.filter((step): step is PlannedOperation => step.do === 'operate')
  // An operation follows one with a smaller number.
  for (const step of planned.toSorted((one, other) => one.number - other.number)) {
    const former = step.after === undefined ? undefined : ended.get(step.after)
    const run = async () => {
      await until(step.at)
      await former
      driven.operations.push(await operate(scene, step))
    }
    ended.set(step.number, run().catch(failed(`operation ${step.number}`)))
  }
  const others = round.steps
    .filter((step) => step.do !== 'operate')
    .map(async (step) => {
      await until(step.at)
      driven.counts[step.do] += 1
      const note = (when: string) =>
        driven.notes.push({ at: scene.clock.now(), text: `${when} ${describe(step)}` })
      note('begin of')
      await (step.do === 'deploy' ? deploy(scene, step, driven) : trouble(scene, step)).catch(
        failed(step.do),
      )
      note('end of')
    })
  await Promise.all([...ended.values(), ...others])
  await settle(scene)
  await scene.readJournal()
  await scene.skip(round.skipSeconds)
  driven.skippedSeconds += round.skipSeconds
}

const describe = ({ at: _at, ...step }: PlannedTrouble | PlannedDeployment): string =>
  step.do === 'deploy' ? 'deployment of keys' : JSON.stringify(step)

const operate = async (scene: Setup, planned: PlannedOperation): Promise<Operation> => {
  const { number, verb, connection, slot, browser } = planned
  const { fleet } = scene
  return perform(scene, await fleet.member(slot), {
    number,
    verb,
    ...(connection !== undefined && { connection }),
    ...(browser !== undefined && { beginner: await fleet.member(browser) }),
  })
}

/** Nothing is under way any more, in no process. */
export const settle = async ({ fleet }: Setup): Promise<void> => {
  await Promise.all(
    (await fleet.members()).map(({ process }) =>
      process.ask({ do: 'settle' } satisfies ProcessOrder),
    ),
  )
}

/** Resolves when the trouble is over. */
const trouble = async (scene: Setup, step: PlannedTrouble): Promise<void> => {
  const { fleet, zoho, stallCommits } = scene
  const lasts = async (end: () => unknown) => {
    await sleep('forMs' in step ? step.forMs : 0)
    await end()
  }
  switch (step.do) {
    case 'kill':
      return fleet.kill(step.slot)
    case 'stop':
      return lasts(await fleet.stop(step.slot))
    case 'freeze-store':
      return lasts(await standstill(scene, 'hangs'))
    case 'stall-commits': {
      if (stallCommits) return lasts(await stallCommits(step.seconds))
      const writes = { share: 0.6, maxMs: step.seconds * 1_000 }
      await fleet.slow({ ...noSlowness, writes })
      return lasts(() => fleet.slow(noSlowness))
    }
    case 'slow-store':
      await fleet.slow(step.slowness, step.slot)
      return lasts(() => fleet.slow(noSlowness, step.slot))
    case 'fault': {
      const { id } = await zoho.addFault(step.fault)
      return lasts(() => zoho.clearFaults(id))
    }
  }
}

/**
 * One process after the other gets the keys. Before the former key goes, all records are sealed
 * with the current one.
 */
const deploy = async (
  scene: Setup,
  { keys, reencrypts }: PlannedDeployment,
  driven: Driven,
): Promise<void> => {
  const { fleet } = scene
  if (reencrypts) {
    await sleep(lateCommitMs)
    let outcome = ''
    for (let tries = 0; tries < 20 && outcome !== 'ok'; tries++) {
      if (tries > 0) await sleep(500)
      const operation = await perform(scene, await fleet.member(0), {
        number: 0,
        verb: 'reencrypt',
      })
      driven.operations.push(operation)
      outcome = operation.outcome
    }
    if (outcome !== 'ok')
      throw new Error(`the records could not be sealed with the current key: ${outcome}`)
  }
  for (let slot = 0; slot < (await fleet.members()).length; slot++) await fleet.replace(slot, keys)
}

import { setTimeout as sleep } from 'node:timers/promises'
import { stopStore } from '../faults/stop-store.ts'
import type { Operation } from './history.ts'
import { perform } from './perform.ts'
import type { Plan, PlannedDeployment, PlannedOperation, PlannedFault, Round } from './plan.ts'
import type { ProcessCommand } from './process.ts'
import type { Setup } from './setup.ts'
import { noSlowness } from './slow-store.ts'

/** What the driver has recorded so far. */
export interface Driven {
  readonly operations: Operation[]
  readonly failures: string[]
  /** Times of the injected faults, to explain a violation. */
  readonly notes: { readonly at: number; readonly text: string }[]
  readonly counts: Record<PlannedFault['do'] | 'deploy', number>
  rounds: number
  skippedSeconds: number
}

/** How long a rotation waits for writes with the former key that are still in progress. */
const lateCommitMs = 5_000

/**
 * Executes a plan, round by round. A round ends when all its operations have ended. On a busy
 * machine rounds take longer than planned, so no round starts after `seconds`.
 */
export const drive = async (setup: Setup, plan: Plan, seconds: number): Promise<Driven> => {
  const counts = {
    kill: 0,
    stop: 0,
    'freeze-store': 0,
    'stall-commits': 0,
    'slow-store': 0,
    'zoho-fault': 0,
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
    setup
      .readJournal()
      .catch((error: unknown) => driven.failures.push(`the journal: ${String(error)}`))
  }, 500)
  try {
    const endsAt = performance.now() + seconds * 1_000
    for (const round of plan.rounds) {
      if (performance.now() > endsAt) break
      await driveRound(setup, round, driven)
      driven.rounds += 1
    }
  } finally {
    clearInterval(journal)
  }
  return driven
}

const driveRound = async (setup: Setup, round: Round, driven: Driven): Promise<void> => {
  const ended = new Map<number, Promise<unknown>>()
  const startedAt = performance.now()
  const sleepUntil = (at: number) => sleep(Math.max(0, startedAt + at - performance.now()))
  const recordFailure = (what: string) => (error: unknown) =>
    void driven.failures.push(`${what}: ${String(error)}`)

  const planned = round.steps.filter((step): step is PlannedOperation => step.do === 'operate')
  // An operation waits only for operations with smaller numbers, so these come first in `ended`.
  for (const step of planned.toSorted((one, other) => one.number - other.number)) {
    const former = step.after === undefined ? undefined : ended.get(step.after)
    const run = async () => {
      await sleepUntil(step.at)
      await former
      driven.operations.push(await operate(setup, step))
    }
    ended.set(step.number, run().catch(recordFailure(`operation ${step.number}`)))
  }
  const others = round.steps
    .filter((step) => step.do !== 'operate')
    .map(async (step) => {
      await sleepUntil(step.at)
      driven.counts[step.do] += 1
      const note = (when: string) =>
        driven.notes.push({ at: setup.clock.now(), text: `${when} ${describe(step)}` })
      note('begin of')
      await (step.do === 'deploy' ? deploy(setup, step, driven) : injectFault(setup, step)).catch(
        recordFailure(step.do),
      )
      note('end of')
    })
  await Promise.all([...ended.values(), ...others])
  await settle(setup)
  await setup.readJournal()
  await setup.skip(round.skipSeconds)
  driven.skippedSeconds += round.skipSeconds
}

const describe = ({ at: _at, ...step }: PlannedFault | PlannedDeployment): string =>
  step.do === 'deploy' ? 'deployment of keys' : JSON.stringify(step)

const operate = async (setup: Setup, planned: PlannedOperation): Promise<Operation> => {
  const { number, verb, connection, slot, browserSlot } = planned
  const { fleet } = setup
  return perform(setup, await fleet.member(slot), {
    number,
    verb,
    ...(connection !== undefined && { connection }),
    ...(browserSlot !== undefined && { starter: await fleet.member(browserSlot) }),
  })
}

/** Waits until no process has work in progress. */
export const settle = async ({ fleet }: Setup): Promise<void> => {
  await Promise.all(
    (await fleet.members()).map(({ process }) =>
      process.request({ do: 'settle' } satisfies ProcessCommand),
    ),
  )
}

/** Injects a fault. Resolves when it has ended. */
const injectFault = async (setup: Setup, step: PlannedFault): Promise<void> => {
  const { fleet, zoho, stallCommits } = setup
  const endLater = async (end: () => unknown) => {
    await sleep('forMs' in step ? step.forMs : 0)
    await end()
  }
  switch (step.do) {
    case 'kill':
      return fleet.kill(step.slot)
    case 'stop':
      return endLater(await fleet.stop(step.slot))
    case 'freeze-store':
      return endLater(await stopStore(setup, 'hangs'))
    case 'stall-commits': {
      if (stallCommits) return endLater(await stallCommits(step.seconds))
      const writes = { share: 0.6, maxMs: step.seconds * 1_000 }
      await fleet.slow({ ...noSlowness, writes })
      return endLater(() => fleet.slow(noSlowness))
    }
    case 'slow-store':
      await fleet.slow(step.slowness, step.slot)
      return endLater(() => fleet.slow(noSlowness, step.slot))
    case 'zoho-fault': {
      const { id } = await zoho.addFault(step.fault)
      return endLater(() => zoho.clearFaults(id))
    }
  }
}

/** Replaces the processes, one after the other, by processes with other keys. */
const deploy = async (
  setup: Setup,
  { keys, reencrypts }: PlannedDeployment,
  driven: Driven,
): Promise<void> => {
  const { fleet } = setup
  if (reencrypts) {
    await sleep(lateCommitMs)
    let outcome = ''
    for (let tries = 0; tries < 20 && outcome !== 'ok'; tries++) {
      if (tries > 0) await sleep(500)
      const operation = await perform(setup, await fleet.member(0), {
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

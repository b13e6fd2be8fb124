import type { Plan, Round } from '../plan.ts'
import { createDice } from './dice.ts'
import { createPlanner } from './planner.ts'

export interface PlanOptions {
  readonly seed: number
  /** The approximate duration of all rounds in real time. */
  readonly seconds: number
  readonly slots?: number
  readonly connections?: number
}

/** The approximate time to wait for running operations at the end of a round. */
const roundEndMs = 2_500

export const makePlan = ({
  seed,
  seconds,
  slots = 4,
  connections: count = 14,
}: PlanOptions): Plan => {
  const dice = createDice(seed)
  const connections = Array.from({ length: count }, (_, index) => `c${index}`)
  const keys = Array.from({ length: 2 + Math.ceil(seconds / 60) }, () => dice.key())
  const planner = createPlanner(dice, slots, connections)

  const rounds: Round[] = [planner.seeding()]
  let leftMs = seconds * 1_000 - roundEndMs
  let key = 0
  while (leftMs > 0) {
    const lengthMs = dice.between(5_000, 9_000)
    leftMs -= lengthMs + roundEndMs
    const steps = planner.round(lengthMs)
    // Of every eight rounds, those with the indexes 2, 3 and 4 are the stages of a key rotation.
    const stage = (rounds.length % 8) - 2
    const [former, current] = [keys[key] as string, keys[key + 1] as string]
    const keysByStage = [[former, current], [current, former], [current]]
    const deployed = keysByStage[stage]
    const at = dice.between(0, lengthMs / 3)
    if (deployed) steps.push({ do: 'deploy', at, keys: deployed, reencrypts: stage === 2 })
    if (stage === 2) key += 1
    rounds.push({
      steps: steps.toSorted((a, b) => a.at - b.at),
      skipSeconds: planner.skip(),
    })
  }
  return { seed, slots, connections, keys, rounds }
}

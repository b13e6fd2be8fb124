import { chanceOf } from '../year/chance.ts'
import type { Verb } from './history.ts'
import type { Slowness } from './slow-store.ts'

/** One operation. `after`: it starts when that operation ended, and not before `at`. */
export interface PlannedOperation {
  readonly do: 'operate'
  readonly at: number
  readonly number: number
  readonly verb: Verb
  readonly connection?: string
  readonly slot: number
  readonly after?: number
  /** A consent in a browser, not by a Self Client code: the process of this slot begins it. */
  readonly browser?: number
}

/** What goes wrong, from `at` on for `forMs`. */
export type PlannedTrouble = { readonly at: number } & (
  | { readonly do: 'kill'; readonly slot: number }
  | { readonly do: 'stop'; readonly slot: number; readonly forMs: number }
  | { readonly do: 'freeze-store'; readonly forMs: number }
  /** Commits take up to so long while reads go on. */
  | { readonly do: 'stall-commits'; readonly forMs: number; readonly seconds: number }
  /** Without a slot: all processes. */
  | {
      readonly do: 'slow-store'
      readonly forMs: number
      readonly slot?: number
      readonly slowness: Slowness
    }
  | {
      readonly do: 'fault'
      readonly forMs: number
      readonly fault: Readonly<Record<string, unknown>>
    }
)

/**
 * A stage of a key rotation: every process is replaced by one with these keys, one after the other.
 */
export interface PlannedDeployment {
  readonly do: 'deploy'
  readonly at: number
  readonly keys: readonly string[]
  /** Every record is sealed with the current key first. */
  readonly reencrypts: boolean
}

export type Step = PlannedOperation | PlannedTrouble | PlannedDeployment

/** Times are milliseconds from the start of the round. */
export interface Round {
  readonly steps: readonly Step[]
  /** When everything of the round ended, so much time is skipped for everybody. */
  readonly skipSeconds: number
}

/**
 * All that a seed decides. The same seed gives the same plan; when things happen in real time
 * differs a little each run.
 */
export interface Plan {
  readonly seed: number
  readonly slots: number
  readonly connections: readonly string[]
  readonly keys: readonly string[]
  readonly rounds: readonly Round[]
}

export interface PlanOptions {
  readonly seed: number
  /** How long the rounds last in real time, about. */
  readonly seconds: number
  readonly slots?: number
  readonly connections?: number
}

/** The ends of what was begun, and waiting for it, take about so long at the end of a round. */
const roundEndMs = 2_500
/** Zoho gives a client ten codes in ten minutes; time may not be skipped between two rounds. */
const mostBrowserConsents = 4
const betweenClustersMs = 330

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
    // A rotation takes the second to fourth round of every eight.
    const stage = (rounds.length % 8) - 2
    const [former, current] = [keys[key] as string, keys[key + 1] as string]
    const deployed = [[former, current], [current, former], [current]][stage]
    const at = dice.between(0, lengthMs / 3)
    if (deployed) steps.push({ do: 'deploy', at, keys: deployed, reencrypts: stage === 2 })
    if (stage === 2) key += 1
    rounds.push({
      steps: steps.toSorted((one, other) => one.at - other.at),
      skipSeconds: planner.skip(),
    })
  }
  return { seed, slots, connections, keys, rounds }
}

type Dice = ReturnType<typeof createDice>

const createDice = (seed: number) => {
  const next = chanceOf(seed)
  const below = (count: number) => Math.floor(next() * count)
  return {
    next,
    below,
    between: (least: number, most: number) => Math.round(least + next() * (most - least)),
    is: (share: number) => next() < share,
    one: <T>(all: readonly T[]): T => all[below(all.length)] as T,
    key: () => Buffer.from(Array.from({ length: 32 }, () => below(256))).toString('base64'),
  }
}

const createPlanner = (dice: Dice, slots: number, connections: readonly string[]) => {
  let numbers = 0
  let skippedSeconds = Infinity
  let browserConsents = 0

  /** Operations on one connection, close together: only those meet each other. */
  const cluster = (startAt: number): PlannedOperation[] => {
    const connection = dice.one(connections)
    const home = dice.below(slots)
    const operations: PlannedOperation[] = []
    const slot = () => (dice.is(0.5) ? home : dice.below(slots))
    const add = (verb: Verb, withinMs: number, more: Partial<PlannedOperation> = {}): number => {
      const number = ++numbers
      const at = Math.round(startAt + dice.next() * withinMs)
      operations.push({ do: 'operate', at, number, verb, connection, slot: slot(), ...more })
      return number
    }
    const callers = (
      least: number,
      most: number,
      withinMs: number,
      more: Partial<PlannedOperation> = {},
    ) => {
      for (let left = dice.between(least, most); left > 0; left--) {
        add(dice.is(0.7) ? 'accessToken' : 'fetch', withinMs, more)
      }
    }
    const consent = (withinMs: number, more: Partial<PlannedOperation> = {}) => {
      const inBrowser = browserConsents < mostBrowserConsents && dice.is(0.3)
      if (inBrowser) browserConsents += 1
      return add('consent', withinMs, { ...more, ...(inBrowser && { browser: slot() }) })
    }
    /**
     * A revoke() or forget(), and callers in the same process that start when it was
     * acknowledged.
     */
    const end = (verb: 'revoke' | 'forget') => {
      const at = { slot: home }
      callers(1, 3, 300, dice.is(0.5) ? at : {})
      const number = add(verb, 500, at)
      callers(1, 2, 0, { ...at, after: number })
      callers(0, 2, 2_000)
      if (dice.is(0.6)) consent(dice.is(0.4) ? 600 : 3_000, dice.is(0.5) ? { after: number } : {})
    }
    /**
     * Another process connects again, so that this one has to ask the store, and calls revoke()
     * meanwhile.
     */
    const endBehindTheBack = () => {
      const at = { slot: home }
      const first = add('revoke', 0, at)
      const again = consent(0, { after: first, slot: (home + 1) % slots })
      callers(1, 2, 0, { ...at, after: again })
      const number = add('revoke', 0, { ...at, after: again })
      callers(2, 3, 0, { ...at, after: number })
    }
    dice.one([
      () => callers(3, 6, 500),
      () => callers(3, 6, 1_500),
      () => {
        consent(400)
        callers(1, 3, 1_500)
      },
      () => {
        consent(400)
        if (dice.is(0.3)) consent(400)
        callers(1, 3, 1_500)
      },
      () => end('revoke'),
      () => end(dice.is(0.5) ? 'forget' : 'revoke'),
      () => endBehindTheBack(),
      () => endBehindTheBack(),
      () => {
        add('refresh', 300)
        if (dice.is(0.5)) add('refresh', 300)
        callers(1, 3, 600)
      },
      () => {
        // One endpoint works and another one refuses, in turn and in several processes.
        for (let chains = dice.between(1, 3); chains > 0; chains--) {
          const at = { slot: slot() }
          let last = add('fetch', 300, at)
          for (let calls = dice.between(1, 3); calls > 0; calls--) {
            last = add('fetchRefused', 300, { ...at, after: last })
            last = add('fetch', 300, { ...at, after: last })
          }
        }
      },
    ])()
    return operations
  }

  const round = (lengthMs: number): Step[] => {
    browserConsents = skippedSeconds >= 600 ? 0 : browserConsents
    const steps: Step[] = []
    for (
      let at = 0;
      at < lengthMs;
      at += dice.between(betweenClustersMs / 2, 1.5 * betweenClustersMs)
    ) {
      steps.push(...cluster(at))
    }
    for (let sweeps = dice.between(1, 3); sweeps > 0; sweeps--) {
      steps.push({
        do: 'operate',
        at: dice.below(lengthMs),
        number: ++numbers,
        verb: 'recover',
        slot: dice.below(slots),
      })
    }
    return [...steps, ...troubles(dice, lengthMs, slots)]
  }

  return {
    round,
    /** Everybody consents, and nothing goes wrong. */
    seeding(): Round {
      const steps = connections.map((connection, index) => {
        const number = ++numbers
        return {
          do: 'operate' as const,
          at: index * 50,
          number,
          verb: 'consent' as const,
          connection,
          slot: index % slots,
        }
      })
      skippedSeconds = 3_600
      return { steps, skipSeconds: skippedSeconds }
    },
    skip() {
      skippedSeconds = dice.one([0, 40, 40, 650, 3_000, 3_600])
      return skippedSeconds
    },
  }
}

/** At most one fault of each conflicting kind in a round. */
const troubles = (dice: Dice, lengthMs: number, slots: number): PlannedTrouble[] => {
  const at = () => dice.below(lengthMs)
  const all: PlannedTrouble[] = []
  for (let kills = dice.between(0, 2); kills > 0; kills--)
    all.push({ do: 'kill', at: at(), slot: dice.below(slots) })
  if (dice.is(0.4))
    all.push({ do: 'stop', at: at(), slot: dice.below(slots), forMs: dice.between(500, 11_000) })
  const store = dice.next()
  if (store < 0.2) all.push({ do: 'freeze-store', at: at(), forMs: dice.between(500, 4_000) })
  else if (store < 0.7) {
    all.push({
      do: 'stall-commits',
      at: at(),
      forMs: dice.between(3_000, 6_000),
      seconds: dice.between(2, 4),
    })
  }
  if (dice.is(0.8)) {
    const reads = { share: 0.2 + 0.4 * dice.next(), maxMs: dice.between(500, 900) }
    const writes = dice.is(0.3)
      ? { share: 0.3, maxMs: dice.between(1_000, 4_000) }
      : { share: 0, maxMs: 0 }
    const slot = dice.is(0.5) ? { slot: dice.below(slots) } : {}
    all.push({
      do: 'slow-store',
      at: at(),
      forMs: dice.between(3_000, 8_000),
      ...slot,
      slowness: { reads, writes },
    })
  }
  for (let faults = dice.between(0, 2); faults > 0; faults--) {
    all.push({
      do: 'fault',
      at: at(),
      forMs: dice.between(800, 4_000),
      fault: dice.one(faultKinds)(dice),
    })
  }
  return all
}

/** What Zoho does on a bad day, as the emulator is told it. */
const faultKinds: readonly ((dice: Dice) => Readonly<Record<string, unknown>>)[] = [
  () => ({ on: 'revoke', kind: 'status', status: 503 }),
  (dice) => ({ on: 'revoke', kind: dice.one(['drop-after', 'drop-before']), times: 2 }),
  (dice) => ({ on: 'revoke', kind: 'latency', seconds: 0.5 + dice.next() * 2 }),
  (dice) => ({
    on: 'token',
    grantType: 'refresh_token',
    kind: 'throttle',
    times: dice.between(1, 2),
  }),
  (dice) => ({ on: 'token', kind: 'latency', seconds: 0.3 + dice.next() * 3 }),
  (dice) => ({
    on: 'token',
    kind: dice.one(['drop-after', 'truncated', 'drop-before']),
    times: dice.between(1, 3),
  }),
  (dice) => ({
    on: 'token',
    kind: 'status',
    status: dice.one([500, 503]),
    times: dice.between(1, 6),
  }),
  (dice) => ({ on: 'api', kind: 'token-rejected', times: dice.between(1, 3) }),
  (dice) => ({ on: 'api', kind: 'status', status: 503, times: dice.between(1, 4) }),
]

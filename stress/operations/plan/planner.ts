import type { Verb } from '../history.ts'
import type { PlannedOperation, Round, Step } from '../plan.ts'
import type { Dice } from './dice.ts'
import { troubles } from './troubles.ts'

/** Zoho gives a client ten codes in ten minutes; time may not be skipped between two rounds. */
const mostBrowserConsents = 4
const betweenClustersMs = 330

/** The rounds of a plan, one after the other. */
export const createPlanner = (dice: Dice, slots: number, connections: readonly string[]) => {
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

import type { Verb } from '../history.ts'
import type { PlannedOperation, Round, Step } from '../plan.ts'
import type { Dice } from './dice.ts'
import { planFaults } from './faults.ts'

/** Per round. Zoho issues ten codes per client in ten minutes, which may include two rounds. */
const maxBrowserConsents = 4
const betweenClustersMs = 330

/** Creates the rounds of a plan, one after the other. */
export const createPlanner = (dice: Dice, slots: number, connections: readonly string[]) => {
  let numbers = 0
  let skippedSeconds = Infinity
  let browserConsents = 0

  /** Operations on one connection at nearly the same time, so that they run concurrently. */
  const operationCluster = (startAt: number): PlannedOperation[] => {
    const connection = dice.pick(connections)
    const home = dice.below(slots)
    const operations: PlannedOperation[] = []
    const slot = () => (dice.chance(0.5) ? home : dice.below(slots))
    const add = (verb: Verb, withinMs: number, more: Partial<PlannedOperation> = {}): number => {
      const number = ++numbers
      const at = Math.round(startAt + dice.next() * withinMs)
      operations.push({ do: 'operate', at, number, verb, connection, slot: slot(), ...more })
      return number
    }
    const addCallers = (
      min: number,
      max: number,
      withinMs: number,
      more: Partial<PlannedOperation> = {},
    ) => {
      for (let left = dice.between(min, max); left > 0; left--) {
        add(dice.chance(0.7) ? 'accessToken' : 'fetch', withinMs, more)
      }
    }
    const addConsent = (withinMs: number, more: Partial<PlannedOperation> = {}) => {
      const inBrowser = browserConsents < maxBrowserConsents && dice.chance(0.3)
      if (inBrowser) browserConsents += 1
      return add('consent', withinMs, { ...more, ...(inBrowser && { browserSlot: slot() }) })
    }
    /** A revoke() or forget(), and callers in the same process that start after it. */
    const addEnd = (verb: 'revoke' | 'forget') => {
      const inHomeSlot = { slot: home }
      addCallers(1, 3, 300, dice.chance(0.5) ? inHomeSlot : {})
      const number = add(verb, 500, inHomeSlot)
      addCallers(1, 2, 0, { ...inHomeSlot, after: number })
      addCallers(0, 2, 2_000)
      if (dice.chance(0.6))
        addConsent(dice.chance(0.4) ? 600 : 3_000, dice.chance(0.5) ? { after: number } : {})
    }
    /**
     * Another process connects again, so that this process must read the store; meanwhile this
     * process calls revoke().
     */
    const addEndDuringRead = () => {
      const inHomeSlot = { slot: home }
      const first = add('revoke', 0, inHomeSlot)
      const again = addConsent(0, { after: first, slot: (home + 1) % slots })
      addCallers(1, 2, 0, { ...inHomeSlot, after: again })
      const number = add('revoke', 0, { ...inHomeSlot, after: again })
      addCallers(2, 3, 0, { ...inHomeSlot, after: number })
    }
    dice.pick([
      () => addCallers(3, 6, 500),
      () => addCallers(3, 6, 1_500),
      () => {
        addConsent(400)
        addCallers(1, 3, 1_500)
      },
      () => {
        addConsent(400)
        if (dice.chance(0.3)) addConsent(400)
        addCallers(1, 3, 1_500)
      },
      () => addEnd('revoke'),
      () => addEnd(dice.chance(0.5) ? 'forget' : 'revoke'),
      () => addEndDuringRead(),
      () => addEndDuringRead(),
      () => {
        add('refresh', 300)
        if (dice.chance(0.5)) add('refresh', 300)
        addCallers(1, 3, 600)
      },
      () => {
        // Alternates between an endpoint that works and one that always answers 401.
        for (let chains = dice.between(1, 3); chains > 0; chains--) {
          const inOneSlot = { slot: slot() }
          let last = add('fetch', 300, inOneSlot)
          for (let calls = dice.between(1, 3); calls > 0; calls--) {
            last = add('fetchRefused', 300, { ...inOneSlot, after: last })
            last = add('fetch', 300, { ...inOneSlot, after: last })
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
      steps.push(...operationCluster(at))
    }
    for (let remaining = dice.between(1, 3); remaining > 0; remaining--) {
      steps.push({
        do: 'operate',
        at: dice.below(lengthMs),
        number: ++numbers,
        verb: 'recover',
        slot: dice.below(slots),
      })
    }
    return [...steps, ...planFaults(dice, lengthMs, slots)]
  }

  return {
    round,
    /** The first round connects everything, without faults. */
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
      skippedSeconds = dice.pick([0, 40, 40, 650, 3_000, 3_600])
      return skippedSeconds
    },
  }
}

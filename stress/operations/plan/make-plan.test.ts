import { expect, test } from 'vitest'
import type { Plan, PlannedOperation } from '../plan.ts'
import { makePlan } from './make-plan.ts'

const operationsOf = (plan: Plan): PlannedOperation[] =>
  plan.rounds.flatMap(({ steps }) => steps.filter((step) => step.do === 'operate'))

const seeds = Array.from({ length: 20 }, (_, index) => 7 * index + 1)

test('the same seed gives the same plan, another seed gives another plan', () => {
  const first = makePlan({ seed: 5, seconds: 120 })
  const again = makePlan({ seed: 5, seconds: 120 })
  const other = makePlan({ seed: 6, seconds: 120 })
  expect(again).toEqual(first)
  expect(other.rounds).not.toEqual(first.rounds)
  expect(other.keys).not.toEqual(first.keys)
})

test.each(seeds)(
  'seed %d: an operation waits only for an earlier operation of the same round',
  (seed) => {
    const plan = makePlan({ seed, seconds: 120 })
    const numbers = operationsOf(plan).map(({ number }) => number)
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const { steps } of plan.rounds) {
      const here = new Set(steps.flatMap((step) => (step.do === 'operate' ? [step.number] : [])))
      for (const step of steps) {
        if (step.do !== 'operate' || step.after === undefined) continue
        expect(here).toContain(step.after)
        expect(step.after).toBeLessThan(step.number)
      }
    }
  },
)

test.each(seeds)('seed %d: at most ten browser consents in ten minutes', (seed) => {
  let codes = 0
  for (const { steps, skipSeconds } of makePlan({ seed, seconds: 600 }).rounds) {
    codes += steps.filter((step) => step.do === 'operate' && step.browserSlot !== undefined).length
    expect(codes).toBeLessThanOrEqual(10)
    if (skipSeconds >= 600) codes = 0
  }
})

test.each(seeds)('seed %d: keys are rotated in the documented order', (seed) => {
  const plan = makePlan({ seed, seconds: 600 })
  const deployed = plan.rounds.flatMap(({ steps }) => steps.filter((step) => step.do === 'deploy'))
  expect(deployed.length).toBeGreaterThanOrEqual(12)
  for (const [index, { keys, reencrypts }] of deployed.entries()) {
    const rotation = Math.floor(index / 3)
    const [former, current] = plan.keys.slice(rotation, rotation + 2)
    expect(keys).toEqual([[former, current], [current, former], [current]][index % 3])
    expect(reencrypts).toBe(index % 3 === 2)
  }
})

test('a plan for ten minutes contains every operation and every fault', () => {
  const plan = makePlan({ seed: 1, seconds: 600 })
  const verbs = new Set(operationsOf(plan).map(({ verb }) => verb))
  expect([...verbs].toSorted()).toEqual([
    'accessToken',
    'consent',
    'fetch',
    'fetchRefused',
    'forget',
    'recover',
    'refresh',
    'revoke',
  ])
  const troubles = new Set(plan.rounds.flatMap(({ steps }) => steps.map((step) => step.do)))
  expect([...troubles].toSorted()).toEqual([
    'deploy',
    'freeze-store',
    'kill',
    'operate',
    'slow-store',
    'stall-commits',
    'stop',
    'zoho-fault',
  ])
  expect(plan.rounds.some(({ skipSeconds }) => skipSeconds >= 3_600)).toBe(true)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../../src/domain/time.ts'
import { freshnessOf } from '../../src/machine/freshness.ts'
import { transition, T, active, minute, outcome, refreshed, second } from './fixtures.ts'
import { refreshMoves, steadyMoves } from './moves.ts'
import { forAllHistories, type Entry } from './simulation.ts'

/** A lease. It is counted once, even if its holder requests it again. */
interface Lease {
  readonly holder: string
  readonly at: EpochMs
  readonly until: EpochMs
}

const newLease = ({ before, event, after, now }: Entry): Lease | undefined =>
  event.type === 'refreshRequested' && after.lease && after !== before
    ? { holder: event.holder, at: now, until: after.lease.until }
    : undefined

/** The parts of a history between one grant and the next. */
const partsByGrant = (history: readonly Entry[]): Entry[][] => {
  const parts: Entry[][] = [[]]
  for (const entry of history) {
    const isNew =
      (entry.event.type === 'granted' || entry.event.type === 'imported') &&
      entry.after.tokens !== entry.before.tokens
    if (isNew || entry.after.status === 'none') parts.push([])
    parts.at(-1)?.push(entry)
  }
  return parts
}

describe('in any order of events, under a clock that goes forward', () => {
  test.each([
    ['any moves', steadyMoves],
    ['refresh moves', refreshMoves],
  ] as const)('one refresh token gets at most five leases in ten minutes (%s)', (_title, moves) => {
    let refusals = 0
    forAllHistories(moves, ({ history }) => {
      for (const part of partsByGrant(history)) {
        const leases = part.map(newLease).filter((lease) => lease !== undefined)
        for (const [index, lease] of leases.entries()) {
          expect(
            lease.at - (leases[index - 5]?.at ?? Number.NEGATIVE_INFINITY),
          ).toBeGreaterThanOrEqual(10 * minute)
        }
        refusals += part.filter(({ effects }) =>
          effects.some(
            (effect) => effect.type === 'refuse' && effect.code === 'refresh-budget-spent',
          ),
        ).length
      }
    })
    expect(refusals).toBeGreaterThan(0)
  })

  test('no other holder gets a lease while one is valid', () => {
    forAllHistories(steadyMoves, ({ history }) => {
      let last: Lease | undefined
      for (const entry of history) {
        const { event, effects, now, after } = entry
        const ordered = effects.some(({ type }) => type === 'refresh')
        if (ordered && event.type === 'refreshRequested' && last && last.until > now)
          expect(event.holder).toBe(last.holder)
        last = newLease(entry) ?? (after.lease ? last : undefined)
        if (last) expect(after.lease).toEqual({ holder: last.holder, until: last.until })
      }
    })
  })

  test('a lease ends by time, by its holder, or with its refresh token', () => {
    forAllHistories(steadyMoves, ({ history }) => {
      for (const { before, event, after, now } of history) {
        if (
          !before.lease ||
          before.lease.until <= now ||
          after.lease?.holder === before.lease.holder
        )
          continue
        const isOwnEvent = 'holder' in event && event.holder === before.lease.holder
        expect(
          isOwnEvent ||
            ['granted', 'imported', 'revokeRequested', 'forgotten'].includes(event.type),
          event.type,
        ).toBe(true)
      }
    })
  })

  test.each([
    ['any moves', steadyMoves],
    ['refresh moves', refreshMoves],
  ] as const)(
    'nobody gets a new lease while Zoho throttles the refresh token (%s)',
    (_title, moves) => {
      let throttles = 0
      forAllHistories(
        moves,
        ({ history }) => {
          for (const part of partsByGrant(history)) {
            let until = 0
            for (const entry of part) {
              const lease = newLease(entry)
              if (lease) expect(lease.at).toBeGreaterThanOrEqual(until)
              const isThrottle =
                entry.event.type === 'refreshThrottled' && entry.after !== entry.before
              if (isThrottle && entry.event.type === 'refreshThrottled') {
                const requestedMs = entry.event.retryAfterMs ?? 10 * minute
                const throttleMs = Math.min(Math.max(requestedMs, second), 10 * minute)
                until = Math.max(until, entry.now + throttleMs)
              }
              throttles += Number(isThrottle)
            }
          }
        },
        3_000,
      )
      expect(throttles).toBeGreaterThan(100)
    },
  )

  test('G4: an endpoint gets one replacement in ten minutes, but no reserved request', () => {
    let replacements = 0
    forAllHistories(refreshMoves, ({ history }) => {
      for (const part of partsByGrant(history)) {
        const last = new Map<string, EpochMs>()
        for (const { before, after, event, now } of part) {
          if (event.type !== 'refreshRequested' || event.endpoint === undefined || after === before)
            continue
          if (freshnessOf(before, now) === 'stale') continue
          expect(now - (last.get(event.endpoint) ?? -Infinity)).toBeGreaterThanOrEqual(10 * minute)
          expect(before.recentCalls.filter((at) => at > now - 10 * minute).length).toBeLessThan(3)
          last.set(event.endpoint, now)
          replacements += 1
        }
      }
    })
    expect(replacements).toBeGreaterThan(100)
  })

  test('late 401s for one access token cost one refresh, from any endpoint', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('e1', 'e2', 'e3', 'tick'), { maxLength: 40 }),
        fc.nat({ max: 39 }),
        (moves, responsesAt) => {
          let record = active()
          let now = T
          const calls = [] as string[]
          for (const [index, move] of moves.entries()) {
            const holder = `h${index}`
            if (move === 'tick') now += 200
            else {
              const [after, effects] = transition(
                record,
                { type: 'refreshRequested', holder, rejectedTokenId: 'a1', endpoint: move },
                now,
              )
              record = after
              if (effects.some(({ type }) => type === 'refresh')) calls.push(holder)
            }
            if (index >= responsesAt && calls[0])
              [record] = transition(record, refreshed('a2', calls[0], outcome(calls[0])), now)
          }
          expect(calls.length).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

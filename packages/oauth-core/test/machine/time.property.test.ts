import { describe, expect, test } from 'vitest'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import type { EpochMs } from '../../src/domain/time.ts'
import type { ServableTokens } from '../../src/machine/decision.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { minute, second } from './fixtures.ts'
import { jumpingMoves, steadyMoves } from './moves.ts'
import { forAllHistories } from './simulation.ts'

/**
 * The number of token requests in ten minutes. A proactive refresh may use three of the five. The
 * other two are for callers that wait, because no stored token is valid.
 */
const allowedRequests = (event: ConnectionEvent): number =>
  event.type === 'refreshRequested' && event.proactive ? 3 : 5

/** A served token may be stale only during a cool-down, or if the budget is spent. */
const expectServable = (
  { accessToken }: ServableTokens,
  { status, tokens, coolDown, recentCalls }: ConnectionRecord,
  event: ConnectionEvent,
  now: EpochMs,
): void => {
  expect(status).toBe('active')
  expect(accessToken).toBe(tokens?.accessToken)
  const lifetime = accessToken.expiresAt - accessToken.issuedAt
  // Two readings of the store's clock can differ by one second (`clockSlackMs`).
  expect(accessToken.issuedAt).toBeLessThanOrEqual(now + second)
  expect(accessToken.expiresAt).toBeLessThanOrEqual(now + 60 * minute + second)
  const isDelayed = (coolDown?.until ?? 0) > now || recentCalls.length >= allowedRequests(event)
  expect(accessToken.expiresAt - now).toBeGreaterThan(
    isDelayed ? second : Math.min(2 * minute, lifetime / 30),
  )
}

// With `jumpingMoves`, the store's clock also jumps. With `steadyMoves`, it only goes forward.
describe('in any order of events', () => {
  test('a served token is the stored one, and stale only if it cannot be refreshed', () => {
    let served = 0
    forAllHistories(jumpingMoves, ({ history }) => {
      for (const { before, event, after, effects, now } of history) {
        for (const effect of effects) {
          if (effect.type !== 'serve') continue
          served++
          expectServable(effect.tokens, after, event, now)
          if (event.type === 'refreshRequested') expectServable(effect.tokens, before, event, now)
          // With an `endpoint`, the rejected token may be served again. The caller compares the ids
          // to find that out.
          if (event.type === 'refreshRequested' && event.rejectedTokenId && !event.endpoint)
            expect(effect.tokens.accessToken.id).not.toBe(event.rejectedTokenId)
        }
      }
    })
    expect(served).toBeGreaterThan(1_000)
  })

  test('no caller waits longer than a lease, or gets a retryAt more than ten minutes away', () => {
    forAllHistories(jumpingMoves, ({ history }) => {
      for (const { event, effects, now } of history) {
        // The `retryAt` of this event comes from the limit of attempts.
        if (event.type === 'exchangeStarted') continue
        for (const effect of effects) {
          if (effect.type === 'wait') expect(effect.until - now).toBeLessThanOrEqual(10 * second)
          if (effect.type === 'refresh')
            expect(effect.leaseUntil - now).toBeLessThanOrEqual(10 * second)
          if (effect.type === 'refuse' && effect.retryAt !== undefined)
            expect(effect.retryAt - now).toBeLessThanOrEqual(10 * minute + second)
          if ('until' in effect) expect(effect.until).toBeGreaterThanOrEqual(now)
          if (effect.type === 'refuse' && effect.retryAt !== undefined)
            expect(effect.retryAt).toBeGreaterThan(now)
        }
      }
    })
  })

  test('an OAuth state allows one exchange in thirty minutes, even after forget and revoke', () => {
    let refused = 0
    forAllHistories(
      steadyMoves,
      ({ history }) => {
        const exchanged = new Map<string, EpochMs>()
        for (const { event, effects, now } of history) {
          if (event.type !== 'exchangeStarted') continue
          refused += Number(
            effects.some(
              (effect) => effect.type === 'refuse' && effect.code === 'callback-replayed',
            ),
          )
          if (effects.length > 0) continue
          expect(
            now - (exchanged.get(event.stateHash) ?? Number.NEGATIVE_INFINITY),
          ).toBeGreaterThanOrEqual(30 * minute)
          exchanged.set(event.stateHash, now)
        }
      },
      3_000,
    )
    expect(refused).toBeGreaterThan(100)
  })
})

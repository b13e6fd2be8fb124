import { describe, expect, test } from 'vitest'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { codesRetryAt, addInstants } from '../../src/machine/rate-limits.ts'
import {
  transition,
  T,
  accessToken,
  leasedTo,
  inWords,
  minute,
  outcome,
  refreshed,
  second,
  tokenSet,
} from './fixtures.ts'

const failed = (holder: string): ConnectionEvent => ({
  type: 'refreshFailed',
  code: 'accounts-server-unavailable',
  ...outcome(holder),
})
const throttled = (holder: string, retryAfterMs?: number): ConnectionEvent => ({
  type: 'refreshThrottled',
  ...outcome(holder),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
})
const recordAfter = (
  record: ConnectionRecord,
  event: ConnectionEvent,
  now: number,
): ConnectionRecord => transition(record, event, now)[0]

describe('cool-downs', () => {
  test('failures back off by doubling, from five seconds to two minutes', () => {
    let record = leasedTo('h', T + 9 * second)
    let now = T
    const waits = [] as number[]
    for (let failures = 1; failures <= 7; failures++) {
      record = recordAfter(record, failed('h'), now)
      const until = record.coolDown?.until ?? 0
      waits.push(until - now)
      now = until + 10 * minute
      record = { ...record, lease: { holder: 'h', until: now + 9 * second } }
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 120, 120].map((seconds) => seconds * second))
  })

  test('F8: failures while a token is valid back off from 30 s and refuse no caller', () => {
    const unexpired = {
      tokens: tokenSet('r1', {
        accessToken: accessToken('a1', { issuedAt: T - 50 * minute, expiresAt: T + 10 * minute }),
      }),
      recentCalls: [],
    }
    const firstWaits = Array.from({ length: 200 }, (_, index) => {
      const [record, effects] = transition(
        leasedTo(`h${index}`, T + second, unexpired),
        failed(`h${index}`),
        T,
      )
      expect(inWords(effects)).toBe('serve a1, announce refresh-failed')
      return (record.coolDown?.until ?? 0) - T
    })
    expect([
      Math.min(...firstWaits) >= 24 * second,
      Math.max(...firstWaits) <= 36 * second,
      new Set(firstWaits).size > 150,
    ]).toEqual([true, true, true])
    const laterSeconds = [1, 2, 3].map((failures) => {
      const coolDown = { code: 'accounts-server-unavailable' as const, failures, until: T }
      const record = recordAfter(
        leasedTo('h', T + second, { ...unexpired, coolDown }),
        failed('h'),
        T,
      )
      const waitMs = (record.coolDown?.until ?? 0) - T
      return Math.round(waitMs / second)
    })
    const firstSeconds = (firstWaits[0] as number) / second
    expect(laterSeconds[2]).toBeLessThanOrEqual(120)
    expect(
      [laterSeconds[0], laterSeconds[1]].every(
        (seconds) => (seconds as number) > firstSeconds / 1.5,
      ),
    ).toBe(true)
  })

  test('F8: a back-off ends before the token expires, but a throttle may last longer', () => {
    const unexpired = {
      tokens: tokenSet('r1', {
        accessToken: accessToken('a1', { issuedAt: T - 50 * minute, expiresAt: T + 10 * second }),
      }),
      recentCalls: [],
    }
    const coolDown = { code: 'throttled' as const, failures: 0, until: T + minute }
    expect(recordAfter(leasedTo('h', T + second, unexpired), failed('h'), T).coolDown?.until).toBe(
      T + 9 * second,
    )
    expect(
      recordAfter(leasedTo('h', T + second, { ...unexpired, coolDown }), failed('h'), T).coolDown
        ?.until,
    ).toBe(T + minute)
  })

  test('the quota of authorization codes is ten in ten minutes', () => {
    let issuedAt: readonly number[] = []
    for (let codes = 0; codes < 10; codes++) {
      expect(codesRetryAt(issuedAt, T + codes * second)).toBeUndefined()
      issuedAt = addInstants(issuedAt, 1, T + codes * second)
    }
    expect(codesRetryAt(issuedAt, T + 9 * second)).toBe(T + 10 * minute)
    expect(codesRetryAt(issuedAt, T + 10 * minute)).toBeUndefined()
  })

  test('a request that was counted but not sent is removed from the budget', () => {
    const record = leasedTo('h', T + second, { recentCalls: [T - minute, T] })
    const failedWithoutRequest: ConnectionEvent = {
      type: 'refreshFailed',
      code: 'data-center-unknown',
      ...outcome('h', 'r1', 0),
    }
    expect(recordAfter(record, failedWithoutRequest, T).recentCalls).toEqual([T - minute])
  })

  test('a success ends a back-off and resets its count', () => {
    const record = leasedTo('h', T + second, {
      coolDown: { code: 'accounts-server-unavailable', failures: 4, until: T + minute },
    })
    expect(recordAfter(record, refreshed('a2', 'h'), T).coolDown).toBeUndefined()
  })

  test.each([
    [undefined, 10 * minute],
    [30 * second, 30 * second],
    [0, second],
    [-5, second],
    [99 * 60 * minute, 10 * minute],
  ])('a Retry-After of %s ms throttles for %s ms', (retryAfterMs, lasts) => {
    expect(
      recordAfter(leasedTo('h', T + second), throttled('h', retryAfterMs), T).coolDown,
    ).toEqual({
      code: 'throttled',
      failures: 0,
      until: T + lasts,
    })
  })

  test('the outcome of another holder does not shorten a throttle', () => {
    const record = recordAfter(leasedTo('h2', T + 9 * second), throttled('h1'), T)
    expect(record.lease?.holder).toBe('h2')
    const until = T + 10 * minute
    expect(recordAfter(record, failed('h2'), T + second).coolDown).toEqual({
      code: 'throttled',
      failures: 1,
      until,
    })
    expect(recordAfter(record, throttled('h2', second), T + second).coolDown).toEqual({
      code: 'throttled',
      failures: 0,
      until,
    })
    expect(recordAfter(record, refreshed('a2', 'h2'), T + second).coolDown).toEqual({
      code: 'throttled',
      failures: 0,
      until,
    })
  })

  test('a throttle and a back-off together keep the code of the throttle', () => {
    const backOff = {
      code: 'accounts-server-unavailable' as const,
      failures: 3,
      until: T + 20 * second,
    }
    expect(
      recordAfter(leasedTo('h', T + second, { coolDown: backOff }), throttled('h', second), T)
        .coolDown,
    ).toEqual({ ...backOff, code: 'throttled' })
    const throttle = { code: 'throttled' as const, failures: 0, until: T + second }
    expect(
      recordAfter(leasedTo('h', T + second, { coolDown: throttle }), failed('h'), T).coolDown,
    ).toEqual({
      code: 'throttled',
      failures: 1,
      until: T + 5 * second,
    })
  })

  test('a cool-down that ends too far in the future is replaced', () => {
    const coolDown = { code: 'throttled' as const, failures: 0, until: T + 24 * 60 * minute }
    expect(
      recordAfter(leasedTo('h', T + second, { coolDown }), failed('h'), T).coolDown?.until,
    ).toBe(T + 5 * second)
    expect(
      recordAfter(leasedTo('h', T + second, { coolDown }), refreshed('a2', 'h'), T).coolDown,
    ).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import {
  transition,
  T,
  active,
  leasedTo,
  inWords,
  minute,
  second,
  tokenSet,
  refreshRequest,
  withToken,
  expired,
  throttledUntil,
} from './fixtures.ts'

const due = withToken({ issuedAt: T - 55 * minute, expiresAt: T + 5 * minute })

const requestCases: readonly [
  title: string,
  record: ConnectionRecord,
  event: ConnectionEvent,
  effects: string,
][] = [
  ['an expired token is refreshed', expired, refreshRequest(), 'refresh r1'],
  [
    'an imported grant without an access token is refreshed',
    active({ tokens: { ...tokenSet('r1'), accessToken: undefined } as never }),
    refreshRequest(),
    'refresh r1',
  ],
  ['a due token is served', due, refreshRequest(), 'serve a1'],
  [
    'a due token is refreshed by a proactive request',
    due,
    refreshRequest({ proactive: true }),
    'refresh r1',
  ],
  [
    'a fresh token is not refreshed by a proactive request',
    active(),
    refreshRequest({ proactive: true }),
    'serve a1',
  ],
  [
    'a token is stale two minutes before it expires',
    withToken({ issuedAt: T - 58 * minute, expiresAt: T + 2 * minute }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'a token is not stale more than two minutes before it expires',
    withToken({ issuedAt: T - 58 * minute + 1, expiresAt: T + 2 * minute + 1 }),
    refreshRequest(),
    'serve a1',
  ],
  [
    'a token with a lifetime of 237 s is stale 7.9 s before it expires',
    withToken({ issuedAt: T - 229_100, expiresAt: T + 7_900 }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'a token that expires in more than an hour is ignored',
    withToken({ expiresAt: T + 60 * minute + 1_001 }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'a token that was issued in the future is ignored',
    withToken({ issuedAt: T + 1_001, expiresAt: T + 10 * minute }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'a token that expires before it was issued is ignored',
    withToken({ issuedAt: T + 900, expiresAt: T + 900 }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'a short-lived token is served while it is new',
    withToken({ expiresAt: T + minute }),
    refreshRequest(),
    'serve a1',
  ],
  [
    'a request that rejects another token gets the stored token',
    active(),
    refreshRequest({ rejectedTokenId: 'a0' }),
    'serve a1',
  ],
  ['a request waits for another holder', leasedTo('h0', T + 1), refreshRequest(), 'wait'],
  ['the same holder may request again', leasedTo('h1', T + 1), refreshRequest(), 'refresh r1'],
  ['a lease ends by time', leasedTo('h0', T), refreshRequest(), 'refresh r1'],
  [
    'a lease of 9 s plus the slack is accepted',
    leasedTo('h0', T + 10 * second),
    refreshRequest(),
    'wait',
  ],
  [
    'a longer lease, from a clock that jumped, is ignored',
    leasedTo('h0', T + 10 * second + 1),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'a cool-down refuses the request',
    leasedTo('h0', T, { coolDown: throttledUntil(T + 1) }),
    refreshRequest(),
    'refuse throttled',
  ],
  [
    'a cool-down ends by time',
    leasedTo('h0', T, { coolDown: throttledUntil(T) }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'a cool-down of more than ten minutes is ignored',
    leasedTo('h0', T, { coolDown: throttledUntil(T + 10 * minute + 1_001) }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'T14: a stale token that has not expired is served during a cool-down',
    withToken(
      { issuedAt: T - 59 * minute, expiresAt: T + minute },
      { coolDown: throttledUntil(T + 1) },
    ),
    refreshRequest(),
    'serve a1',
  ],
  [
    'T14: a stale token that has not expired is served if the budget is spent',
    withToken(
      { issuedAt: T - 59 * minute, expiresAt: T + minute },
      { recentCalls: Array<number>(5).fill(T - minute) },
    ),
    refreshRequest(),
    'serve a1',
  ],
  [
    'a rejected token is not served during a cool-down',
    withToken(
      { issuedAt: T - 59 * minute, expiresAt: T + minute },
      { coolDown: throttledUntil(T + 1) },
    ),
    refreshRequest({ rejectedTokenId: 'a1' }),
    'refuse throttled',
  ],
  [
    'a token that expires within the clock slack is not served during a cool-down',
    withToken(
      { issuedAt: T - 60 * minute, expiresAt: T + second },
      { coolDown: throttledUntil(T + 1) },
    ),
    refreshRequest(),
    'refuse throttled',
  ],
  [
    'the third proactive request is made',
    { ...due, recentCalls: Array<number>(2).fill(T - minute) },
    refreshRequest({ proactive: true }),
    'refresh r1',
  ],
  [
    'the fourth proactive request is not made: two requests are reserved for callers that wait',
    { ...due, recentCalls: Array<number>(3).fill(T - minute) },
    refreshRequest({ proactive: true }),
    'serve a1',
  ],
  [
    'the fourth proactive request for a stale token is not made, and the token is served',
    withToken(
      { issuedAt: T - 59 * minute, expiresAt: T + minute },
      { recentCalls: Array<number>(3).fill(T - minute) },
    ),
    refreshRequest({ proactive: true }),
    'serve a1',
  ],
  [
    'a fresh token is served during a cool-down',
    active({ coolDown: throttledUntil(T + minute) }),
    refreshRequest(),
    'serve a1',
  ],
  [
    'the fifth request in ten minutes is made',
    leasedTo('h0', T, { recentCalls: Array<number>(4).fill(T - minute) }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'the sixth request in ten minutes is refused',
    leasedTo('h0', T, { recentCalls: Array<number>(5).fill(T - 10 * minute + 1) }),
    refreshRequest(),
    'refuse refresh-budget-spent',
  ],
  [
    'the sixth request is made after ten minutes',
    leasedTo('h0', T, { recentCalls: Array<number>(5).fill(T - 10 * minute) }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'requests from the future are not counted',
    leasedTo('h0', T, { recentCalls: Array<number>(5).fill(T + 1_001) }),
    refreshRequest(),
    'refresh r1',
  ],
]

describe('a request for an access token', () =>
  test.each(requestCases)('%s', (_title, record, event, effects) =>
    expect(inWords(transition(record, event, T)[1])).toBe(effects),
  ))

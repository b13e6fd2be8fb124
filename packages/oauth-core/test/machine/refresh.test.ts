import { describe, expect, test } from 'vitest'
import { noRecord, type ConnectionRecord } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import {
  transition,
  T,
  accessToken,
  active,
  held,
  inWords,
  minute,
  outcome,
  refreshed,
  second,
  secretOf,
  tokenSet,
} from './fixtures.ts'

const refreshRequest = (
  facts: Partial<Extract<ConnectionEvent, { type: 'refreshRequested' }>> = {},
): ConnectionEvent => ({ type: 'refreshRequested', holder: 'h1', ...facts })
const withToken = (
  facts: Parameters<typeof accessToken>[1],
  more: Parameters<typeof active>[0] = {},
) => active({ tokens: tokenSet('r1', { accessToken: accessToken('a1', facts) }), ...more })
const expired = withToken({ issuedAt: T - 60 * minute, expiresAt: T })
const due = withToken({ issuedAt: T - 55 * minute, expiresAt: T + 5 * minute })
const throttled = (until: number) => ({ code: 'throttled' as const, failures: 0, until })

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
    'a token is not stale a moment earlier',
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
    'a request that rejects another token gets the stored one',
    active(),
    refreshRequest({ rejectedTokenId: 'a0' }),
    'serve a1',
  ],
  ['a request waits for another holder', held('h0', T + 1), refreshRequest(), 'wait'],
  ['the same holder may request again', held('h1', T + 1), refreshRequest(), 'refresh r1'],
  ['a lease ends by time', held('h0', T), refreshRequest(), 'refresh r1'],
  [
    'a lease of 9 s plus the slack is accepted',
    held('h0', T + 10 * second),
    refreshRequest(),
    'wait',
  ],
  [
    'a longer lease, from a clock that jumped, is ignored',
    held('h0', T + 10 * second + 1),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'a cool-down refuses the request',
    held('h0', T, { coolDown: throttled(T + 1) }),
    refreshRequest(),
    'refuse throttled',
  ],
  [
    'a cool-down ends by time',
    held('h0', T, { coolDown: throttled(T) }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'a cool-down of more than ten minutes is ignored',
    held('h0', T, { coolDown: throttled(T + 10 * minute + 1_001) }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'T14: a cool-down in the last two minutes serves the unexpired token',
    withToken({ issuedAt: T - 59 * minute, expiresAt: T + minute }, { coolDown: throttled(T + 1) }),
    refreshRequest(),
    'serve a1',
  ],
  [
    'T14: a spent budget serves the unexpired token as well',
    withToken(
      { issuedAt: T - 59 * minute, expiresAt: T + minute },
      { budget: Array<number>(5).fill(T - minute) },
    ),
    refreshRequest(),
    'serve a1',
  ],
  [
    'a cool-down does not serve the rejected token',
    withToken({ issuedAt: T - 59 * minute, expiresAt: T + minute }, { coolDown: throttled(T + 1) }),
    refreshRequest({ rejectedTokenId: 'a1' }),
    'refuse throttled',
  ],
  [
    'a cool-down does not serve a token that expires within the clock slack',
    withToken({ issuedAt: T - 60 * minute, expiresAt: T + second }, { coolDown: throttled(T + 1) }),
    refreshRequest(),
    'refuse throttled',
  ],
  [
    'the third proactive request is made',
    { ...due, budget: Array<number>(2).fill(T - minute) },
    refreshRequest({ proactive: true }),
    'refresh r1',
  ],
  [
    'the fourth is not, as two are reserved for callers that wait',
    { ...due, budget: Array<number>(3).fill(T - minute) },
    refreshRequest({ proactive: true }),
    'serve a1',
  ],
  [
    'nor for a stale token, which is served',
    withToken(
      { issuedAt: T - 59 * minute, expiresAt: T + minute },
      { budget: Array<number>(3).fill(T - minute) },
    ),
    refreshRequest({ proactive: true }),
    'serve a1',
  ],
  [
    'a fresh token is served during a cool-down',
    active({ coolDown: throttled(T + minute) }),
    refreshRequest(),
    'serve a1',
  ],
  [
    'the fifth request is made',
    held('h0', T, { budget: Array<number>(4).fill(T - minute) }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'the sixth request in ten minutes is refused',
    held('h0', T, { budget: Array<number>(5).fill(T - 10 * minute + 1) }),
    refreshRequest(),
    'refuse refresh-budget-spent',
  ],
  [
    'the sixth request is made after ten minutes',
    held('h0', T, { budget: Array<number>(5).fill(T - 10 * minute) }),
    refreshRequest(),
    'refresh r1',
  ],
  [
    'requests from the future are not counted',
    held('h0', T, { budget: Array<number>(5).fill(T + 1_001) }),
    refreshRequest(),
    'refresh r1',
  ],
]

const rejectionBy = (endpoint: string, rejectedTokenId = 'a1') =>
  refreshRequest({ rejectedTokenId, endpoint })
const replacement = 'refresh r1, announce access-token-rejected'
const withRejection = (at: number, more: Parameters<typeof active>[0] = {}) =>
  active({ rejections: [{ endpoint: 'e1', at }], ...more })
const lastMinute = { issuedAt: T - 59 * minute, expiresAt: T + minute }

const rejectionCases: readonly [
  title: string,
  record: ConnectionRecord,
  event: ConnectionEvent,
  effects: string,
][] = [
  ['a fresh token is replaced', active(), rejectionBy('e1'), replacement],
  [
    'a token that was already replaced costs no refresh',
    active(),
    rejectionBy('e1', 'a0'),
    'serve a1',
  ],
  [
    'the same endpoint gets no second replacement in ten minutes',
    withRejection(T - 10 * minute + 1),
    rejectionBy('e1'),
    'serve a1',
  ],
  [
    'the same endpoint gets one after ten minutes',
    withRejection(T - 10 * minute),
    rejectionBy('e1'),
    replacement,
  ],
  ['another endpoint gets a replacement', withRejection(T), rejectionBy('e2'), replacement],
  [
    'a rejection from the future is ignored',
    withRejection(T + 1_001),
    rejectionBy('e1'),
    replacement,
  ],
  [
    'two requests of the budget are reserved for callers that wait',
    active({ budget: Array<number>(3).fill(T) }),
    rejectionBy('e1'),
    'refuse refresh-budget-spent',
  ],
  [
    'a cool-down refuses the request',
    active({ coolDown: throttled(T + 1) }),
    rejectionBy('e1'),
    'refuse throttled',
  ],
  [
    'a stale token is refreshed even for the same endpoint',
    withRejection(T, { tokens: tokenSet('r1', { accessToken: accessToken('a1', lastMinute) }) }),
    rejectionBy('e1'),
    replacement,
  ],
  [
    'a stale token may use the last request of the budget',
    withToken(lastMinute, { budget: Array<number>(4).fill(T) }),
    rejectionBy('e1'),
    replacement,
  ],
  [
    'a rejection waits for another holder',
    active({ lease: { holder: 'h0', until: T + second } }),
    rejectionBy('e1'),
    'wait',
  ],
]

const outcomeCases: readonly [
  title: string,
  record: ConnectionRecord,
  event: ConnectionEvent,
  effects: string,
][] = [
  [
    'a late token is stored if there is no valid one',
    held('h2', T + 5 * second),
    refreshed('a9', 'h1'),
    'serve a9, announce refreshed',
  ],
  [
    'M20: a late token from the future does not replace a valid one',
    active(),
    refreshed('a9', 'h1', {
      accessToken: accessToken('a9', {
        issuedAt: T + 24 * 60 * minute,
        expiresAt: T + 25 * 60 * minute,
      }),
    }),
    'serve a1',
  ],
  [
    'a late token that expires before the stored one is dropped',
    active(),
    refreshed('a9', 'h1', { accessToken: accessToken('a9', { expiresAt: T + 59 * minute }) }),
    'serve a1',
  ],
  ['a repeated token is not stored again', active(), refreshed('a1', 'h1'), 'serve a1'],
  [
    'a late failure is ignored',
    held('h2', T + 5 * second),
    { type: 'refreshFailed', code: 'answer-malformed', ...outcome('h1') },
    'wait',
  ],
  [
    'a late throttle is stored',
    held('h2', T + 5 * second),
    { type: 'refreshThrottled', ...outcome('h1') },
    'refuse throttled, announce refresh-failed',
  ],
  [
    'a late refusal is stored if there is no valid token',
    held('h2', T),
    { type: 'refreshRefused', ...outcome('h1') },
    'refuse needs-consent, announce consent-lost',
  ],
  [
    'a refusal of the holder is stored',
    held('h1', T + second),
    { type: 'refreshRefused', ...outcome('h1') },
    'refuse needs-consent, announce consent-lost',
  ],
]

describe('G4: an endpoint that refused the stored token', () => {
  test.each(rejectionCases)('%s', (_title, record, event, effects) =>
    expect(inWords(transition(record, event, T)[1])).toBe(effects),
  )

  test('is recorded with the lease, but only if the token was not stale', () => {
    const old = [
      { endpoint: 'e0', at: T - minute },
      { endpoint: 'e9', at: T - 10 * minute },
    ]
    const [leased] = transition(active({ rejections: old }), rejectionBy('e1'), T)
    expect([leased.lease?.holder, leased.rejections]).toEqual([
      'h1',
      [old[0], { endpoint: 'e1', at: T }],
    ])
    expect(transition(withToken(lastMinute), rejectionBy('e1'), T)[0].rejections).toBeUndefined()
  })

  test('gets the error of a failed refresh, while other callers get the unexpired token', () => {
    const record = active({ lease: { holder: 'h1', until: T + second } })
    const failed = { type: 'refreshFailed', code: 'client-rejected', ...outcome('h1') } as const
    expect(inWords(transition(record, failed, T)[1])).toBe('serve a1, announce refresh-failed')
    expect(inWords(transition(record, { ...failed, rejectedTokenId: 'a1' }, T)[1])).toBe(
      'refuse client-rejected, announce refresh-failed',
    )
  })
})

describe('a request for an access token', () =>
  test.each(requestCases)('%s', (_title, record, event, effects) =>
    expect(inWords(transition(record, event, T)[1])).toBe(effects),
  ))

describe('the outcome that a holder reports', () => {
  test.each(outcomeCases)('%s', (_title, record, event, effects) =>
    expect(inWords(transition(record, event, T)[1])).toBe(effects),
  )

  test('one request is recorded with the lease, further ones with the outcome', () => {
    const [leased, effects] = transition(expired, refreshRequest(), T)
    expect(leased.lease).toEqual({ holder: 'h1', until: T + 9 * second })
    expect(effects[0]).toMatchObject({ type: 'refresh', leaseUntil: T + 9 * second })
    expect(leased.budget).toEqual([T - minute, T])
    const [after] = transition(leased, refreshed('a2', 'h1', { calls: 3 }), T + second)
    expect([after.budget, after.lease]).toEqual([
      [T - minute, T, T + second, T + second],
      undefined,
    ])
  })

  test.each([0, -1, 0.5, 1e9, Number.NaN, Number.POSITIVE_INFINITY])(
    'a count of %s requests adds at most the allowed number',
    (calls) => {
      expect(
        transition(held('h1', T + second), refreshed('a2', 'h1', { calls }), T)[0].budget.length,
      ).toBeLessThanOrEqual(10)
    },
  )

  test('fields that the answer omits are kept', () => {
    const tokens = { ...tokenSet('r1'), apiDomain: 'https://www.zohoapis.eu' }
    const [after] = transition(held('h1', T + second, { tokens }), refreshed('a2', 'h1'), T)
    expect(after.tokens).toEqual({ ...tokens, accessToken: accessToken('a2') })
    expect(after.tokens?.refreshToken.reveal()).toBe('secret-r1')
  })

  test('a rotated refresh token replaces the old one and its id', () => {
    const [after] = transition(
      held('h1', T + second),
      refreshed('a2', 'h1', { rotated: { refreshToken: secretOf('r2'), refreshTokenId: 'r2' } }),
      T,
    )
    expect([after.tokens?.refreshToken.reveal(), after.tokens?.refreshTokenId]).toEqual([
      'secret-r2',
      'r2',
    ])
  })

  test('an event without a connection has no effect', () =>
    expect(transition(noRecord, { type: 'leaseReleased', holder: 'h1' }, T)).toEqual([
      noRecord,
      [],
    ]))
})

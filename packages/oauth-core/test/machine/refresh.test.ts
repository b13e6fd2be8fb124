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

const ask = (
  facts: Partial<Extract<ConnectionEvent, { type: 'refreshRequested' }>> = {},
): ConnectionEvent => ({ type: 'refreshRequested', holder: 'h1', ...facts })
const withToken = (
  facts: Parameters<typeof accessToken>[1],
  more: Parameters<typeof active>[0] = {},
) => active({ tokens: tokenSet('r1', { accessToken: accessToken('a1', facts) }), ...more })
const ended = withToken({ issuedAt: T - 60 * minute, expiresAt: T })
const due = withToken({ issuedAt: T - 55 * minute, expiresAt: T + 5 * minute })
const throttled = (until: number) => ({ code: 'throttled' as const, failures: 0, until })

const asked: readonly [
  title: string,
  record: ConnectionRecord,
  event: ConnectionEvent,
  effects: string,
][] = [
  ['an ended token is refreshed', ended, ask(), 'refresh r1'],
  [
    'an imported grant without an access token is refreshed',
    active({ tokens: { ...tokenSet('r1'), accessToken: undefined } as never }),
    ask(),
    'refresh r1',
  ],
  ['a due token is handed out', due, ask(), 'serve a1'],
  ['a due token is refreshed by who works ahead', due, ask({ proactive: true }), 'refresh r1'],
  ['a fresh token is not refreshed ahead', active(), ask({ proactive: true }), 'serve a1'],
  [
    'two minutes before its end a token is stale',
    withToken({ issuedAt: T - 58 * minute, expiresAt: T + 2 * minute }),
    ask(),
    'refresh r1',
  ],
  [
    'a moment earlier it is not',
    withToken({ issuedAt: T - 58 * minute + 1, expiresAt: T + 2 * minute + 1 }),
    ask(),
    'serve a1',
  ],
  [
    'a token of 237 seconds is stale 7.9 seconds before its end',
    withToken({ issuedAt: T - 229_100, expiresAt: T + 7_900 }),
    ask(),
    'refresh r1',
  ],
  [
    'a token that ends more than an hour ahead is not believed',
    withToken({ expiresAt: T + 60 * minute + 1_001 }),
    ask(),
    'refresh r1',
  ],
  [
    'a token minted in a time to come is not believed',
    withToken({ issuedAt: T + 1_001, expiresAt: T + 10 * minute }),
    ask(),
    'refresh r1',
  ],
  [
    'a token that ends before it was minted is not believed',
    withToken({ issuedAt: T + 900, expiresAt: T + 900 }),
    ask(),
    'refresh r1',
  ],
  [
    'a short-lived token is good while it is new',
    withToken({ expiresAt: T + minute }),
    ask(),
    'serve a1',
  ],
  [
    'who was refused another token gets the stored one',
    active(),
    ask({ rejectedTokenId: 'a0' }),
    'serve a1',
  ],
  ['another holder is waited for', held('h0', T + 1), ask(), 'wait'],
  ['the same holder may ask again', held('h1', T + 1), ask(), 'refresh r1'],
  ['a lease ends by time', held('h0', T), ask(), 'refresh r1'],
  ['a lease of nine seconds and the slack is believed', held('h0', T + 10 * second), ask(), 'wait'],
  [
    'a lease that reaches further comes from a clock that jumped',
    held('h0', T + 10 * second + 1),
    ask(),
    'refresh r1',
  ],
  [
    'a cool-down holds back',
    held('h0', T, { coolDown: throttled(T + 1) }),
    ask(),
    'refuse throttled',
  ],
  ['a cool-down ends by time', held('h0', T, { coolDown: throttled(T) }), ask(), 'refresh r1'],
  [
    'a cool-down further than ten minutes ahead is not believed',
    held('h0', T, { coolDown: throttled(T + 10 * minute + 1_001) }),
    ask(),
    'refresh r1',
  ],
  [
    'T14: a cool-down in the last two minutes hands out the token that still lives',
    withToken({ issuedAt: T - 59 * minute, expiresAt: T + minute }, { coolDown: throttled(T + 1) }),
    ask(),
    'serve a1',
  ],
  [
    'T14: and so does a spent budget',
    withToken(
      { issuedAt: T - 59 * minute, expiresAt: T + minute },
      { budget: Array<number>(5).fill(T - minute) },
    ),
    ask(),
    'serve a1',
  ],
  [
    'but not the one that is to be replaced',
    withToken({ issuedAt: T - 59 * minute, expiresAt: T + minute }, { coolDown: throttled(T + 1) }),
    ask({ rejectedTokenId: 'a1' }),
    'refuse throttled',
  ],
  [
    'nor one that ends within the slack of the clock',
    withToken({ issuedAt: T - 60 * minute, expiresAt: T + second }, { coolDown: throttled(T + 1) }),
    ask(),
    'refuse throttled',
  ],
  [
    'the third call ahead of time is made',
    { ...due, budget: Array<number>(2).fill(T - minute) },
    ask({ proactive: true }),
    'refresh r1',
  ],
  [
    'the fourth is not: two are kept for who waits',
    { ...due, budget: Array<number>(3).fill(T - minute) },
    ask({ proactive: true }),
    'serve a1',
  ],
  [
    'also of a stale token, which is handed out',
    withToken(
      { issuedAt: T - 59 * minute, expiresAt: T + minute },
      { budget: Array<number>(3).fill(T - minute) },
    ),
    ask({ proactive: true }),
    'serve a1',
  ],
  [
    'a cool-down does not keep back a good token',
    active({ coolDown: throttled(T + minute) }),
    ask(),
    'serve a1',
  ],
  [
    'the fifth call is made',
    held('h0', T, { budget: Array<number>(4).fill(T - minute) }),
    ask(),
    'refresh r1',
  ],
  [
    'the sixth in ten minutes is not',
    held('h0', T, { budget: Array<number>(5).fill(T - 10 * minute + 1) }),
    ask(),
    'refuse refresh-budget-spent',
  ],
  [
    'after ten minutes it is',
    held('h0', T, { budget: Array<number>(5).fill(T - 10 * minute) }),
    ask(),
    'refresh r1',
  ],
  [
    'calls of a time to come do not count',
    held('h0', T, { budget: Array<number>(5).fill(T + 1_001) }),
    ask(),
    'refresh r1',
  ],
]

const refusedBy = (endpoint: string, rejectedTokenId = 'a1') => ask({ rejectedTokenId, endpoint })
const ordered = 'refresh r1, announce access-token-rejected'
const listed = (at: number, more: Parameters<typeof active>[0] = {}) =>
  active({ rejections: [{ endpoint: 'e1', at }], ...more })
const lastMinute = { issuedAt: T - 59 * minute, expiresAt: T + minute }

const rejections: readonly [
  title: string,
  record: ConnectionRecord,
  event: ConnectionEvent,
  effects: string,
][] = [
  ['a fresh token is replaced', active(), refusedBy('e1'), ordered],
  ['a token that was replaced since costs nothing', active(), refusedBy('e1', 'a0'), 'serve a1'],
  [
    'the same endpoint gets no second replacement in ten minutes',
    listed(T - 10 * minute + 1),
    refusedBy('e1'),
    'serve a1',
  ],
  ['after ten minutes it does', listed(T - 10 * minute), refusedBy('e1'), ordered],
  ['another endpoint does', listed(T), refusedBy('e2'), ordered],
  ['a rejection of a time to come is not believed', listed(T + 1_001), refusedBy('e1'), ordered],
  [
    'two calls of the budget are kept for callers who wait',
    active({ budget: Array<number>(3).fill(T) }),
    refusedBy('e1'),
    'refuse refresh-budget-spent',
  ],
  [
    'a cool-down holds back',
    active({ coolDown: throttled(T + 1) }),
    refusedBy('e1'),
    'refuse throttled',
  ],
  [
    'a stale token is due, also for a listed endpoint',
    listed(T, { tokens: tokenSet('r1', { accessToken: accessToken('a1', lastMinute) }) }),
    refusedBy('e1'),
    ordered,
  ],
  [
    'a stale token may take the last call of the budget',
    withToken(lastMinute, { budget: Array<number>(4).fill(T) }),
    refusedBy('e1'),
    ordered,
  ],
  [
    'a refresh of another holder is waited for',
    active({ lease: { holder: 'h0', until: T + second } }),
    refusedBy('e1'),
    'wait',
  ],
]

const told: readonly [
  title: string,
  record: ConnectionRecord,
  event: ConnectionEvent,
  effects: string,
][] = [
  [
    'a late token is kept when nothing good is stored',
    held('h2', T + 5 * second),
    refreshed('a9', 'h1'),
    'serve a9, announce refreshed',
  ],
  [
    'M20: a late token from a time to come does not displace a good one',
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
    'a late token that ends sooner than the stored one is dropped',
    active(),
    refreshed('a9', 'h1', { accessToken: accessToken('a9', { expiresAt: T + 59 * minute }) }),
    'serve a1',
  ],
  [
    'a token that was stored already is not stored again',
    active(),
    refreshed('a1', 'h1'),
    'serve a1',
  ],
  [
    'a late failure is not believed',
    held('h2', T + 5 * second),
    { type: 'refreshFailed', code: 'answer-malformed', ...outcome('h1') },
    'wait',
  ],
  [
    'a late throttle is believed',
    held('h2', T + 5 * second),
    { type: 'refreshThrottled', ...outcome('h1') },
    'refuse throttled, announce refresh-failed',
  ],
  [
    'a late refusal is believed when nothing good is stored',
    held('h2', T),
    { type: 'refreshRefused', ...outcome('h1') },
    'refuse needs-consent, announce consent-lost',
  ],
  [
    'a refusal is believed of the holder',
    held('h1', T + second),
    { type: 'refreshRefused', ...outcome('h1') },
    'refuse needs-consent, announce consent-lost',
  ],
]

describe('G4: an endpoint that refused the stored token', () => {
  test.each(rejections)('%s', (_title, record, event, effects) =>
    expect(inWords(transition(record, event, T)[1])).toBe(effects),
  )

  test('is listed with the lease, and only where the token was not stale', () => {
    const old = [
      { endpoint: 'e0', at: T - minute },
      { endpoint: 'e9', at: T - 10 * minute },
    ]
    const [leased] = transition(active({ rejections: old }), refusedBy('e1'), T)
    expect([leased.lease?.holder, leased.rejections]).toEqual([
      'h1',
      [old[0], { endpoint: 'e1', at: T }],
    ])
    expect(transition(withToken(lastMinute), refusedBy('e1'), T)[0].rejections).toBeUndefined()
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

describe('who asks for an access token', () =>
  test.each(asked)('%s', (_title, record, event, effects) =>
    expect(inWords(transition(record, event, T)[1])).toBe(effects),
  ))

describe('what a holder tells', () => {
  test.each(told)('%s', (_title, record, event, effects) =>
    expect(inWords(transition(record, event, T)[1])).toBe(effects),
  )

  test('a lease and one call are booked before the call, further calls after it', () => {
    const [leased, effects] = transition(ended, ask(), T)
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
    '%s calls do no harm',
    (calls) => {
      expect(
        transition(held('h1', T + second), refreshed('a2', 'h1', { calls }), T)[0].budget.length,
      ).toBeLessThanOrEqual(10)
    },
  )

  test('what the answer leaves out is kept', () => {
    const tokens = { ...tokenSet('r1'), apiDomain: 'https://www.zohoapis.eu' }
    const [after] = transition(held('h1', T + second, { tokens }), refreshed('a2', 'h1'), T)
    expect(after.tokens).toEqual({ ...tokens, accessToken: accessToken('a2') })
    expect(after.tokens?.refreshToken.reveal()).toBe('secret-r1')
  })

  test('a rotated refresh token replaces the old one together with its name', () => {
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

  test('nothing is told to nobody', () =>
    expect(transition(noRecord, { type: 'leaseReleased', holder: 'h1' }, T)).toEqual([
      noRecord,
      [],
    ]))
})

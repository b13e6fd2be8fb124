import { describe, expect, test } from 'vitest'
import { noRecord, type ConnectionRecord } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import {
  transition,
  T,
  accessToken,
  active,
  leasedTo,
  inWords,
  minute,
  outcome,
  refreshed,
  second,
  secretOf,
  tokenSet,
  refreshRequest,
  withToken,
  expired,
  throttledUntil,
} from './fixtures.ts'

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
    'the same endpoint gets a second replacement after ten minutes',
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
    active({ recentCalls: Array<number>(3).fill(T) }),
    rejectionBy('e1'),
    'refuse refresh-budget-spent',
  ],
  [
    'a cool-down refuses the request',
    active({ coolDown: throttledUntil(T + 1) }),
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
    withToken(lastMinute, { recentCalls: Array<number>(4).fill(T) }),
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
    'a late token is stored if there is no valid token',
    leasedTo('h2', T + 5 * second),
    refreshed('a9', 'h1'),
    'serve a9, announce refreshed',
  ],
  [
    'M20: a late token from the future does not replace a valid token',
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
    leasedTo('h2', T + 5 * second),
    { type: 'refreshFailed', code: 'response-malformed', ...outcome('h1') },
    'wait',
  ],
  [
    'a late throttle is stored',
    leasedTo('h2', T + 5 * second),
    { type: 'refreshThrottled', ...outcome('h1') },
    'refuse throttled, announce refresh-failed',
  ],
  [
    'a late refusal is stored if there is no valid token',
    leasedTo('h2', T),
    { type: 'refreshRefused', ...outcome('h1') },
    'refuse needs-consent, announce consent-lost',
  ],
  [
    'a refusal of the holder is stored',
    leasedTo('h1', T + second),
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

describe('the outcome that a holder reports', () => {
  test.each(outcomeCases)('%s', (_title, record, event, effects) =>
    expect(inWords(transition(record, event, T)[1])).toBe(effects),
  )

  test('one request is recorded with the lease, and further requests with the outcome', () => {
    const [leased, effects] = transition(expired, refreshRequest(), T)
    expect(leased.lease).toEqual({ holder: 'h1', until: T + 9 * second })
    expect(effects[0]).toMatchObject({ type: 'refresh', leaseUntil: T + 9 * second })
    expect(leased.recentCalls).toEqual([T - minute, T])
    const [after] = transition(leased, refreshed('a2', 'h1', { calls: 3 }), T + second)
    expect([after.recentCalls, after.lease]).toEqual([
      [T - minute, T, T + second, T + second],
      undefined,
    ])
  })

  test.each([0, -1, 0.5, 1e9, Number.NaN, Number.POSITIVE_INFINITY])(
    'a reported count of %s requests never makes the budget longer than ten entries',
    (calls) => {
      expect(
        transition(leasedTo('h1', T + second), refreshed('a2', 'h1', { calls }), T)[0].recentCalls
          .length,
      ).toBeLessThanOrEqual(10)
    },
  )

  test('fields that the response omits are kept', () => {
    const tokens = { ...tokenSet('r1'), apiDomain: 'https://www.zohoapis.eu' }
    const [after] = transition(leasedTo('h1', T + second, { tokens }), refreshed('a2', 'h1'), T)
    expect(after.tokens).toEqual({ ...tokens, accessToken: accessToken('a2') })
    expect(after.tokens?.refreshToken.reveal()).toBe('secret-r1')
  })

  test('a rotated refresh token replaces the old one and its id', () => {
    const [after] = transition(
      leasedTo('h1', T + second),
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

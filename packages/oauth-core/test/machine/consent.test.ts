import { describe, expect, test } from 'vitest'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import {
  transition,
  T,
  active,
  granted,
  leasedTo,
  inWords,
  minute,
  outcome,
  records,
  second,
  tokenSet,
} from './fixtures.ts'

const exchangeStarted = (stateHash: string, limitedPrincipal?: string): ConnectionEvent => ({
  type: 'exchangeStarted',
  stateHash,
  principal: 'ann',
  ...(limitedPrincipal !== undefined && { limitedPrincipal }),
})
const revokeRequested: ConnectionEvent = { type: 'revokeRequested' }
const revocationConfirmed = (refreshTokenId: string): ConnectionEvent => ({
  type: 'revocationConfirmed',
  refreshTokenId,
})
const recordAfter = (record: ConnectionRecord, ...events: ConnectionEvent[]): ConnectionRecord =>
  events.reduce((before, event) => transition(before, event, T)[0], record)

describe('consent', () => {
  test('a callback can be used once in thirty minutes', () => {
    const record = recordAfter(records.none, exchangeStarted('s1'))
    expect(record.attempts).toEqual([{ stateHash: 's1', at: T }])
    expect(inWords(transition(record, exchangeStarted('s1'), T + 30 * minute - 1)[1])).toBe(
      'refuse callback-replayed',
    )
    expect(transition(record, exchangeStarted('s2'), T + 30 * minute)[0].attempts).toEqual([
      { stateHash: 's2', at: T + 30 * minute },
    ])
  })

  test('an attempt from the future is kept, as dropping it would allow a replay', () => {
    const record = { ...records.none, attempts: [{ stateHash: 's1', at: T + 24 * 60 * minute }] }
    expect(inWords(transition(record, exchangeStarted('s1'), T)[1])).toBe(
      'refuse callback-replayed',
    )
    expect(
      transition(record, exchangeStarted('s2'), T)[0].attempts.map(({ stateHash }) => stateHash),
    ).toEqual(['s1', 's2'])
  })

  test('G12: refuses an eleventh attempt of one principal within ten minutes', () => {
    const record = recordAfter(
      records.none,
      ...Array.from({ length: 10 }, (_, index) => exchangeStarted(`s${index}`, 'mallory')),
    )
    const refusal = { type: 'refuse', code: 'attempts-exhausted', retryAt: T + 10 * minute }
    expect(transition(record, exchangeStarted('s10', 'mallory'), T + second)).toEqual([
      record,
      [refusal],
    ])
    for (const limitedPrincipal of ['ann', undefined]) {
      expect(
        inWords(transition(record, exchangeStarted('s10', limitedPrincipal), T + second)[1]),
      ).toBe('')
    }
    expect(inWords(transition(record, exchangeStarted('s10', 'mallory'), T + 10 * minute)[1])).toBe(
      '',
    )
  })

  test('G12: forgetting restarts the count of attempts, and keeps the used callbacks', () => {
    const record = recordAfter(
      records.none,
      ...Array.from({ length: 10 }, (_, index) => exchangeStarted(`s${index}`, 'ann')),
    )
    const forgotten = recordAfter(record, { type: 'forgotten' })
    expect(inWords(transition(forgotten, exchangeStarted('s10', 'ann'), T + second)[1])).toBe('')
    expect(inWords(transition(forgotten, exchangeStarted('s3', 'ann'), T + second)[1])).toBe(
      'refuse callback-replayed',
    )
  })

  test('the record keeps at most a hundred attempts, for any number of principals', () => {
    const attempts = Array.from({ length: 500 }, (_, index) =>
      exchangeStarted(`s${index}`, `p${index % 50}`),
    )
    expect(recordAfter(records.none, ...attempts).attempts).toHaveLength(100)
    // Finished attempts are dropped first.
    const ended: ConnectionEvent[] = Array.from({ length: 50 }, (_, index) => ({
      type: 'attemptFailed',
      stateHash: `s${index}`,
      code: 'code-rejected',
    }))
    const record = recordAfter(
      records.none,
      ...attempts.slice(0, 100),
      ...ended,
      ...attempts.slice(100, 150),
    )
    expect(record.attempts.map(({ stateHash }) => stateHash)).toEqual(
      Array.from({ length: 100 }, (_, index) => `s${index + 50}`),
    )
  })

  test('a delayed grant does not replace the grant of a later consent', () => {
    const both = recordAfter(
      records.none,
      exchangeStarted('s1'),
      exchangeStarted('s2'),
      granted('r2', { stateHash: 's2' }),
    )
    const after = recordAfter(both, granted('r1', { stateHash: 's1', isDelayed: true }))
    expect(after.tokens?.refreshTokenId).toBe('r2')
    expect([
      after.abandoned?.map(({ refreshTokenId }) => refreshTokenId),
      after.refreshTokens,
    ]).toEqual([['r1'], 2])
    const alone = recordAfter(
      records.none,
      exchangeStarted('s1'),
      granted('r1', { stateHash: 's1', isDelayed: true }),
    )
    expect(alone.tokens?.refreshTokenId).toBe('r1')
  })

  test('a grant ends its attempt, and clears lease, cool-down, rejections and budget', () => {
    const before = {
      ...leasedTo('h1', T + second, {
        coolDown: { code: 'throttled', failures: 0, until: T + minute },
        rejections: [{ endpoint: 'e1', at: T }],
      }),
      identity: { organizationId: 'o1' },
    }
    const after = recordAfter(
      before,
      exchangeStarted('s1'),
      granted('r2', { stateHash: 's1', principal: 'bob', identity: { organizationId: 'o1' } }),
    )
    expect(after).toEqual({
      status: 'active',
      since: T,
      principal: 'bob',
      tokens: tokenSet('r2'),
      requestedScopes: ['ZohoRecruit.modules.ALL'],
      recentCalls: [],
      refreshTokens: 1,
      identity: { organizationId: 'o1' },
      attempts: [...records.active.attempts, { stateHash: 's1', at: T, outcome: 'granted' }],
    })
  })

  test('L5: announces the fifteenth refresh token that was not revoked', () => {
    let record: ConnectionRecord = records.active
    const announced: string[] = []
    for (let consents = 1; consents <= 16; consents++) {
      const [next, effects] = transition(record, granted(`r${consents + 1}`), T)
      record = next
      announced.push(inWords(effects))
    }
    expect(
      announced.findIndex(
        (words) => words === 'announce connected, announce refresh-tokens-piling',
      ),
    ).toBe(14)
    expect(record.refreshTokens).toBe(16)
    const [revoking] = transition(record, { type: 'revokeRequested' }, T)
    expect(
      transition(revoking, { type: 'revocationConfirmed', refreshTokenId: 'r17' }, T)[0]
        .refreshTokens,
    ).toBe(15)
  })

  test('the outcome of an older refresh does not change a new grant', () => {
    const record = recordAfter(leasedTo('h1', T + second), granted('r2'))
    for (const type of ['refreshRefused', 'refreshThrottled'] as const)
      expect(transition(record, { type, ...outcome('h1') }, T)[0]).toBe(record)
  })

  test('a repeated grant does not undo a later revocation', () => {
    const event = granted('r2', { stateHash: 's1' })
    const stored = recordAfter(records.active, exchangeStarted('s1'), event)
    expect(transition(stored, event, T)).toEqual([
      stored,
      [expect.objectContaining({ type: 'announce' })],
    ])
    for (const laterEvents of [
      [revokeRequested],
      [revokeRequested, revocationConfirmed('r2')],
      [{ type: 'forgotten' } as const],
    ]) {
      const record = recordAfter(stored, ...laterEvents)
      expect(transition(record, event, T)).toEqual([
        record,
        [expect.objectContaining({ type: 'refuse' })],
      ])
    }
  })

  test('a repeated import is not refused', () => {
    const event: ConnectionEvent = { type: 'imported', principal: 'ann', tokens: tokenSet('r2') }
    const stored = recordAfter(records.none, event)
    expect([
      transition(stored, event, T)[0] === stored,
      inWords(transition(stored, event, T)[1]),
    ]).toEqual([true, 'announce connected'])
  })

  test('a failed attempt cannot be granted later', () => {
    const record = recordAfter(records.none, exchangeStarted('s1'), {
      type: 'attemptFailed',
      stateHash: 's1',
      code: 'exchange-outcome-unknown',
    })
    expect(inWords(transition(record, granted('r2', { stateHash: 's1' }), T)[1])).toBe(
      'revoke r2, refuse connection-revoked, announce consent-failed',
    )
  })

  test('scopes are added to the existing scopes', () => {
    const after = recordAfter(active(), {
      type: 'scopesGranted',
      refreshTokenId: 'r1',
      scopes: ['ZohoRecruit.org.READ'],
    })
    expect(after.tokens?.scopes).toEqual(['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'])
  })

  test('forgetting keeps the callbacks of the last thirty minutes, but no personal data', () => {
    const attempts = [
      { stateHash: 's0', at: T - 30 * minute },
      { stateHash: 's1', at: T - 1 },
    ]
    for (const record of [
      { ...active(), attempts },
      { ...records.none, principal: 'ann', attempts },
      { ...records.none, principal: 'ann', attempts: attempts.slice(1) },
    ]) {
      expect(transition(record, { type: 'forgotten' }, T)[0]).toEqual({
        status: 'none',
        attempts: [{ stateHash: 's1', at: T - 1, outcome: 'failed' }],
        recentCalls: [],
      })
    }
  })
})

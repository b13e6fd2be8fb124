import { describe, expect, test } from 'vitest'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { transition, T, granted, inWords, minute, records, second, tokenSet } from './fixtures.ts'

const recordAfter = (
  record: ConnectionRecord,
  ...events: (readonly [at: number, event: ConnectionEvent])[]
): ConnectionRecord =>
  events.reduce((before, [at, event]) => transition(before, event, at)[0], record)
const exchangeStarted = (stateHash: string): ConnectionEvent => ({
  type: 'exchangeStarted',
  stateHash,
  principal: 'ann',
})
const effectsInWords = (record: ConnectionRecord, event: ConnectionEvent, at: number) =>
  inWords(transition(record, event, at)[1])
const refusedInWords = 'revoke r2, refuse connection-revoked, announce consent-failed'

describe('a consent whose code is being exchanged', () => {
  test.each(['none', 'active', 'needs-consent', 'revoking', 'revoked'] as const)(
    'is ended by a revocation while the status is %s',
    (status) => {
      const record = recordAfter(
        records[status],
        [T, exchangeStarted('s1')],
        [T + second, { type: 'revokeRequested' }],
      )
      expect(effectsInWords(record, granted('r2', { stateHash: 's1' }), T + 2 * second)).toBe(
        refusedInWords,
      )
      const [after] = transition(record, granted('r2', { stateHash: 's1' }), T + 2 * second)
      expect([after.status, after.tokens, after.abandoned?.length]).toEqual([
        record.status,
        record.tokens,
        1,
      ])
      // A repeated grant is refused in the same way and changes nothing.
      expect(effectsInWords(after, granted('r2', { stateHash: 's1' }), T + 3 * second)).toBe(
        'refuse connection-revoked',
      )
      expect(transition(after, granted('r2', { stateHash: 's1' }), T + 3 * second)[0]).toBe(after)
    },
  )

  test.each(['none', 'active', 'revoked'] as const)(
    'is ended by forgetting while the status is %s',
    (status) => {
      const record = recordAfter(
        records[status],
        [T, exchangeStarted('s1')],
        [T + second, { type: 'forgotten' }],
      )
      expect(effectsInWords(record, granted('r2', { stateHash: 's1' }), T + 2 * second)).toBe(
        refusedInWords,
      )
    },
  )

  test('G14: is not stored if the record or the attempt no longer exists', () => {
    for (const status of ['none', 'active', 'revoked'] as const) {
      const [after] = transition(records[status], granted('r2', { stateHash: 's1' }), T)
      expect([after.status, after.abandoned?.length]).toEqual([status, 1])
      expect(effectsInWords(after, granted('r2', { stateHash: 's1' }), T)).toBe(
        'refuse connection-revoked',
      )
    }
  })

  test('G14: keeps its refresh token, to revoke it later, while a newer code is exchanged', () => {
    const record = recordAfter(
      records.active,
      [T, exchangeStarted('s1')],
      [T + second, { type: 'revokeRequested' }],
      [T + 2 * second, exchangeStarted('s2')],
    )
    const [after, effects] = transition(record, granted('r2', { stateHash: 's1' }), T + 3 * second)
    expect([after.abandoned?.length, inWords(effects)]).toEqual([
      1,
      'refuse connection-revoked, announce consent-failed',
    ])
  })

  test('keeps its place among the attempts if its refresh token is to be revoked later', () => {
    const record = recordAfter(
      records.active,
      [T, exchangeStarted('s1')],
      [T + second, exchangeStarted('s2')],
      [T + 2 * second, { type: 'grantAbandoned', stateHash: 's1', tokens: tokenSet('r2') }],
    )
    expect(record.attempts.map(({ stateHash, outcome }) => [stateHash, outcome])).toEqual([
      ['s0', 'granted'],
      ['s1', 'abandoned'],
      ['s2', undefined],
    ])
  })

  test('does not replace the grant of a later consent', () => {
    const lost = recordAfter(
      records.none,
      [T, exchangeStarted('s1')],
      [T + 60 * second, { type: 'recoveryRequested' }],
    )
    const record = recordAfter(
      lost,
      [T + 60 * second, exchangeStarted('s2')],
      [T + 61 * second, granted('r2', { stateHash: 's2' })],
    )
    const [after] = transition(record, granted('r1', { stateHash: 's1' }), T + 62 * second)
    expect([after.tokens?.refreshTokenId, after.abandoned?.length, after.refreshTokens]).toEqual([
      'r2',
      1,
      2,
    ])
  })

  test('is stored if it began after a revocation that Zoho confirms only later', () => {
    const record = recordAfter(
      records.active,
      [T, { type: 'revokeRequested' }],
      [T + second, exchangeStarted('s1')],
      [T + 2 * second, { type: 'revocationConfirmed', refreshTokenId: 'r1' }],
    )
    expect(transition(record, granted('r2', { stateHash: 's1' }), T + 3 * second)[0].status).toBe(
      'active',
    )
  })

  test('is stored after a clock jumped ahead and came back', () => {
    const day = 24 * 60 * minute
    const revoked = recordAfter(
      records.active,
      [T + day, { type: 'revokeRequested' }],
      [T + day, { type: 'revocationConfirmed', refreshTokenId: 'r1' }],
    )
    expect(
      recordAfter(
        revoked,
        [T, exchangeStarted('s1')],
        [T + second, granted('r2', { stateHash: 's1' })],
      ).status,
    ).toBe('active')
  })
})

import { describe, expect, test } from 'vitest'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { transition, T, granted, inWords, minute, records, second } from './fixtures.ts'

const play = (
  record: ConnectionRecord,
  ...events: (readonly [at: number, event: ConnectionEvent])[]
): ConnectionRecord =>
  events.reduce((before, [at, event]) => transition(before, event, at)[0], record)
const began = (state: string): ConnectionEvent => ({
  type: 'exchangeStarted',
  state,
  principal: 'ann',
})
const effects = (record: ConnectionRecord, event: ConnectionEvent, at: number) =>
  inWords(transition(record, event, at)[1])
const refused = 'revoke r2, refuse connection-revoked, announce consent-failed'

describe('a consent whose code is being exchanged', () => {
  test.each(['none', 'active', 'needs-consent', 'revoking', 'revoked'] as const)(
    'is overtaken by a revocation over %s',
    (status) => {
      const record = play(
        records[status],
        [T, began('s1')],
        [T + second, { type: 'revokeRequested' }],
      )
      expect(effects(record, granted('r2', { state: 's1' }), T + 2 * second)).toBe(refused)
      const [after] = transition(record, granted('r2', { state: 's1' }), T + 2 * second)
      expect([after.status, after.tokens, after.abandoned?.length]).toEqual([
        record.status,
        record.tokens,
        1,
      ])
      // Told again, it is refused in the same way and changes nothing.
      expect(effects(after, granted('r2', { state: 's1' }), T + 3 * second)).toBe(
        'refuse connection-revoked',
      )
      expect(transition(after, granted('r2', { state: 's1' }), T + 3 * second)[0]).toBe(after)
    },
  )

  test.each(['none', 'active', 'revoked'] as const)('is overtaken by forgetting %s', (status) => {
    const record = play(records[status], [T, began('s1')], [T + second, { type: 'forgotten' }])
    expect(effects(record, granted('r2', { state: 's1' }), T + 2 * second)).toBe(refused)
  })

  test('G14: is not stored where its attempt is gone, with the record or after half an hour', () => {
    for (const status of ['none', 'active', 'revoked'] as const) {
      const [after] = transition(records[status], granted('r2', { state: 's1' }), T)
      expect([after.status, after.abandoned?.length]).toEqual([status, 1])
      expect(effects(after, granted('r2', { state: 's1' }), T)).toBe('refuse connection-revoked')
    }
  })

  test('G14: leaves its refresh token for later while a newer code is being exchanged', () => {
    const record = play(
      records.active,
      [T, began('s1')],
      [T + second, { type: 'revokeRequested' }],
      [T + 2 * second, began('s2')],
    )
    const [after, ordered] = transition(record, granted('r2', { state: 's1' }), T + 3 * second)
    expect([after.abandoned?.length, inWords(ordered)]).toEqual([
      1,
      'refuse connection-revoked, announce consent-failed',
    ])
  })

  test('that a later consent has replaced does not take its place when its process wakes up', () => {
    const lost = play(
      records.none,
      [T, began('s1')],
      [T + 60 * second, { type: 'recoveryRequested' }],
    )
    const record = play(
      lost,
      [T + 60 * second, began('s2')],
      [T + 61 * second, granted('r2', { state: 's2' })],
    )
    const [after] = transition(record, granted('r1', { state: 's1' }), T + 62 * second)
    expect([after.tokens?.refreshTokenId, after.abandoned?.length, after.refreshTokens]).toEqual([
      'r2',
      1,
      2,
    ])
  })

  test('and that began after the revocation was asked for is stored, whenever that is confirmed', () => {
    const record = play(
      records.active,
      [T, { type: 'revokeRequested' }],
      [T + second, began('s1')],
      [T + 2 * second, { type: 'revocationConfirmed', refreshTokenId: 'r1' }],
    )
    expect(transition(record, granted('r2', { state: 's1' }), T + 3 * second)[0].status).toBe(
      'active',
    )
  })

  test('is stored after a clock that had jumped ahead came back', () => {
    const day = 24 * 60 * minute
    const revoked = play(
      records.active,
      [T + day, { type: 'revokeRequested' }],
      [T + day, { type: 'revocationConfirmed', refreshTokenId: 'r1' }],
    )
    expect(
      play(revoked, [T, began('s1')], [T + second, granted('r2', { state: 's1' })]).status,
    ).toBe('active')
  })
})

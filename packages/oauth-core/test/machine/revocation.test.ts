import { describe, expect, test } from 'vitest'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import {
  transition,
  T,
  granted,
  leasedTo,
  inWords,
  minute,
  outcome,
  records,
  refreshed,
  second,
  tokenSet,
} from './fixtures.ts'

const revokeRequested: ConnectionEvent = { type: 'revokeRequested' }
const failed: ConnectionEvent = {
  type: 'revocationFailed',
  refreshTokenId: 'r1',
  code: 'accounts-server-unavailable',
}

describe('revocation', () => {
  test('clears lease, cool-down and rejections, and keeps the token set for the request', () => {
    const record = leasedTo('h1', T + second, {
      coolDown: { code: 'accounts-server-unavailable', failures: 0, until: T + minute },
      rejections: [{ endpoint: 'e1', at: T }],
    })
    const { lease: _lease, coolDown: _coolDown, rejections: _rejections, ...kept } = record
    expect(transition(record, revokeRequested, T)[0]).toEqual({
      ...kept,
      status: 'revoking',
      since: T,
    })
  })

  test('G13: a throttle of the token endpoint stays and delays the token check', () => {
    const coolDown = { code: 'throttled', failures: 0, until: T + minute } as const
    const [revoking, effects] = transition(
      leasedTo('h1', T + second, { coolDown }),
      revokeRequested,
      T,
    )
    expect([revoking.coolDown, inWords(effects)]).toEqual([
      coolDown,
      'revoke r1, announce revocation-pending',
    ])
    const check = { type: 'revocationCheckStarted', refreshTokenId: 'r1' } as const
    expect(transition(revoking, check, T)[1][0]).toEqual({
      type: 'refuse',
      code: 'revocation-failed',
      retryAt: T + minute,
    })
  })

  test('G13: makes no request if it is requested again during a cool-down', () => {
    const [waiting] = transition(records.revoking, failed, T)
    const refusal = { type: 'refuse', code: 'revocation-failed', retryAt: T + 5 * second }
    expect(transition(waiting, revokeRequested, T + second)).toEqual([waiting, [refusal]])
    expect(inWords(transition(waiting, revokeRequested, T + 5 * second)[1])).toBe('revoke r1')
  })

  test('G13: checks use the budget of token requests', () => {
    let record: ConnectionRecord = { ...records.revoking, recentCalls: [] }
    const check = { type: 'revocationCheckStarted', refreshTokenId: 'r1' } as const
    for (let checks = 1; checks <= 5; checks++) {
      const [next, effects] = transition(record, check, T)
      expect([next.recentCalls.length, inWords(effects)]).toEqual([checks, ''])
      record = next
    }
    const [spent, effects] = transition(record, check, T)
    expect(effects[0]).toEqual({
      type: 'refuse',
      code: 'revocation-failed',
      retryAt: T + 10 * minute,
    })
    expect(transition(spent, revokeRequested, T)[1]).toEqual([effects[0]])
  })

  test('is not undone by the outcome of a refresh', () => {
    const [revoking] = transition(leasedTo('h1', T + second), revokeRequested, T)
    for (const event of [
      refreshed('a2', 'h1'),
      { type: 'refreshRefused', ...outcome('h1') } as const,
    ])
      expect(transition(revoking, event, T)[0]).toBe(revoking)
  })

  test('stays pending with a growing back-off while Zoho does not confirm', () => {
    const [once, effects] = transition(records.revoking, failed, T)
    const [twice] = transition(once, failed, T + minute)
    expect([once.status, once.coolDown?.until, twice.coolDown?.until]).toEqual([
      'revoking',
      T + 5 * second,
      T + minute + 10 * second,
    ])
    expect(effects[0]).toEqual({
      type: 'refuse',
      code: 'revocation-failed',
      retryAt: T + 5 * second,
    })
  })

  test('G14: is not complete while an abandoned refresh token is in its cool-down', () => {
    const { refreshToken, dataCenter } = tokenSet('r0')
    const coolDown = { code: 'throttled', failures: 0, until: T + minute } as const
    const record = {
      ...records.active,
      abandoned: [{ dataCenter, refreshToken, refreshTokenId: 'r0', recentCalls: [], coolDown }],
    }
    const [, effects] = transition(record, revokeRequested, T)
    expect(inWords(effects)).toBe(
      'revoke r1, refuse revocation-failed, announce revocation-pending',
    )
  })

  test('the tombstone keeps the principal and the used callbacks, but no secret', () => {
    const record = { ...records.revoking, identity: { organizationId: 'o1' } }
    const [after] = transition(
      record,
      { type: 'revocationConfirmed', refreshTokenId: 'r1' },
      T + second,
    )
    expect(after).toEqual({
      status: 'revoked',
      since: T + second,
      principal: 'ann',
      attempts: record.attempts,
      recentCalls: [],
      refreshTokens: 0,
      identity: { organizationId: 'o1' },
    })
  })

  test('a new consent wins over a later confirmation', () => {
    const [reconnected] = transition(records.revoking, granted('r2'), T)
    expect(
      transition(reconnected, { type: 'revocationConfirmed', refreshTokenId: 'r1' }, T)[0],
    ).toBe(reconnected)
    expect(reconnected.tokens).toEqual(tokenSet('r2'))
  })
})

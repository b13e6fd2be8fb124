import { describe, expect, test } from 'vitest'
import { transition, type ConnectionEvent } from '../../src/machine/index.ts'
import { T, granted, held, minute, outcome, records, refreshed, second, tokenSet } from './fixtures.ts'

const requested: ConnectionEvent = { type: 'revokeRequested' }
const failed: ConnectionEvent = { type: 'revocationFailed', refreshTokenId: 'r1', code: 'accounts-server-unavailable' }

describe('revocation', () => {
  test('cuts off at once: lease, cool-down and rejection go, the token set stays for the call', () => {
    const record = held('h1', T + second, { coolDown: { code: 'throttled', failures: 0, until: T + minute }, rejected: { accessTokenId: 'a1', at: T } })
    const { lease: _lease, coolDown: _coolDown, rejected: _rejected, ...kept } = record
    expect(transition(record, requested, T)[0]).toEqual({ ...kept, status: 'revoking', since: T })
  })

  test('a refresh that was under way does not bring it back', () => {
    const [revoking] = transition(held('h1', T + second), requested, T)
    for (const event of [refreshed('a2', 'h1'), { type: 'refreshRefused', ...outcome('h1') } as const]) expect(transition(revoking, event, T)[0]).toBe(revoking)
  })

  test('what Zoho did not confirm stays pending, with a back-off that grows', () => {
    const [once, effects] = transition(records.revoking, failed, T)
    const [twice] = transition(once, failed, T + minute)
    expect([once.status, once.coolDown?.until, twice.coolDown?.until]).toEqual(['revoking', T + 5 * second, T + minute + 10 * second])
    expect(effects[0]).toEqual({ type: 'refuse', code: 'revocation-failed', retryAt: T + 5 * second })
  })

  test('the tombstone keeps who it was and which callbacks were used, and no secret', () => {
    const record = { ...records.revoking, identity: { organizationId: 'o1' } }
    const [after] = transition(record, { type: 'revocationConfirmed', refreshTokenId: 'r1' }, T + second)
    expect(after).toEqual({ status: 'revoked', since: T + second, principal: 'ann', attempts: record.attempts, budget: [], refreshTokens: 0, identity: { organizationId: 'o1' } })
  })

  test('a new consent in between wins over the confirmation', () => {
    const [reconnected] = transition(records.revoking, granted('r2'), T)
    expect(transition(reconnected, { type: 'revocationConfirmed', refreshTokenId: 'r1' }, T)[0]).toBe(reconnected)
    expect(reconnected.tokens).toEqual(tokenSet('r2'))
  })
})

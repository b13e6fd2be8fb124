import { describe, expect, test } from 'vitest'
import type { ConnectionRecord, Identity } from '../../src/domain/record.ts'
import { transition, T, active, granted, inWords, records } from './fixtures.ts'

const first: Identity = { organizationId: 'o1', userId: 'u1' }
const applyGrant = (
  record: ConnectionRecord,
  identity: Identity | undefined,
  allowAccountSwitch = false,
) => transition(record, granted('r2', { ...(identity && { identity }), allowAccountSwitch }), T)

describe('the account behind a connection', () => {
  test.each([
    ['another organization', { organizationId: 'o2', userId: 'u1' }],
    ['another user', { organizationId: 'o1', userId: 'u2' }],
    ['another user, organization unknown', { userId: 'u2' }],
  ])('%s is refused, and the existing grant is kept', (_title, identity) => {
    for (const status of ['active', 'needs-consent'] as const) {
      const record = { ...records[status], identity: first }
      const [after, effects] = applyGrant(record, identity)
      expect([after, inWords(effects)]).toEqual([
        record,
        'refuse account-switched, announce consent-failed',
      ])
    }
  })

  test('the attempt of a refused account is marked as failed', () => {
    const record = active({ identity: first, attempts: [{ stateHash: 's1', at: T }] })
    const [after] = transition(
      record,
      granted('r2', { stateHash: 's1', identity: { organizationId: 'o2' } }),
      T,
    )
    // The new refresh token is not revoked at Zoho, so the record counts it.
    expect(after).toEqual({
      ...record,
      attempts: [{ stateHash: 's1', at: T, outcome: 'failed', tokenCounted: true }],
      refreshTokens: 1,
    })
  })

  test('a repeated grant of another account is refused with the same code', () => {
    const record = active({ identity: first, attempts: [{ stateHash: 's1', at: T }] })
    const event = granted('r2', { stateHash: 's1', identity: { organizationId: 'o2' } })
    const [once] = transition(record, event, T)
    const [twice, effects] = transition(once, event, T + 1)
    expect([twice, inWords(effects)]).toEqual([
      once,
      'refuse account-switched, announce consent-failed',
    ])
  })

  test.each([
    ['the same account', { ...first, userName: 'Ann' }],
    ['a partial identity that does not contradict the stored identity', { organizationId: 'o1' }],
  ])('%s is accepted', (_title, identity) => {
    expect(applyGrant(active({ identity: first }), identity)[0]).toMatchObject({
      status: 'active',
      identity,
      tokens: { refreshTokenId: 'r2' },
    })
  })

  test('another account is accepted if the app allows it', () => {
    expect(
      applyGrant(active({ identity: first }), { organizationId: 'o2' }, true)[0].identity,
    ).toEqual({ organizationId: 'o2' })
  })

  test('another account is accepted after a revocation, and replaces the identity', () => {
    for (const status of ['revoking', 'revoked'] as const) {
      const record = { ...records[status], identity: first }
      expect(applyGrant(record, { organizationId: 'o2' })[0]).toMatchObject({
        status: 'active',
        identity: { organizationId: 'o2' },
      })
      expect(applyGrant(record, undefined)[0].identity).toBeUndefined()
    }
  })

  test('a grant whose account was not read is not stored over a known account', () => {
    const attempts = [{ stateHash: 's1', at: T }]
    const before = active({ identity: { organizationId: 'o1' }, attempts })
    const [after, effects] = transition(before, granted('r2', { stateHash: 's1' }), T)
    expect(after).toBe(before)
    expect(inWords(effects)).toContain('account-unread')
  })

  test('identities that cannot be compared are never mixed', () => {
    const before = active({ identity: { organizationId: 'o1' } })
    expect(applyGrant(before, { userId: 'u1' })[0].identity).toEqual({ userId: 'u1' })
  })
})

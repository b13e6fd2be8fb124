import { describe, expect, it } from 'vitest'
import { isEmptyRecord, isPending } from '../../src/domain/record.ts'
import { transition, T, granted, inWords, records, second } from './fixtures.ts'

const withAttempt = (age: number, status: 'active' | 'none' = 'active') => ({
  ...records[status],
  attempts: [{ stateHash: 's1', at: T - age }],
})
const recoveryRequested = { type: 'recoveryRequested' } as const

describe('an exchange that has not ended', () => {
  it('is kept while its process may still work on it', () => {
    const record = withAttempt(20 * second)
    expect(transition(record, recoveryRequested, T)).toEqual([record, []])
    expect(transition(record, recoveryRequested, T)[0]).toBe(record)
  })

  it('is closed after 20 s, and its possible refresh token is counted', () => {
    const [next, effects] = transition(withAttempt(20 * second + 1), recoveryRequested, T)
    expect(isPending(next)).toBe(false)
    expect(next.refreshTokens).toBe((records.active.refreshTokens ?? 0) + 1)
    expect(inWords(effects)).toBe('announce consent-failed')
    expect(next.tokens).toBe(records.active.tokens)
    expect(transition(next, recoveryRequested, T + 1)[0]).toBe(next)
  })

  it('is kept if the clock went back a little', () => {
    const record = withAttempt(-2 * second)
    expect(transition(record, recoveryRequested, T)[0]).toBe(record)
  })

  it('is counted once, in any order of its events', () => {
    const before = records.active.refreshTokens ?? 0
    const [lost] = transition(withAttempt(60 * second), recoveryRequested, T)
    expect(transition(lost, granted('r2', { stateHash: 's1' }), T + 1)[0].refreshTokens).toBe(
      before + 1,
    )
    for (const [code, more] of [
      ['account-unread', 1],
      ['exchange-outcome-unknown', 1],
      ['code-rejected', 0],
    ] as const) {
      expect(
        transition(withAttempt(second), { type: 'attemptFailed', stateHash: 's1', code }, T)[0]
          .refreshTokens ?? 0,
      ).toBe(before + more)
      expect(
        transition(lost, { type: 'attemptFailed', stateHash: 's1', code }, T)[0].refreshTokens,
      ).toBe(before + 1)
    }
  })

  it('is closed, not dropped, if a clock jumped and its start is in the future', () => {
    const [next] = transition(withAttempt(-60 * 60 * second), recoveryRequested, T)
    expect(next.attempts).toEqual([
      { stateHash: 's1', at: T + 60 * 60 * second, outcome: 'lost', tokenCounted: true },
    ])
  })

  it('is still stored if its process reports the grant later', () => {
    const [lost] = transition(withAttempt(60 * second), recoveryRequested, T)
    const [next, effects] = transition(lost, granted('r2', { stateHash: 's1' }), T + 1)
    expect([next.status, next.tokens?.refreshTokenId, next.attempts[0]?.outcome]).toEqual([
      'active',
      'r2',
      'granted',
    ])
    expect(inWords(effects)).toBe('announce connected')
  })

  it('is not stored after a revocation', () => {
    const [lost] = transition(withAttempt(60 * second), recoveryRequested, T)
    const [revoking] = transition(lost, { type: 'revokeRequested' }, T + 1)
    const [next, effects] = transition(revoking, granted('r2', { stateHash: 's1' }), T + 2)
    expect(next.tokens?.refreshTokenId).not.toBe('r2')
    expect(inWords(effects)).toContain('refuse connection-revoked')
  })

  it('G14: is counted if a revocation ended it and its process died', () => {
    const before = records.active.refreshTokens ?? 0
    const [revoking] = transition(withAttempt(second), { type: 'revokeRequested' }, T)
    const [revoked] = transition(
      revoking,
      { type: 'revocationConfirmed', refreshTokenId: 'r1' },
      T + second,
    )
    expect([isPending(revoked), revoked.refreshTokens]).toEqual([true, 0])
    const [counted, effects] = transition(revoked, recoveryRequested, T + 60 * second)
    expect([isPending(counted), counted.refreshTokens]).toEqual([false, before + 1])
    expect(inWords(effects)).toBe('announce consent-failed')
    // If its process still reports the grant, its refresh token is revoked and not counted again.
    const [late] = transition(counted, granted('r2', { stateHash: 's1' }), T + 61 * second)
    expect([late.abandoned?.length, late.refreshTokens]).toEqual([1, before + 1])
  })

  it('is not counted if a revocation ended it and its process reports a refusal', () => {
    const [revoking] = transition(withAttempt(second), { type: 'revokeRequested' }, T)
    const [closed] = transition(
      revoking,
      { type: 'attemptFailed', stateHash: 's1', code: 'code-rejected' },
      T + second,
    )
    expect(transition(closed, recoveryRequested, T + 60 * second)[0].refreshTokens ?? 0).toBe(0)
  })

  it('is counted even if no event follows for half an hour', () => {
    const late = 31 * 60 * second
    expect(transition(withAttempt(late), recoveryRequested, T)[0].refreshTokens).toBe(
      (records.active.refreshTokens ?? 0) + 1,
    )
    const [next] = transition(
      withAttempt(late),
      { type: 'exchangeStarted', stateHash: 's2', principal: 'ann' },
      T,
    )
    expect([next.refreshTokens, next.attempts.length]).toEqual([
      (records.active.refreshTokens ?? 0) + 1,
      1,
    ])
  })

  it('is still counted if the record has nothing else', () => {
    const [counted] = transition(withAttempt(31 * 60 * second, 'none'), recoveryRequested, T)
    expect([isEmptyRecord(counted), isPending(counted), counted.refreshTokens]).toEqual([
      false,
      false,
      1,
    ])
  })

  it('cannot be started again by its callback', () => {
    const [lost] = transition(withAttempt(60 * second), recoveryRequested, T)
    expect(
      inWords(
        transition(lost, { type: 'exchangeStarted', stateHash: 's1', principal: 'ann' }, T + 1)[1],
      ),
    ).toBe('refuse callback-replayed')
  })

  it('leaves nothing once its callback cannot be replayed', () => {
    const [next] = transition(withAttempt(30 * 60 * second + 1, 'none'), recoveryRequested, T)
    expect(next.attempts).toEqual([])
  })
})

describe('a revocation that Zoho has not confirmed', () => {
  it('is claimed by one process, and the others wait for it', () => {
    const [claimed, effects] = transition(records.revoking, recoveryRequested, T)
    expect(inWords(effects)).toBe('revoke r1')
    expect(transition(claimed, recoveryRequested, T)).toEqual([
      claimed,
      [{ type: 'refuse', code: 'revocation-failed', retryAt: T + 9 * second }],
    ])
    expect(inWords(transition(claimed, recoveryRequested, T + 9 * second)[1])).toBe('revoke r1')
  })

  it('waits during an exchange, as revoking could also end the newer grant', () => {
    const consenting = { ...records.revoking, attempts: [{ stateHash: 's1', at: T - second }] }
    expect(transition(consenting, recoveryRequested, T)).toEqual([consenting, []])
  })

  it('is continued after its cool-down', () => {
    const [failed] = transition(
      records.revoking,
      {
        type: 'revocationFailed',
        refreshTokenId: 'r1',
        code: 'throttled',
        retryAfterMs: 60 * second,
      },
      T,
    )
    expect(transition(failed, recoveryRequested, T + 59 * second)[1]).toEqual([
      { type: 'refuse', code: 'revocation-failed', retryAt: T + 60 * second },
    ])
    expect(inWords(transition(failed, recoveryRequested, T + 60 * second)[1])).toBe('revoke r1')
  })

  it('is continued if the process of an exchange died', () => {
    const [, effects] = transition(
      { ...records.revoking, attempts: [{ stateHash: 's1', at: T - 60 * second }] },
      recoveryRequested,
      T,
    )
    expect(inWords(effects)).toBe('revoke r1, announce consent-failed')
  })
})

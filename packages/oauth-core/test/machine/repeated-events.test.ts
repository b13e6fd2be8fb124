import { expect, test } from 'vitest'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import {
  transition,
  T,
  active,
  granted,
  leasedTo,
  inWords,
  outcome,
  records,
  refreshed,
  second,
} from './fixtures.ts'

const recordAfter = (
  record: ConnectionRecord,
  ...events: (readonly [at: number, event: ConnectionEvent])[]
): ConnectionRecord =>
  events.reduce((before, [at, event]) => transition(before, event, at)[0], record)
const effectsInWords = (record: ConnectionRecord, event: ConnectionEvent, at = T) =>
  inWords(transition(record, event, at)[1])

// An event is repeated if its acknowledgement was lost, or if another process wrote in between.

test('a repeated exchange is accepted, another one with the same callback is a replay', () => {
  const exchangeStarted = {
    type: 'exchangeStarted',
    stateHash: 's1',
    id: 'x1',
    principal: 'ann',
  } as const
  const record = recordAfter(records.none, [T, exchangeStarted])
  expect([
    effectsInWords(record, exchangeStarted),
    transition(record, exchangeStarted, T)[0],
  ]).toEqual(['', record])
  expect(effectsInWords(record, { ...exchangeStarted, id: 'x2' })).toBe('refuse callback-replayed')
  expect(
    effectsInWords(
      recordAfter(record, [T, { type: 'attemptFailed', stateHash: 's1', code: 'code-rejected' }]),
      exchangeStarted,
    ),
  ).toBe('refuse callback-replayed')
})

test('a repeated revocation does not revoke a later consent', () => {
  const requested = { type: 'revokeRequested', refreshTokenId: 'r1' } as const
  const reconnected = recordAfter(records.active, [T, requested], [T + second, granted('r2')])
  expect([
    transition(reconnected, requested, T + 2 * second)[0],
    effectsInWords(reconnected, requested),
  ]).toEqual([reconnected, ''])
  expect(effectsInWords(records.active, requested)).toContain('revoke r1')
})

test('a repeated forget does not remove a later consent', () => {
  const forgotten = { type: 'forgotten', refreshTokenId: 'r1' } as const
  expect(transition(active(), forgotten, T)[0].status).toBe('none')
  const reconnected = recordAfter(records.active, [T, forgotten], [T + second, granted('r2')])
  expect(transition(reconnected, forgotten, T + 2 * second)[0]).toBe(reconnected)
})

test('a revocation that was requested during an exchange is newer than the consent', () => {
  const exchangeStarted = (stateHash: string): ConnectionEvent => ({
    type: 'exchangeStarted',
    stateHash,
    principal: 'ann',
  })
  const revoking = recordAfter(
    records.active,
    [T, exchangeStarted('s1')],
    [T + second, { type: 'revokeRequested' }],
  )
  expect(effectsInWords(revoking, granted('r2', { stateHash: 's1' }), T + 2 * second)).toBe(
    'revoke r2, refuse connection-revoked, announce consent-failed',
  )
  const revoked = recordAfter(revoking, [
    T + 2 * second,
    { type: 'revocationConfirmed', refreshTokenId: 'r1' },
  ])
  expect(transition(revoked, granted('r2', { stateHash: 's1' }), T + 3 * second)[0].status).toBe(
    'revoked',
  )
  const later = recordAfter(revoking, [T + 2 * second, exchangeStarted('s2')])
  expect(transition(later, granted('r3', { stateHash: 's2' }), T + 3 * second)[0].status).toBe(
    'active',
  )
})

test('a late refusal waits for the outcome of the current holder', () => {
  const record = leasedTo('h2', T + 9 * second)
  const refused = { type: 'refreshRefused', ...outcome('h1') } as const
  expect(transition(record, refused, T + second)).toEqual([
    record,
    [{ type: 'wait', until: T + second }],
  ])
  expect(transition(record, refused, T + 10 * second)[0].status).toBe('needs-consent')
  expect(
    recordAfter(record, [T + second, refused], [T + 2 * second, refreshed('a2', 'h2')]).status,
  ).toBe('active')
})

test('a refresh that began before a scope was added keeps the scope', () => {
  const record = recordAfter(
    leasedTo('h1', T + 9 * second),
    [T, { type: 'scopesGranted', refreshTokenId: 'r1', scopes: ['ZohoRecruit.org.READ'] }],
    [T + second, refreshed('a2', 'h1')],
  )
  expect(record.tokens?.scopes).toContain('ZohoRecruit.org.READ')
})

import { expect, test } from 'vitest'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import {
  transition,
  T,
  active,
  granted,
  held,
  inWords,
  outcome,
  records,
  refreshed,
  second,
} from './fixtures.ts'

const play = (
  record: ConnectionRecord,
  ...events: (readonly [at: number, event: ConnectionEvent])[]
): ConnectionRecord =>
  events.reduce((before, [at, event]) => transition(before, event, at)[0], record)
const effects = (record: ConnectionRecord, event: ConnectionEvent, at = T) =>
  inWords(transition(record, event, at)[1])

// An event is repeated if its acknowledgement was lost, or if another process wrote in between.

test('a repeated exchange is accepted, another one with the same callback is a replay', () => {
  const exchangeStarted = {
    type: 'exchangeStarted',
    state: 's1',
    id: 'x1',
    principal: 'ann',
  } as const
  const record = play(records.none, [T, exchangeStarted])
  expect([effects(record, exchangeStarted), transition(record, exchangeStarted, T)[0]]).toEqual([
    '',
    record,
  ])
  expect(effects(record, { ...exchangeStarted, id: 'x2' })).toBe('refuse callback-replayed')
  expect(
    effects(
      play(record, [T, { type: 'attemptFailed', state: 's1', code: 'code-rejected' }]),
      exchangeStarted,
    ),
  ).toBe('refuse callback-replayed')
})

test('a repeated revocation does not revoke a later consent', () => {
  const requested = { type: 'revokeRequested', refreshTokenId: 'r1' } as const
  const since = play(records.active, [T, requested], [T + second, granted('r2')])
  expect([transition(since, requested, T + 2 * second)[0], effects(since, requested)]).toEqual([
    since,
    '',
  ])
  expect(effects(records.active, requested)).toContain('revoke r1')
})

test('a repeated forget does not remove a later consent', () => {
  const forgotten = { type: 'forgotten', refreshTokenId: 'r1' } as const
  expect(transition(active(), forgotten, T)[0].status).toBe('none')
  const since = play(records.active, [T, forgotten], [T + second, granted('r2')])
  expect(transition(since, forgotten, T + 2 * second)[0]).toBe(since)
})

test('a revocation that was requested during an exchange is newer than the consent', () => {
  const exchangeStarted = (state: string): ConnectionEvent => ({
    type: 'exchangeStarted',
    state,
    principal: 'ann',
  })
  const revoking = play(
    records.active,
    [T, exchangeStarted('s1')],
    [T + second, { type: 'revokeRequested' }],
  )
  expect(effects(revoking, granted('r2', { state: 's1' }), T + 2 * second)).toBe(
    'revoke r2, refuse connection-revoked, announce consent-failed',
  )
  const revoked = play(revoking, [
    T + 2 * second,
    { type: 'revocationConfirmed', refreshTokenId: 'r1' },
  ])
  expect(transition(revoked, granted('r2', { state: 's1' }), T + 3 * second)[0].status).toBe(
    'revoked',
  )
  const later = play(revoking, [T + 2 * second, exchangeStarted('s2')])
  expect(transition(later, granted('r3', { state: 's2' }), T + 3 * second)[0].status).toBe('active')
})

test('a late refusal waits for the outcome of the current holder', () => {
  const record = held('h2', T + 9 * second)
  const refused = { type: 'refreshRefused', ...outcome('h1') } as const
  expect(transition(record, refused, T + second)).toEqual([
    record,
    [{ type: 'wait', until: T + second }],
  ])
  expect(transition(record, refused, T + 10 * second)[0].status).toBe('needs-consent')
  expect(play(record, [T + second, refused], [T + 2 * second, refreshed('a2', 'h2')]).status).toBe(
    'active',
  )
})

test('a refresh that began before a scope was added keeps the scope', () => {
  const record = play(
    held('h1', T + 9 * second),
    [T, { type: 'scopesGranted', refreshTokenId: 'r1', scopes: ['ZohoRecruit.org.READ'] }],
    [T + second, refreshed('a2', 'h1')],
  )
  expect(record.tokens?.scopes).toContain('ZohoRecruit.org.READ')
})

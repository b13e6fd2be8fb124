import { transition } from './fixtures.ts'
import { describe, expect, test } from 'vitest'
import { decodeRecord, encodeRecord } from '../../src/domain/record-schema.ts'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import { isSecret } from '../../src/domain/secret.ts'
import { jumpingMoves } from './moves.ts'
import { forAllHistories } from './simulation.ts'

const refuseSecret = (_name: string, value: unknown) =>
  value === '[secret]' ? expect.fail('a secret was printed') : value
const toPlain = (value: unknown): unknown => {
  if (isSecret(value)) return { secret: value.reveal() }
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, member]) => [name, toPlain(member)])
        .toSorted(),
    )
  return value
}
const toText = (value: unknown): string => JSON.stringify(toPlain(value), refuseSecret)

const expectWellFormed = (record: ConnectionRecord): void => {
  const { status, tokens, lease, coolDown, rejections, attempts, recentCalls } = record
  expect(tokens === undefined).toBe(status === 'none' || status === 'revoked')
  if (status === 'none' || status === 'revoking' || status === 'revoked')
    expect([lease, rejections]).toEqual([undefined, undefined])
  if (status === 'none' || status === 'revoked')
    expect([coolDown, recentCalls]).toEqual([undefined, []])
  expect(attempts.length).toBeLessThanOrEqual(32)
  expect(new Set(attempts.map(({ stateHash }) => stateHash)).size).toBe(attempts.length)
  expect(recentCalls.length).toBeLessThanOrEqual(10)
  expect(rejections?.length ?? 0).toBeLessThanOrEqual(32)
}

describe('in any order of events, under a clock that jumps', () => {
  test('a record and an event always have the same result, and neither object is changed', () => {
    forAllHistories(
      jumpingMoves,
      ({ history }) => {
        for (const { before, event, now, after, effects } of history) {
          const inputs = toText([before, event])
          expect(toText(transition(before, event, now))).toBe(toText([after, effects]))
          expect(toText([before, event])).toBe(inputs)
        }
      },
      300,
    )
  })

  test('every event has a result for every reachable record', () => {
    forAllHistories(
      jumpingMoves,
      ({ record, history, now }) => {
        for (const { event } of history) {
          const [after, effects] = transition(record, event, now)
          expect([typeof after.status, Array.isArray(effects)]).toEqual(['string', true])
        }
      },
      500,
    )
  })

  test('no status keeps fields that it must not have', () => {
    forAllHistories(jumpingMoves, ({ history }) =>
      history.forEach(({ after }) => expectWellFormed(after)),
    )
  })

  test('an unchanged record is returned as the same object', () => {
    forAllHistories(jumpingMoves, ({ history }) => {
      for (const { before, event, after } of history) {
        // A repeated throttle may be written twice.
        if (
          event.type === 'reencryptionRequested' ||
          event.type === 'refreshThrottled' ||
          after === before
        )
          continue
        expect(toText(after), event.type).not.toBe(toText(before))
      }
    })
  })

  test('a status has its start time, and keeps it until a new grant or status', () => {
    forAllHistories(jumpingMoves, ({ history }) => {
      for (const { before, event, after, now } of history) {
        if (after.status !== before.status && after.status !== 'none') expect(after.since).toBe(now)
        else if (event.type !== 'granted' && event.type !== 'imported')
          expect(after.since).toBe(
            after !== before && after.status === 'none' ? undefined : before.since,
          )
      }
    })
  })

  test('every reachable record is equal after encoding and decoding', () => {
    forAllHistories(
      jumpingMoves,
      ({ history }) => {
        for (const { after } of history)
          expect(toText(decodeRecord(encodeRecord(after)))).toBe(toText(after))
      },
      300,
    )
  })
})

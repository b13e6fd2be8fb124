import { transition } from './fixtures.ts'
import { describe, expect, test } from 'vitest'
import { decodeRecord, encodeRecord } from '../../src/domain/record-schema.ts'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import { isSecret } from '../../src/domain/secret.ts'
import { jumping } from './moves.ts'
import { forAllHistories } from './world.ts'

const reveal = (_name: string, value: unknown) =>
  value === '[secret]' ? expect.fail('a secret was printed') : value
const plain = (value: unknown): unknown => {
  if (isSecret(value)) return { secret: value.reveal() }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .map(([name, member]) => [name, plain(member)])
        .toSorted(),
    )
  return value
}
const text = (value: unknown): string => JSON.stringify(plain(value), reveal)

const wellFormed = (record: ConnectionRecord): void => {
  const { status, tokens, lease, coolDown, rejections, attempts, budget } = record
  expect(tokens === undefined).toBe(status === 'none' || status === 'revoked')
  if (status === 'none' || status === 'revoking' || status === 'revoked')
    expect([lease, rejections]).toEqual([undefined, undefined])
  if (status === 'none' || status === 'revoked') expect([coolDown, budget]).toEqual([undefined, []])
  expect(attempts.length).toBeLessThanOrEqual(32)
  expect(new Set(attempts.map(({ state }) => state)).size).toBe(attempts.length)
  expect(budget.length).toBeLessThanOrEqual(10)
  expect(rejections?.length ?? 0).toBeLessThanOrEqual(32)
}

describe('in any order of events, under a clock that jumps', () => {
  test('every event has an answer, the same for the same question, and the frozen record is left alone', () => {
    forAllHistories(
      jumping,
      ({ history }) => {
        for (const { before, event, now, after, effects } of history) {
          const question = text([before, event])
          expect(text(transition(before, event, now))).toBe(text([after, effects]))
          expect(text([before, event])).toBe(question)
        }
      },
      300,
    )
  })

  test('every reachable record has an answer to every event that was ever told', () => {
    forAllHistories(
      jumping,
      ({ record, history, now }) => {
        for (const { event } of history) {
          const [after, effects] = transition(record, event, now)
          expect([typeof after.status, Array.isArray(effects)]).toEqual(['string', true])
        }
      },
      500,
    )
  })

  test('no status keeps facts that it must not have', () => {
    forAllHistories(jumping, ({ history }) => history.forEach(({ after }) => wellFormed(after)))
  })

  test('a record that did not change comes back identical', () => {
    forAllHistories(jumping, ({ history }) => {
      for (const { before, event, after } of history) {
        // A throttle that is told twice may be written twice.
        if (
          event.type === 'reencryptionRequested' ||
          event.type === 'refreshThrottled' ||
          after === before
        )
          continue
        expect(text(after), event.type).not.toBe(text(before))
      }
    })
  })

  test('a status has its instant, and an unchanged status keeps it unless there is a new grant', () => {
    forAllHistories(jumping, ({ history }) => {
      for (const { before, event, after, now } of history) {
        if (after.status !== before.status && after.status !== 'none') expect(after.since).toBe(now)
        else if (event.type !== 'granted' && event.type !== 'imported')
          expect(after.since).toBe(
            after !== before && after.status === 'none' ? undefined : before.since,
          )
      }
    })
  })

  test('every reachable record survives its own text', () => {
    forAllHistories(
      jumping,
      ({ history }) => {
        for (const { after } of history)
          expect(text(decodeRecord(encodeRecord(after)))).toBe(text(after))
      },
      300,
    )
  })
})

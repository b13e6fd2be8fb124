import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isEmptyRecord, isPending, noRecord } from '../../src/domain/record.ts'
import {
  attemptRetentionMs,
  authorizationRequestMs,
  isPlausibleDeadline,
  timeBudget,
} from '../../src/domain/time.ts'
import { fromBase64url, isWellFormed, toBase64url, utf8 } from '../../src/internal/text.ts'

describe('time', () => {
  test.each([
    [0, false],
    [-1, false],
    [1, true],
    [9_000, true],
    [10_000, true],
    [10_001, false],
    [86_400_000, false],
    [Number.POSITIVE_INFINITY, false],
    [Number.NaN, false],
  ])('a deadline of at most 9 s that is %s ms from now is plausible: %s', (ahead, believed) => {
    for (const now of [0, 1_790_000_000_000])
      expect(isPlausibleDeadline(now + ahead, now, 9_000)).toBe(believed)
  })

  test('the durations are as intended, and an attempt outlives its authorization request', () => {
    expect(timeBudget).toEqual({
      refreshMs: 6_000,
      commitMs: 2_000,
      leaseMs: 9_000,
      callerWaitMs: 18_000,
      identityMs: 3_000,
      exchangeMs: 20_000,
    })
    expect(attemptRetentionMs).toBeGreaterThan(authorizationRequestMs)
  })
})

describe('base64url', () => {
  test('every byte is equal after decoding, and the text needs no URL encoding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const text = toBase64url(bytes)
        expect(text).toMatch(/^[A-Za-z0-9_-]*$/)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(fromBase64url(text)).toEqual(Uint8Array.from(bytes))
        expect(fromBase64url(Buffer.from(bytes).toString('base64'))).toEqual(Uint8Array.from(bytes))
      }),
    )
  })

  test.each([
    'A',
    'AAAAA',
    '=',
    'A=',
    'AA===',
    'AA=A',
    'AA A',
    'AA\n',
    'AA.',
    'AÄ',
    '%41A',
    'AA\u0000',
  ])('%j gives no bytes', (text) => {
    expect(fromBase64url(text)).toBeUndefined()
  })
})

describe('text', () => {
  test.each([
    ['\ud800', false],
    ['a\udc00b', false],
    ['\udc00\ud800', false],
    ['😀', true],
    ['', true],
    ['é', true],
  ])('%j is well-formed: %s', (text, wellFormed) => {
    expect(isWellFormed(text)).toBe(wellFormed)
    expect(isWellFormed(text)).toBe(new TextDecoder().decode(utf8(text)) === text)
  })
})

describe('whether a record is empty or has pending work', () => {
  test.each([
    ['no record', noRecord, true, true],
    [
      'the row of a forgotten connection',
      { ...noRecord, attempts: [{ stateHash: 's', at: 1, outcome: 'granted' as const }] },
      false,
      true,
    ],
    ['the code quota of a client', { ...noRecord, recentCalls: [1] }, false, false],
    ['an active connection', { ...noRecord, status: 'active' as const }, false, false],
    [
      'an open exchange',
      { ...noRecord, status: 'active' as const, attempts: [{ stateHash: 's', at: 1 }] },
      false,
      true,
    ],
    [
      'a finished exchange',
      {
        ...noRecord,
        status: 'active' as const,
        attempts: [{ stateHash: 's', at: 1, outcome: 'failed' as const }],
      },
      false,
      false,
    ],
    ['a revocation to confirm', { ...noRecord, status: 'revoking' as const }, false, true],
    ['a tombstone', { ...noRecord, status: 'revoked' as const }, false, false],
  ])('is detected for %s', (_title, record, empty, pending) =>
    expect([isEmptyRecord(record), isPending(record)]).toEqual([empty, pending]),
  )
})

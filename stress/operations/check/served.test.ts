import { describe, expect, test } from 'vitest'
import type { Operation } from '../history.ts'
import {
  finalState,
  firstConsent,
  operation,
  request,
  revokedState,
  violationsOf,
} from './test-history.ts'

test('a history without faults breaks no rule', () => {
  const operations = [firstConsent(), operation('accessToken', 2_000), operation('refresh', 3_000)]
  expect(violationsOf({ operations, requests: [request(3_001)] })).toEqual([])
})

describe('1: a violation is a token after an acknowledged revocation', () => {
  const revocation = () => operation('revoke', 5_000)

  test.each<[string, () => Operation[]]>([
    ['in the same process, immediately', () => [revocation(), operation('accessToken', 5_011)]],
    [
      'in the same process, after forget()',
      () => [operation('forget', 5_000), operation('accessToken', 5_011)],
    ],
    [
      'by fetch(), which sent a token',
      () => [revocation(), operation('fetch', 5_011, { accessToken: 'access' })],
    ],
    [
      'in another process, more than 30 s later',
      () => [revocation(), operation('accessToken', 40_000, { process: 'q' })],
    ],
    [
      'after a consent that failed',
      () => [
        revocation(),
        operation('consent', 6_000, { outcome: 'grant-not-stored' }),
        operation('accessToken', 7_000),
      ],
    ],
    [
      'although a consent was killed long before',
      () => [
        operation('consent', 2_000, { outcome: 'killed' }),
        operation('revoke', 20_000),
        operation('accessToken', 20_011),
      ],
    ],
  ])('%s', (_, operations) => {
    expect(
      violationsOf({ operations: [firstConsent(), ...operations()], rest: revokedState() }),
    ).toEqual([
      expect.stringMatching(
        /^1: #\d+ (accessToken|fetch)\(\) got token access\. It began \d+ ms after/,
      ),
    ])
  })

  test.each<[string, () => Operation[]]>([
    [
      'the call began before the acknowledgement',
      () => [revocation(), operation('accessToken', 5_009)],
    ],
    [
      'the call is in another process, within 30 s',
      () => [revocation(), operation('accessToken', 30_000, { process: 'q' })],
    ],
    [
      'the revocation was not acknowledged',
      () => [
        operation('revoke', 5_000, { outcome: 'revocation-failed' }),
        operation('accessToken', 6_000),
      ],
    ],
    [
      'after a newer consent',
      () => [revocation(), operation('consent', 6_000), operation('accessToken', 7_000)],
    ],
    [
      'after a consent that was in progress',
      () => [operation('consent', 4_995), revocation(), operation('accessToken', 6_000)],
    ],
    [
      'after a consent with an unknown outcome',
      () => [
        revocation(),
        operation('consent', 6_000, { outcome: 'grant-outcome-unknown' }),
        operation('accessToken', 7_000),
      ],
    ],
    [
      'the caller got no token',
      () => [revocation(), operation('accessToken', 6_000, { outcome: 'connection-revoked' })],
    ],
  ])('no violation: %s', (_, operations) => {
    const all = [firstConsent(), ...operations()]
    expect(
      violationsOf({
        operations: all,
        rest: all.at(-2)?.verb === 'consent' ? finalState() : revokedState(),
      }).filter((text) => text.startsWith('1')),
    ).toEqual([])
  })

  test('no violation: another process could not read its store', () => {
    const operations = [
      firstConsent(),
      revocation(),
      operation('accessToken', 50_000, { process: 'q' }),
    ]
    const storeFailures = [{ process: 'q', doing: 'read' as const, at: 45_000 }]
    expect(violationsOf({ operations, storeFailures, rest: revokedState() })).toEqual([])
    expect(
      violationsOf({
        operations,
        storeFailures: [{ process: 'p', doing: 'read', at: 45_000 }],
        rest: revokedState(),
      }),
    ).toHaveLength(1)
  })
})

import { describe, expect, test } from 'vitest'
import type { Operation } from '../history.ts'
import { firstConsent, operation, violationsOf } from './test-history.ts'

describe('7: a violation is an implausible or late response', () => {
  test.each<[string, Partial<Operation>, RegExp]>([
    [
      'an error that is not from the library',
      { outcome: 'foreign: TypeError: terminated' },
      /^7: #\d+ accessToken\(\) ended with foreign: TypeError/,
    ],
    ['an impossible code', { outcome: 'key-unknown' }, /^7: .*ended with key-unknown/],
    [
      'needs-consent, although no user revoked it',
      { outcome: 'needs-consent' },
      /^7: .*ended with needs-consent/,
    ],
    [
      'a response after more than 18 s and the allowance of 12 s',
      { end: 2_000 + 31_000 },
      /^7: .*took 31000 ms/,
    ],
  ])('%s', (_, more, message) => {
    expect(
      violationsOf({ operations: [firstConsent(), operation('accessToken', 2_000, more)] }),
    ).toEqual([expect.stringMatching(message)])
  })

  test('recover() reports an impossible code', () => {
    const operations = [
      firstConsent(),
      operation('recover', 2_000, { outcome: 'failed: c store-unavailable, c record-unreadable' }),
    ]
    expect(violationsOf({ operations })).toEqual([
      expect.stringMatching(/^7: #\d+ recover\(\) ended with failed/),
    ])
  })

  test('no violation if the process was stopped meanwhile, or if the code is plausible', () => {
    const operations = [
      firstConsent(),
      operation('accessToken', 2_000, { end: 60_000, stoppedMs: 50_000 }),
      operation('consent', 61_000, { outcome: 'attempts-exhausted' }),
      operation('recover', 62_000, { outcome: 'failed: c revocation-failed' }),
    ]
    expect(violationsOf({ operations })).toEqual([])
  })
})

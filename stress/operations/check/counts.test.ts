import { describe, expect, test } from 'vitest'
import { finalState, firstConsent, operation, violationsOf } from './test-history.ts'

describe('5: a violation is a wrong count of refresh tokens', () => {
  const two = [
    { refreshToken: 'refresh', createdAt: 1_000 },
    { refreshToken: 'other', createdAt: 1_500 },
  ]

  test('a live token is not counted', () => {
    expect(
      violationsOf({ operations: [firstConsent()], rest: finalState({ living: two }) }),
    ).toEqual([
      expect.stringMatching(/^5: c at rest: the record counts 1 refresh tokens. 2 live at Zoho/),
    ])
  })

  test('a counted token never existed', () => {
    expect(
      violationsOf({ operations: [firstConsent()], rest: finalState({ counted: 2 }) }),
    ).toEqual([expect.stringMatching(/^5: .* 1 can be explained/)])
  })

  test('a consent with an unknown outcome may add one to the count', () => {
    const operations = [firstConsent(), operation('consent', 1_500, { outcome: 'killed' })]
    expect(violationsOf({ operations, rest: finalState({ counted: 2 }) })).toEqual([])
    expect(violationsOf({ operations, rest: finalState({ counted: 3 }) })).toHaveLength(1)
  })

  test('forget() removes the count, and later tokens are counted', () => {
    const operations = [firstConsent(), operation('forget', 5_000), operation('consent', 90_000)]
    const later = [
      { refreshToken: 'old', createdAt: 1_000 },
      { refreshToken: 'refresh', createdAt: 90_001 },
    ]
    expect(violationsOf({ operations, rest: finalState({ living: later }) })).toEqual([])
    const more = [...later, { refreshToken: 'unknown', createdAt: 95_000 }]
    expect(violationsOf({ operations, rest: finalState({ living: more }) })).toHaveLength(1)
  })

  test('a stored token is not counted', () => {
    expect(
      violationsOf({ operations: [firstConsent()], rest: finalState({ counted: 0, living: [] }) }),
    ).toContainEqual(expect.stringMatching(/^5: .* a refresh token is stored, and none is counted/))
  })
})

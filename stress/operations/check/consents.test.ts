import { describe, expect, test } from 'vitest'
import { finalState, firstConsent, operation, revokedState, violationsOf } from './test-history.ts'

describe('2: a violation is a lost consent', () => {
  const none = { status: 'none', works: 'not-connected', worksLater: 'not-connected', counted: 1 }

  test('the connection was not ended', () => {
    const { listed: _none, ...rest } = finalState(none)
    expect(violationsOf({ operations: [firstConsent()], rest })).toEqual([
      expect.stringMatching(
        /^2: The consent #\d+ was acknowledged .*, but at rest the status is none/,
      ),
    ])
  })

  test('its token does not work', () => {
    expect(
      violationsOf({
        operations: [firstConsent()],
        rest: finalState({ worksLater: 'accounts-server-error' }),
      }),
    ).toContainEqual(expect.stringMatching(/^2: .*an hour later accounts-server-error/))
  })

  test('a caller failed in between', () => {
    const operations = [
      firstConsent(),
      operation('accessToken', 30_000, { outcome: 'not-connected' }),
    ]
    expect(violationsOf({ operations })).toEqual([
      expect.stringMatching(/^2: .*#\d+ accessToken\(\) failed with not-connected/),
    ])
  })

  test('a revocation ended before the consent began', () => {
    const { listed: _none, ...rest } = finalState(none)
    expect(
      violationsOf({ operations: [operation('revoke', 100), firstConsent()], rest }),
    ).toHaveLength(1)
  })

  test.each(['ok', 'killed', 'revocation-failed', 'store-unavailable'])(
    'no violation after a revocation with the outcome %s',
    (outcome) => {
      expect(
        violationsOf({
          operations: [firstConsent(), operation('revoke', 2_000, { outcome })],
          rest: revokedState(),
        }),
      ).toEqual([])
    },
  )
})

import { describe, expect, test } from 'vitest'
import { finalState, firstConsent, operation, revokedState, violationsOf } from './test-history.ts'

describe('2: a violation is a lost consent', () => {
  const none = {
    status: 'none',
    callOutcome: 'not-connected',
    laterCallOutcome: 'not-connected',
    counted: 1,
  }

  test('the status is none at rest, although nothing ended the connection', () => {
    const { listed: _none, ...rest } = finalState(none)
    expect(violationsOf({ operations: [firstConsent()], rest })).toEqual([
      expect.stringMatching(
        /^2: The consent #\d+ was acknowledged .*, but at rest the status is none/,
      ),
    ])
  })

  test('its token does not work an hour later', () => {
    expect(
      violationsOf({
        operations: [firstConsent()],
        rest: finalState({ laterCallOutcome: 'accounts-server-error' }),
      }),
    ).toContainEqual(expect.stringMatching(/^2: .*an hour later accounts-server-error/))
  })

  test('a caller gets not-connected afterwards', () => {
    const operations = [
      firstConsent(),
      operation('accessToken', 30_000, { outcome: 'not-connected' }),
    ]
    expect(violationsOf({ operations })).toEqual([
      expect.stringMatching(/^2: .*#\d+ accessToken\(\) failed with not-connected/),
    ])
  })

  test('the only revocation ended before the consent began', () => {
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

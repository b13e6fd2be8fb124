import { describe, expect, test } from 'vitest'
import {
  exchangeOf,
  finalState,
  firstConsent,
  operation,
  request,
  revokedState,
  violationsOf,
} from './test-history.ts'

describe('6: a violation is a wrong status', () => {
  test('the list has another status', () => {
    expect(
      violationsOf({ operations: [firstConsent()], rest: finalState({ listed: 'needs-consent' }) }),
    ).toEqual(['6: c at rest: status() says active, connections() says needs-consent.'])
  })

  test('active, and the refresh token is dead at Zoho', () => {
    const living = [{ refreshToken: 'other', createdAt: 1_000 }]
    expect(violationsOf({ operations: [firstConsent()], rest: finalState({ living }) })).toEqual([
      expect.stringMatching(/^6: .*its refresh token is dead at Zoho/),
    ])
  })

  test('active after the connection was ended', () => {
    const operations = [firstConsent(), operation('revoke', 20_000)]
    expect(violationsOf({ operations })).toEqual([
      '6: c at rest: active, but the connection was ended after the last consent.',
    ])
  })

  test('revoked, and the refresh token lives', () => {
    const consent = firstConsent()
    const operations = [consent, operation('revoke', 20_000)]
    const rest = { ...revokedState(), counted: 1, living: finalState().living }
    expect(
      violationsOf({ operations, rest, requests: [exchangeOf(consent, 'refresh', 'access')] }),
    ).toEqual([
      expect.stringMatching(
        /^6: .*revoked, but the refresh token refresh of consent #\d+ lives at Zoho/,
      ),
    ])
  })

  describe('a consent that was reported as failed becomes active', () => {
    const failed = () => operation('consent', 2_000, { outcome: 'grant-not-stored' })

    test('its token is served', () => {
      const consent = failed()
      const operations = [
        firstConsent(),
        consent,
        operation('accessToken', 9_000, { accessToken: 'late' }),
      ]
      expect(violationsOf({ operations, requests: [exchangeOf(consent, 'lost', 'late')] })).toEqual(
        [
          expect.stringMatching(
            /^6: The consent #\d+ was reported as failed .*, but later #\d+ accessToken\(\) was/,
          ),
        ],
      )
    })

    test('it is stored at rest', () => {
      const consent = failed()
      const rest = finalState({
        counted: 1,
        storedRefreshToken: 'lost',
        living: [{ refreshToken: 'lost', createdAt: 2_000 }],
      })
      expect(
        violationsOf({
          operations: [firstConsent(), consent],
          rest,
          requests: [exchangeOf(consent, 'lost', 'late')],
        }),
      ).toEqual([expect.stringMatching(/^6: .*its refresh token lost is stored/)])
    })

    test('a refresh uses it', () => {
      const consent = failed()
      const call = operation('fetch', 9_000, { outcome: 'accounts-server-error' })
      const requests = [
        exchangeOf(consent, 'lost', 'late'),
        request(9_001, { refreshToken: 'lost', operation: call.number, response: 'invalid_code' }),
      ]
      expect(violationsOf({ operations: [firstConsent(), consent, call], requests })).toEqual([
        expect.stringMatching(/^6: .*its refresh token lost was used by #\d+/),
      ])
    })

    test('a consent with an unknown outcome may become active', () => {
      const consent = { ...failed(), outcome: 'grant-outcome-unknown' }
      const operations = [
        firstConsent(),
        consent,
        operation('accessToken', 9_000, { accessToken: 'late' }),
      ]
      expect(violationsOf({ operations, requests: [exchangeOf(consent, 'lost', 'late')] })).toEqual(
        [],
      )
    })
  })
})

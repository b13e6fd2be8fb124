import { describe, expect, test } from 'vitest'
import type { TokenRequest } from '../history.ts'
import { firstConsent, minute, operation, request, violationsOf } from './test-history.ts'

describe("4: a violation is a request that Zoho's budgets do not allow", () => {
  test('more than ten requests with one refresh token in ten minutes', () => {
    const requests = Array.from({ length: 11 }, (_, index) => request(2_000 + index * 50_000))
    expect(violationsOf({ operations: [firstConsent()], requests })).toEqual([
      '4: 11 token requests with refresh token refresh in ten minutes.',
    ])
    expect(violationsOf({ operations: [firstConsent()], requests: requests.slice(1) })).toEqual([])
    const slower = requests.map((one, index) => ({ ...one, sentAt: 2_000 + index * 61_000 }))
    expect(violationsOf({ operations: [firstConsent()], requests: slower })).toEqual([])
  })

  test('a budget that the emulator saw exceeded', () => {
    expect(
      violationsOf({
        operations: [firstConsent()],
        refusals: [{ what: 'authorizationCodeBudget', user: '' }],
      }),
    ).toEqual(['4: The emulator: authorizationCodeBudget of the client.'])
  })

  test('a request during a throttle', () => {
    const throttles = [{ connection: 'c', at: 10_000, until: 10_000 + 10 * minute }]
    const before = request(9_900, { response: 'Access Denied' })
    const during = (sentAt: number, refreshToken = 'refresh') => ({
      operations: [firstConsent()],
      throttles,
      requests: [before, request(sentAt, { refreshToken })],
    })
    expect(violationsOf(during(5 * minute))).toEqual([
      expect.stringMatching(/^4: .*sent a token request 290 s after a throttle of 600 s/),
    ])
    expect(violationsOf(during(11 * minute))).toEqual([])
    expect(violationsOf(during(5 * minute, 'of a newer consent'))).toEqual([])
  })

  test('an endpoint that always answers 401 causes two token requests', () => {
    const calls = [
      operation('fetchRefused', 2_000, { outcome: 'http-401' }),
      operation('fetchRefused', 90_000, { outcome: 'http-401' }),
    ]
    const requests = calls.map(({ number, begin }) =>
      request(begin + 1, { operation: number, isAfterRefusal: true }),
    )
    const given = { operations: [firstConsent(), ...calls], requests }
    expect(violationsOf(given)).toEqual([
      expect.stringMatching(/^4: 2 token requests .* because one endpoint answers 401\.$/),
    ])
    expect(violationsOf({ ...given, requests: requests.slice(1) })).toEqual([])
    expect(
      violationsOf({
        ...given,
        requests: requests.map((one) => ({ ...one, isAfterRefusal: false })),
      }),
    ).toEqual([])
    const [first, second] = requests as [TokenRequest, TokenRequest]
    expect(
      violationsOf({
        ...given,
        requests: [first, { ...second, refreshToken: 'of a newer consent' }],
      }),
    ).toEqual([])
    expect(
      violationsOf({
        ...given,
        requests,
        storeFailures: [{ process: 'p', doing: 'write', at: 90_500 }],
      }),
    ).toEqual([])
  })

  test('another caller gets no token, because that endpoint used up the budget', () => {
    const calls = [2_000, 3_000].map((begin) =>
      operation('fetchRefused', begin, { outcome: 'http-401' }),
    )
    const requests = calls.map(({ number, begin }) =>
      request(begin + 1, { operation: number, isAfterRefusal: true }),
    )
    const blocked = operation('accessToken', 5_000, { outcome: 'refresh-budget-spent' })
    expect(
      violationsOf({ operations: [firstConsent(), ...calls, blocked], requests }),
    ).toContainEqual(
      expect.stringMatching(
        /^4: #\d+ accessToken\(\) failed with refresh-budget-spent after 2 token requests/,
      ),
    )
  })
})

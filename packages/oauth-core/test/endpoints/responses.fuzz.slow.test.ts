import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isToken } from '../../src/internal/text.ts'
import { isErrorCode } from '../../src/errors/codes.ts'
import { toErrorCode } from '../../src/endpoints/error-codes.ts'
import type { Outcome, TokenResponse, EndpointFailure } from '../../src/endpoints/outcome.ts'
import { parseRevocationResponse, parseTokenResponse } from '../../src/endpoints/parse.ts'
import { accessToken, callEndpoint, callTo } from './calls.ts'
import { canary, mutatedText } from './mutated-responses.ts'

const status = fc.constantFrom(200, 200, 200, 200, 201, 204, 400, 401, 403, 404, 429, 500, 503)

const retryAfter = fc.constantFrom(null, null, '30', '99999999', '-1', canary)

const zohoErrorPattern = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,64}$/

/**
 * Checks that a failure has only a known reason and numbers, and no text of the response, except
 * Zoho's word for the error.
 */
const expectBare = (failure: EndpointFailure): void => {
  const {
    reason,
    status: httpStatus,
    requestMayHaveBeenSent,
    retryAfterMs,
    zohoError,
    ...more
  } = failure
  const isBare =
    isErrorCode(toErrorCode(reason)) &&
    typeof requestMayHaveBeenSent === 'boolean' &&
    [httpStatus, retryAfterMs].every((value) => value === undefined || typeof value === 'number') &&
    (zohoError === undefined || zohoErrorPattern.test(zohoError)) &&
    Object.keys(more).length === 0
  if (
    !isBare ||
    (retryAfterMs !== undefined && !(retryAfterMs >= 1_000 && retryAfterMs <= 600_000))
  )
    expect.fail(JSON.stringify(failure))
}

/** Checks each member of a token response, and that the response has no other member. */
const expectTokens = (value: TokenResponse): void => {
  const {
    accessToken: access,
    refreshToken: refresh,
    expiresInMs,
    scopes,
    apiDomain,
    ...more
  } = value
  const isValid =
    isToken(access.reveal()) &&
    (refresh === undefined || isToken(refresh.reveal())) &&
    Number.isInteger(expiresInMs) &&
    expiresInMs >= 60_000 &&
    expiresInMs <= 3_600_000 &&
    (scopes ?? []).every((scope) => typeof scope === 'string') &&
    ['string', 'undefined'].includes(typeof apiDomain) &&
    Object.keys(more).length === 0
  if (!isValid || Object.getPrototypeOf(value) !== Object.prototype)
    expect.fail(JSON.stringify(value))
}

it('T8, T9, T10: 100,000 mutated responses give tokens, or a failure without their text', () => {
  const counts = { tokens: 0, refused: 0 }
  fc.assert(
    fc.property(mutatedText, status, retryAfter, (text, code, after) => {
      const response = { status: code, text, retryAfter: after }
      const token = parseTokenResponse(response)
      const revocation = parseRevocationResponse(response)
      if ('failure' in revocation) expectBare(revocation.failure)
      if ('value' in token) expectTokens(token.value)
      else expectBare(token.failure)
      counts['value' in token ? 'tokens' : 'refused'] += 1
    }),
    { numRuns: 100_000 },
  )
  expect({}).not.toHaveProperty('polluted')
  expect(Math.min(counts.tokens, counts.refused)).toBeGreaterThan(2_000)
})

it('T8: 5,000 responses with mutated bytes give tokens, or a failure without text', async () => {
  const bytes = fc.tuple(
    mutatedText,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
  )
  await fc.assert(
    fc.asyncProperty(
      bytes,
      fc.constantFrom('refresh', 'exchange', 'revoke'),
      fc.constantFrom(200, 400, 503),
      async ([text, changes], verb, code) => {
        const body = Buffer.from(text)
        for (const [n, value] of changes) if (body.length > 0) body[n % body.length] = value
        const outcome = (await callEndpoint[verb](
          callTo('http://127.0.0.1:9', { fetch: async () => new Response(body, { status: code }) }),
        )) as Outcome<TokenResponse | undefined>
        if (!outcome.ok) expectBare(outcome.failure)
        else if (outcome.value) expectTokens(outcome.value)
      },
    ),
    { numRuns: 5_000 },
  )
})

it('T10: any lifetime gives a token for one minute to one hour, or a failure', () => {
  const number = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.maxSafeNat(),
    fc.constantFrom(
      0,
      -0,
      1,
      59,
      60,
      3_599,
      3_600,
      3_601,
      86_400,
      86_401,
      3_600_000,
      2 ** 53,
      1e308,
    ),
  )
  const lifetime = fc.oneof(
    number,
    number.map(String),
    fc.string(),
    fc.constantFrom(
      null,
      undefined,
      true,
      [3_600],
      {},
      '1e3',
      '0x10',
      ' 60',
      '٣٦٠٠',
      '9'.repeat(30),
    ),
  )
  fc.assert(
    fc.property(lifetime, lifetime, fc.boolean(), (first, second, both) => {
      const text = JSON.stringify({
        access_token: accessToken,
        expires_in: first,
        ...(both && { expires_in_sec: second }),
      })
      const reading = parseTokenResponse({ status: 200, text, retryAfter: null })
      // No lifetime makes a grant invalid.
      if (!('value' in reading)) return expect.fail(text)
      expectTokens(reading.value)
    }),
    { numRuns: 10_000 },
  )
})

it('T11: refuses a token with a character that a header cannot have', () => {
  const mutatedToken = fc
    .tuple(fc.string({ unit: 'binary', maxLength: 30 }), fc.nat({ max: 40 }))
    .map(([text, cut]) => accessToken.slice(0, cut) + text + accessToken.slice(cut))
  let refused = 0
  fc.assert(
    fc.property(mutatedToken, fc.constantFrom('access_token', 'refresh_token'), (token, name) => {
      const reading = parseTokenResponse({
        status: 200,
        text: JSON.stringify({ access_token: accessToken, [name]: token }),
        retryAfter: null,
      })
      if ('failure' in reading) {
        refused += 1
        return expectBare(reading.failure)
      }
      expect(token).toMatch(/^[\x21-\x7e]+$/)
      expect(new Headers({ authorization: `Zoho-oauthtoken ${token}` }).get('authorization')).toBe(
        `Zoho-oauthtoken ${token}`,
      )
    }),
    { numRuns: 20_000 },
  )
  expect(refused).toBeGreaterThan(5_000)
})

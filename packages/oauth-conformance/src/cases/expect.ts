import assert from 'node:assert/strict'
import type { TestResponse } from '../harness/send-request.ts'
import type { TestApp } from '../harness/test-context.ts'

export const equal = (actual: unknown, expected: unknown, label: string): void =>
  assert.deepEqual(
    actual,
    expected,
    `${label}: expected ${describeValue(expected)}, and it was ${describeValue(actual)}`,
  )
export const expectTrue = (condition: unknown, label: string): void => assert.ok(condition, label)

const describeValue = (value: unknown): string =>
  value === undefined ? 'nothing' : (JSON.stringify(value) ?? '?').slice(0, 600)

/** Expects a 303 redirect without a body to this path or URL. */
export const expectRedirect = (response: TestResponse, to: string): void => {
  equal([response.status, response.headers['location']], [303, to], 'status and Location')
  equal(response.text, '', 'the body of a redirect')
  expectTrue(
    'content-length' in response.headers || 'transfer-encoding' in response.headers,
    'a redirect has a length, so that the connection can be reused',
  )
}

/** Expects an error page of the library. */
export const expectErrorPage = (response: TestResponse, status: number, code: string): void => {
  equal(
    [
      response.status,
      response.headers['content-type'],
      /<code>([a-z-]+)<\/code>/.exec(response.text)?.[1],
    ],
    [status, 'text/html; charset=utf-8', code],
    `a page with ${code}: status, type and code`,
  )
}

/** Expects a problem document (RFC 9457). Returns its members. */
export const expectProblem = (
  response: TestResponse,
  status: number,
  code: string,
): Record<string, unknown> => {
  equal(
    [response.status, response.headers['content-type']],
    [status, 'application/problem+json'],
    `a problem document with ${code}: status and type`,
  )
  const problem = JSON.parse(response.text) as Record<string, unknown>
  equal(
    [problem['status'], problem['code']],
    [status, code],
    'status and code in the problem document',
  )
  return problem
}

/** Expects no call to the token endpoint. */
export const expectNoTokenCall = ({ emulator }: TestApp): void =>
  equal(emulator.calls().token, 0, 'calls to the token endpoint')

export const expectTokenCalls = ({ emulator }: TestApp, count: number): void =>
  equal(emulator.calls().token, count, 'calls to the token endpoint')

/** Expects the app's own 404. */
export const expectOwn404 = (response: TestResponse): void =>
  equal([response.status, response.text], [404, 'own 404'], "the app's own 404")

export const expectOwnError = (response: TestResponse): void =>
  equal(
    [response.status, response.text],
    [500, 'own error'],
    "the app's own response to its own error",
  )

/** The binding cookies among the `Set-Cookie` headers. */
export const bindingCookies = ({ cookies }: TestResponse): readonly string[] =>
  cookies.filter((cookie) => /^(__Host-)?zro-/.test(cookie))

/** Expects the headers that forbid caching and referrers. Every response of the routes has them. */
export const expectPrivate = ({ headers }: TestResponse): void =>
  equal(
    [headers['cache-control'], headers['referrer-policy'], headers['x-content-type-options']],
    ['no-store', 'no-referrer', 'nosniff'],
    'Cache-Control, Referrer-Policy and X-Content-Type-Options',
  )

/** Expects the candidates of the connection. */
export const expectConnected = (response: TestResponse): void => {
  equal(response.status, 200, 'the status of a call with the connection')
  expectTrue(
    Array.isArray((JSON.parse(response.text) as { data?: unknown }).data),
    'the response has the candidates of the connection',
  )
}

export const expectNotConnected = (response: TestResponse): void =>
  void expectProblem(response, 401, 'not-connected')

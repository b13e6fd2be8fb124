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
export const expectRedirect = (answer: TestResponse, to: string): void => {
  equal([answer.status, answer.headers['location']], [303, to], 'status and Location')
  equal(answer.text, '', 'the body of a redirect')
  expectTrue(
    'content-length' in answer.headers || 'transfer-encoding' in answer.headers,
    'a redirect has a length, so that the connection can be reused',
  )
}

/** Expects an error page of the library. */
export const expectErrorPage = (answer: TestResponse, status: number, code: string): void => {
  equal(
    [
      answer.status,
      answer.headers['content-type'],
      /<code>([a-z-]+)<\/code>/.exec(answer.text)?.[1],
    ],
    [status, 'text/html; charset=utf-8', code],
    `a page with ${code}: status, type and code`,
  )
}

/** Expects a problem document (RFC 9457). Returns its members. */
export const expectProblem = (
  answer: TestResponse,
  status: number,
  code: string,
): Record<string, unknown> => {
  equal(
    [answer.status, answer.headers['content-type']],
    [status, 'application/problem+json'],
    `a problem document with ${code}: status and type`,
  )
  const problem = JSON.parse(answer.text) as Record<string, unknown>
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
export const expectOwn404 = (answer: TestResponse): void =>
  equal([answer.status, answer.text], [404, 'own 404'], "the app's own 404")

export const expectOwnError = (answer: TestResponse): void =>
  equal([answer.status, answer.text], [500, 'own error'], "the app's own answer to its own error")

/** The binding cookies among the `Set-Cookie` headers. */
export const bindingCookies = ({ cookies }: TestResponse): readonly string[] =>
  cookies.filter((cookie) => /^(__Host-)?zro-/.test(cookie))

/** Expects the headers that forbid caching and referrers. Every answer of the routes has them. */
export const expectPrivate = ({ headers }: TestResponse): void =>
  equal(
    [headers['cache-control'], headers['referrer-policy'], headers['x-content-type-options']],
    ['no-store', 'no-referrer', 'nosniff'],
    'Cache-Control, Referrer-Policy and X-Content-Type-Options',
  )

/** Expects the candidates of the connection. */
export const expectConnected = (answer: TestResponse): void => {
  equal(answer.status, 200, 'the status of a call with the connection')
  expectTrue(
    Array.isArray((JSON.parse(answer.text) as { data?: unknown }).data),
    'the answer has the candidates of the connection',
  )
}

export const expectNotConnected = (answer: TestResponse): void =>
  void expectProblem(answer, 401, 'not-connected')

import assert from 'node:assert/strict'
import type { TestResponse } from '../harness/send-request.ts'
import type { TestApp } from '../harness/test-context.ts'

export const equal = (actual: unknown, expected: unknown, what: string): void =>
  assert.deepEqual(
    actual,
    expected,
    `${what}: expected ${told(expected)}, and it was ${told(actual)}`,
  )
export const holds = (condition: unknown, what: string): void => assert.ok(condition, what)

const told = (value: unknown): string =>
  value === undefined ? 'nothing' : (JSON.stringify(value) ?? '?').slice(0, 600)

/** A redirect by 303, without a body, to this path or address. */
export const redirects = (answer: TestResponse, to: string): void => {
  equal([answer.status, answer.headers['location']], [303, to], 'status and Location')
  equal(answer.text, '', 'the body of a redirect')
  holds(
    'content-length' in answer.headers || 'transfer-encoding' in answer.headers,
    'a redirect says where it ends, so that the connection is kept',
  )
}

/** A page of this library's that names an error. */
export const pageOf = (answer: TestResponse, status: number, code: string): void => {
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

/** A problem document (RFC 9457). Resolves to its members. */
export const problemOf = (
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

/** Zoho was asked for no token. */
export const noTokenCall = ({ emulator }: TestApp): void =>
  equal(emulator.calls().token, 0, 'calls to the token endpoint')

export const tokenCalls = ({ emulator }: TestApp, count: number): void =>
  equal(emulator.calls().token, count, 'calls to the token endpoint')

/** The app's own answer to what it does not know. */
export const isOwn404 = (answer: TestResponse): void =>
  equal([answer.status, answer.text], [404, 'own 404'], "the app's own 404")

export const isOwnError = (answer: TestResponse): void =>
  equal([answer.status, answer.text], [500, 'own error'], "the app's own answer to its own error")

/** The binding cookies among the `Set-Cookie` headers. */
export const bindingsIn = ({ cookies }: TestResponse): readonly string[] =>
  cookies.filter((cookie) => /^(__Host-)?zro-/.test(cookie))

/** On every answer of the routes: nothing is cached, nothing is told to the next site. */
export const isPrivate = ({ headers }: TestResponse): void =>
  equal(
    [headers['cache-control'], headers['referrer-policy'], headers['x-content-type-options']],
    ['no-store', 'no-referrer', 'nosniff'],
    'Cache-Control, Referrer-Policy and X-Content-Type-Options',
  )

/** Asks for the candidates with the connection that should stand. */
export const isConnected = (answer: TestResponse): void => {
  equal(answer.status, 200, 'the status of a call with the connection')
  holds(
    Array.isArray((JSON.parse(answer.text) as { data?: unknown }).data),
    'the candidates of the connection arrive',
  )
}

export const isNotConnected = (answer: TestResponse): void =>
  void problemOf(answer, 401, 'not-connected')

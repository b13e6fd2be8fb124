import type { ErrorCode, Remedy } from '../../src/errors/codes.ts'
import type { Status } from '../../src/domain/record.ts'
import { drip } from '../endpoints/bombs.ts'
import { respond, drop, json, silence, type Reply } from '../endpoints/server.ts'
import { grant, refusal, second } from './setup.ts'

// The matrix of docs/trust.md, 3.4: answers of an accounts server, and the expected outcomes.

/** The result for the caller, the number of requests, and the record afterwards. */
export interface Cell {
  readonly code: ErrorCode | 'ok'
  readonly remedy?: Remedy
  /**
   * Requests that were tried. All of them reached the server, unless the transport failed before.
   */
  readonly calls: number
  readonly status?: Status
  /** The cool-down in the record: its reason and its duration. */
  readonly coolDown?: { readonly code: ErrorCode; readonly ms: number }
}

export interface Row {
  readonly title: string
  readonly reply?: Reply
  /** Why there is no response. */
  readonly transport?: 'refused' | 'unresolved' | 'torn'
  readonly refresh: Cell
  readonly exchange: Cell
  readonly revocation: Cell
}

const coolDown = (code: ErrorCode, ms = 5 * second) => ({ code, ms })
const pending = (code: ErrorCode, calls: number, ms?: number): Cell => ({
  code: 'revocation-failed',
  remedy: 'retry',
  calls,
  status: 'revoking',
  coolDown: coolDown(code, ms),
})
const revoked = (calls: number): Cell => ({ code: 'ok', calls, status: 'revoked' })
const outcomeUnknown: Cell = { code: 'exchange-outcome-unknown', remedy: 'ask-consent', calls: 1 }

const granted = (title: string, reply: Reply): Row => ({
  title,
  reply,
  refresh: { code: 'ok', calls: 1 },
  exchange: { code: 'ok', calls: 1, status: 'active' },
  revocation: revoked(1),
})
const refused = (title: string, reply: Reply): Row => ({
  title,
  reply,
  refresh: { code: 'needs-consent', remedy: 'ask-consent', calls: 1, status: 'needs-consent' },
  exchange: { code: 'code-rejected', remedy: 'ask-consent', calls: 1 },
  revocation: revoked(3),
})
const misconfigured = (title: string, code: ErrorCode, reply: Reply): Row => ({
  title,
  reply,
  refresh: { code, remedy: 'fix-configuration', calls: 1, coolDown: coolDown(code) },
  exchange: { code, remedy: 'fix-configuration', calls: 1 },
  revocation: pending(code, 3),
})
const throttled = (title: string, reply: Reply, ms = 600 * second): Row => ({
  title,
  reply,
  refresh: { code: 'throttled', remedy: 'retry', calls: 1, coolDown: coolDown('throttled', ms) },
  exchange: { code: 'throttled', remedy: 'ask-consent', calls: 1 },
  revocation: pending('throttled', 1, ms),
})
const unknown = (title: string, reply: Reply): Row => ({
  title,
  reply,
  refresh: {
    code: 'accounts-server-error',
    remedy: 'retry',
    calls: 2,
    coolDown: coolDown('accounts-server-error'),
  },
  exchange: { code: 'accounts-server-error', remedy: 'ask-consent', calls: 1 },
  revocation: pending('accounts-server-error', 3),
})
const malformed = (
  title: string,
  reply: Reply,
  revocation = pending('response-malformed', 3),
): Row => ({
  title,
  reply,
  refresh: {
    code: 'response-malformed',
    remedy: 'retry',
    calls: 2,
    coolDown: coolDown('response-malformed'),
  },
  exchange: outcomeUnknown,
  revocation,
})
const unavailable = (status: number): Row => ({
  title: `${status}`,
  reply: respond('<html>', status),
  refresh: {
    code: 'accounts-server-unavailable',
    remedy: 'retry',
    calls: 2,
    coolDown: coolDown('accounts-server-unavailable'),
  },
  exchange: outcomeUnknown,
  revocation: pending('accounts-server-unavailable', 1),
})
const redirected = (status: number): Row => ({
  title: `${status}`,
  reply: respond('', status, { location: 'http://127.0.0.1:9/' }),
  refresh: {
    code: 'redirect-refused',
    remedy: 'report',
    calls: 1,
    coolDown: coolDown('redirect-refused'),
  },
  exchange: { code: 'redirect-refused', remedy: 'report', calls: 1 },
  revocation: pending('redirect-refused', 1),
})
/** The request provably was not sent, so that even a code is sent once more. */
const unsent = (title: string, transport: Row['transport'] & string): Row => ({
  title,
  transport,
  refresh: {
    code: 'accounts-server-unreachable',
    remedy: 'retry',
    calls: 2,
    coolDown: coolDown('accounts-server-unreachable'),
  },
  exchange: { code: 'accounts-server-unreachable', remedy: 'ask-consent', calls: 2 },
  revocation: pending('accounts-server-unreachable', 1),
})
const interrupted = (title: string, how: Pick<Row, 'reply' | 'transport'>): Row => ({
  title,
  ...how,
  refresh: {
    code: 'accounts-server-unreachable',
    remedy: 'retry',
    calls: 2,
    coolDown: coolDown('accounts-server-unreachable'),
  },
  exchange: outcomeUnknown,
  revocation: pending('accounts-server-unreachable', 1),
})
/** The budget of 6 s is spent by then, so that there is no second try. */
const timedOut = (title: string, reply: Reply): Row => ({
  title,
  reply,
  refresh: {
    code: 'accounts-server-timed-out',
    remedy: 'retry',
    calls: 1,
    coolDown: coolDown('accounts-server-timed-out'),
  },
  exchange: outcomeUnknown,
  revocation: pending('accounts-server-timed-out', 1),
})

/** The two captured bodies (zoho-protocol.md, 1.7), and an invented translation. */
export const throttleBodies = {
  English:
    '{"error_description":"You have made too many requests continuously. Please try again ' +
    'after some time.","error":"Access Denied","status":"failure"}',
  Chinese:
    '{"error_description":"您已连续提出过多请求，请稍后再试。",' +
    '"error":"拒绝访问","status":"failure"}',
  'an invented language':
    '{"error_description":"Nimium saepe rogavisti; postea redi.","error":"Aditus ' +
    'negatus","status":"failure"}',
}

/** The slow rows come first, so that the others run at the same time. */
export const rows: readonly Row[] = [
  timedOut('T5: silence', silence),
  timedOut('T5: single bytes, slowly', drip),
  granted('T7: 200 with a token', grant()),
  refused('T7: 200 with invalid_code', refusal('invalid_code')),
  misconfigured('T7, T13: 200 with invalid_client', 'client-rejected', refusal('invalid_client')),
  misconfigured(
    'T7, T13: 200 with invalid_client_secret',
    'client-secret-rejected',
    refusal('invalid_client_secret'),
  ),
  ...Object.entries(throttleBodies).flatMap(([language, body]) =>
    [200, 400].map((status) =>
      throttled(`T14: ${status} with the throttle in ${language}`, respond(body, status)),
    ),
  ),
  unknown('T7: 200 with an unknown error', refusal('general_error')),
  malformed('T8: 200 with HTML', respond('<html>')),
  malformed('T8: 200 with half a response', respond('{"access_token":"1000.')),
  malformed('T8: 200 with an empty body', respond(''), revoked(1)),
  malformed('T4: 200 with more than 64 KiB', respond('x'.repeat(70_000))),
  malformed('T8: 200 with wrong types', json({ access_token: 1 }), revoked(1)),
  refused('T7: 400 with invalid_code', refusal('invalid_code', 400)),
  misconfigured(
    'T7, T13: 401 with invalid_client',
    'client-rejected',
    refusal('invalid_client', 401),
  ),
  unknown('T7: 401 with an unknown error', refusal('general_error', 401)),
  throttled('T14: 429', respond('', 429)),
  throttled('T15: 429 with Retry-After', respond('', 429, { 'retry-after': '120' }), 120 * second),
  ...[500, 502, 503, 504].map(unavailable),
  ...[301, 302, 303, 307, 308]
    .map(redirected)
    .map((row) => ({ ...row, title: `T1: ${row.title}` })),
  unsent('B12: a refused connection', 'refused'),
  unsent('B12: a name that does not resolve', 'unresolved'),
  interrupted('B12: a connection that breaks before the request is read', { transport: 'torn' }),
  interrupted('B12: a connection that breaks after the request is read', { reply: drop }),
  interrupted('B12: a connection that breaks in the middle of the response', {
    reply: (response) =>
      response
        .writeHead(200, { 'content-length': 900 })
        .write('{"access_token":', () => response.socket?.destroy()),
  }),
]

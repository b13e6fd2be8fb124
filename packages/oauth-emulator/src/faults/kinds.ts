import { throttleResponse } from '../accounts/token-responses.ts'
import { json, page } from '../http/responses.ts'
import { problemPage } from '../pages/problem-page.ts'
import { refuseToken } from '../recruit/refuse-token.ts'
import {
  anyText,
  either,
  headerText,
  oneOf,
  type Rule,
  secondsUpTo,
  wholeNumber,
} from '../rules.ts'
import type { Settings } from '../settings/settings.ts'
import type { Fault, FaultFields, FaultKind } from './fault.ts'
import { replaceBody, slowDown } from './corrupt-response.ts'
import { LostConnection, wait } from './wait.ts'

/** A request to which a fault applies. */
export interface FaultContext {
  readonly settings: Settings
  /** Aborts, with a reason, when the caller no longer waits. */
  readonly signal: AbortSignal
  /** Lets the request take effect and returns the response without the fault. */
  respondNormally(): Promise<Response>
}

interface Kind<F> {
  readonly required?: Readonly<Record<string, Rule>>
  readonly optional?: Readonly<Record<string, Rule>>
  apply(fault: F, request: FaultContext): Response | Promise<Response>
}

const duration = secondsUpTo(600)
const errorStatus = wholeNumber(400, 599)
const responseStatus = either(oneOf(200), errorStatus)
const hint = 'Clear the fault with DELETE /_emulator/faults.'

/** The fields and the behaviour of every kind of fault. */
export const kinds: { readonly [K in FaultKind]: Kind<FaultFields[K]> } = {
  latency: {
    required: { seconds: duration },
    async apply(fault, { respondNormally, signal }) {
      const response = await respondNormally()
      await wait(fault.seconds, signal)
      return response
    },
  },
  drip: {
    required: { seconds: duration },
    apply: async (fault, { respondNormally, signal }) =>
      slowDown(await respondNormally(), fault.seconds, signal),
  },
  silence: {
    async apply(_, { signal }) {
      await wait(60, signal)
      throw new LostConnection()
    },
  },
  'drop-before': { apply: () => Promise.reject(new LostConnection()) },
  'drop-after': {
    apply: (_, { respondNormally }) =>
      respondNormally().then(() => Promise.reject(new LostConnection())),
  },
  status: {
    required: { status: errorStatus },
    optional: { retryAfter: headerText },
    apply({ status, retryAfter }) {
      const response = page(
        problemPage({
          title: `${status}`,
          explanation: 'This is the response of a fault of the emulator.',
          hint,
        }),
        status,
      )
      return withRetryAfter(response, retryAfter)
    },
  },
  html: {
    apply: () =>
      page(
        problemPage({
          title: 'Please wait',
          explanation: 'This is the response of a fault of the emulator.',
          hint,
        }),
      ),
  },
  truncated: {
    apply: async (_, { respondNormally }) =>
      replaceBody(await respondNormally(), (body) => body.slice(0, body.length / 2)),
  },
  empty: { apply: () => new Response(null) },
  oversized: {
    apply: async (_, { respondNormally }) =>
      replaceBody(await respondNormally(), (body) => {
        const padded = new Uint8Array(body.length + 64 * 1024).fill(0x20)
        padded.set(body)
        return padded
      }),
  },
  'not-utf8': {
    apply: async (_, { respondNormally }) =>
      replaceBody(await respondNormally(), (body) =>
        body.fill(0xff, body.length / 2, body.length / 2 + 1),
      ),
  },
  redirect: {
    required: { location: headerText },
    optional: { status: oneOf(301, 302, 303, 307, 308) },
    apply: ({ location, status = 302 }) => new Response(null, { status, headers: { location } }),
  },
  error: {
    required: { error: anyText },
    optional: { status: responseStatus },
    apply: ({ error, status = 200 }) => json({ error }, status),
  },
  failure: {
    required: { errorCode: anyText },
    optional: { status: responseStatus },
    apply: ({ errorCode, status = 200 }) =>
      json({ status: 'failure', error_code: errorCode }, status),
  },
  throttle: {
    optional: { language: oneOf('en', 'zh'), status: responseStatus },
    apply: ({ language, status }, { settings }) =>
      throttleResponse(language ?? settings.throttleLanguage, status ?? settings.throttleStatus),
  },
  'token-rejected': {
    optional: { code: oneOf('INVALID_TOKEN', 'INVALID_OAUTHTOKEN', 'AUTHENTICATION_FAILURE') },
    apply: ({ code = 'INVALID_TOKEN' }) => refuseToken(code),
  },
  'recruit-error': {
    required: { status: responseStatus, code: anyText },
    optional: { message: anyText, retryAfter: headerText },
    apply({ status, code, message = 'This is the response of a fault', retryAfter }) {
      const response = json({ code, details: {}, message, status: 'error' }, status)
      return withRetryAfter(response, retryAfter)
    },
  },
  'no-body': {
    optional: { status: oneOf(204, 304) },
    apply: ({ status = 204 }) => new Response(null, { status }),
  },
}

function withRetryAfter(response: Response, retryAfter: string | undefined): Response {
  if (retryAfter !== undefined) response.headers.set('retry-after', retryAfter)
  return response
}

/** Applies a fault to a request. */
export function applyFault(fault: Fault, request: FaultContext): Response | Promise<Response> {
  return (kinds[fault.kind] as Kind<Fault>).apply(fault, request)
}

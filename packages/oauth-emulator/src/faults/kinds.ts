import { throttleResponse } from '../accounts/token-responses.ts'
import { json, page } from '../http/responses.ts'
import { problemPage } from '../pages/problem-page.ts'
import { refuseToken } from '../recruit/refuse-token.ts'
import { anyText, either, headerText, oneOf, type Rule, seconds, wholeNumber } from '../rules.ts'
import type { Settings } from '../settings/settings.ts'
import type { Fault, FaultFields, FaultKind } from './fault.ts'
import { replaceBody, slowDown } from './corrupt-response.ts'
import { LostConnection, wait } from './wait.ts'

/** A request to which a fault applies. */
export interface FaultContext {
  readonly settings: Settings
  /** Aborts, with a reason, when the caller no longer waits. */
  readonly signal: AbortSignal
  /** Lets the request take effect and returns the answer without the fault. */
  answerNormally(): Promise<Response>
}

interface Kind<F> {
  readonly required?: Readonly<Record<string, Rule>>
  readonly optional?: Readonly<Record<string, Rule>>
  apply(fault: F, request: FaultContext): Response | Promise<Response>
}

const duration = seconds(600)
const errorStatus = wholeNumber(400, 599)
const answerStatus = either(oneOf(200), errorStatus)
const hint = 'Clear the fault with DELETE /_emulator/faults.'

/** The fields and the behaviour of every kind of fault. */
export const kinds: { readonly [K in FaultKind]: Kind<FaultFields[K]> } = {
  latency: {
    required: { seconds: duration },
    async apply(fault, { answerNormally, signal }) {
      const answer = await answerNormally()
      await wait(fault.seconds, signal)
      return answer
    },
  },
  drip: {
    required: { seconds: duration },
    apply: async (fault, { answerNormally, signal }) =>
      slowDown(await answerNormally(), fault.seconds, signal),
  },
  silence: {
    async apply(_, { signal }) {
      await wait(60, signal)
      throw new LostConnection()
    },
  },
  'drop-before': { apply: () => Promise.reject(new LostConnection()) },
  'drop-after': {
    apply: (_, { answerNormally }) =>
      answerNormally().then(() => Promise.reject(new LostConnection())),
  },
  status: {
    required: { status: errorStatus },
    optional: { retryAfter: headerText },
    apply({ status, retryAfter }) {
      const answer = page(
        problemPage({
          title: `${status}`,
          explanation: 'This is the answer of a fault of the emulator.',
          hint,
        }),
        status,
      )
      if (retryAfter !== undefined) answer.headers.set('retry-after', retryAfter)
      return answer
    },
  },
  html: {
    apply: () =>
      page(
        problemPage({
          title: 'Please wait',
          explanation: 'This is the answer of a fault of the emulator.',
          hint,
        }),
      ),
  },
  truncated: {
    apply: async (_, { answerNormally }) =>
      replaceBody(await answerNormally(), (body) => body.slice(0, body.length / 2)),
  },
  empty: { apply: () => new Response(null) },
  oversized: {
    apply: async (_, { answerNormally }) =>
      replaceBody(await answerNormally(), (body) => {
        const padded = new Uint8Array(body.length + 64 * 1024).fill(0x20)
        padded.set(body)
        return padded
      }),
  },
  'not-utf8': {
    apply: async (_, { answerNormally }) =>
      replaceBody(await answerNormally(), (body) =>
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
    optional: { status: answerStatus },
    apply: ({ error, status = 200 }) => json({ error }, status),
  },
  throttle: {
    optional: { language: oneOf('en', 'zh'), status: answerStatus },
    apply: ({ language, status }, { settings }) =>
      throttleResponse(language ?? settings.throttleLanguage, status ?? settings.throttleStatus),
  },
  'token-rejected': {
    optional: { code: oneOf('INVALID_TOKEN', 'AUTHENTICATION_FAILURE') },
    apply: ({ code = 'INVALID_TOKEN' }) => refuseToken(code),
  },
}

/** Applies a fault to a request. */
export function applyFault(fault: Fault, request: FaultContext): Response | Promise<Response> {
  return (kinds[fault.kind] as Kind<Fault>).apply(fault, request)
}

import { throttleAnswer } from '../accounts/token-answers.ts'
import { json, page } from '../http/answers.ts'
import { problemPage } from '../pages/problem-page.ts'
import { refuseToken } from '../recruit/refuse-token.ts'
import { anyText, either, headerText, oneOf, type Rule, seconds, wholeNumber } from '../rules.ts'
import type { Settings } from '../settings/settings.ts'
import type { Fault, FaultFields, FaultKind } from './fault.ts'
import { changed, dripping } from './corrupt-response.ts'
import { LostConnection, wait } from './wait.ts'

/** A request on which a fault strikes. */
export interface Struck {
  readonly settings: Settings
  /** Aborts, with a reason, when nobody waits any longer. */
  readonly gone: AbortSignal
  /** Lets the request take effect; answers as without a fault. */
  trueAnswer(): Promise<Response>
}

interface Kind<F> {
  readonly needs?: Readonly<Record<string, Rule>>
  readonly may?: Readonly<Record<string, Rule>>
  strike(fault: F, request: Struck): Response | Promise<Response>
}

const duration = seconds(600)
const failure = wholeNumber(400, 599)
const answered = either(oneOf(200), failure)
const cure = 'Clear it with DELETE /_emulator/faults.'

/** Every kind of fault: what it is told, and what it does. */
export const kinds: { readonly [K in FaultKind]: Kind<FaultFields[K]> } = {
  latency: {
    needs: { seconds: duration },
    async strike(fault, { trueAnswer, gone }) {
      const answer = await trueAnswer()
      await wait(fault.seconds, gone)
      return answer
    },
  },
  drip: {
    needs: { seconds: duration },
    strike: async (fault, { trueAnswer, gone }) =>
      dripping(await trueAnswer(), fault.seconds, gone),
  },
  silence: {
    async strike(_, { gone }) {
      await wait(60, gone)
      throw new LostConnection()
    },
  },
  'drop-before': { strike: () => Promise.reject(new LostConnection()) },
  'drop-after': {
    strike: (_, { trueAnswer }) => trueAnswer().then(() => Promise.reject(new LostConnection())),
  },
  status: {
    needs: { status: failure },
    may: { retryAfter: headerText },
    strike({ status, retryAfter }) {
      const answer = page(
        problemPage({
          title: `${status}`,
          explanation: 'A fault of the emulator answers here.',
          cure,
        }),
        status,
      )
      if (retryAfter !== undefined) answer.headers.set('retry-after', retryAfter)
      return answer
    },
  },
  html: {
    strike: () =>
      page(
        problemPage({
          title: 'Please wait',
          explanation: 'A fault of the emulator answers here.',
          cure,
        }),
      ),
  },
  truncated: {
    strike: async (_, { trueAnswer }) =>
      changed(await trueAnswer(), (body) => body.slice(0, body.length / 2)),
  },
  empty: { strike: () => new Response(null) },
  oversized: {
    strike: async (_, { trueAnswer }) =>
      changed(await trueAnswer(), (body) => {
        const padded = new Uint8Array(body.length + 64 * 1024).fill(0x20)
        padded.set(body)
        return padded
      }),
  },
  'not-utf8': {
    strike: async (_, { trueAnswer }) =>
      changed(await trueAnswer(), (body) => body.fill(0xff, body.length / 2, body.length / 2 + 1)),
  },
  redirect: {
    needs: { location: headerText },
    may: { status: oneOf(301, 302, 303, 307, 308) },
    strike: ({ location, status = 302 }) => new Response(null, { status, headers: { location } }),
  },
  error: {
    needs: { error: anyText },
    may: { status: answered },
    strike: ({ error, status = 200 }) => json({ error }, status),
  },
  throttle: {
    may: { language: oneOf('en', 'zh'), status: answered },
    strike: ({ language, status }, { settings }) =>
      throttleAnswer(language ?? settings.throttleLanguage, status ?? settings.throttleStatus),
  },
  'token-rejected': {
    may: { code: oneOf('INVALID_TOKEN', 'AUTHENTICATION_FAILURE') },
    strike: ({ code = 'INVALID_TOKEN' }) => refuseToken(code),
  },
}

/** What a fault does to a request that it strikes. */
export function applyFault(fault: Fault, request: Struck): Response | Promise<Response> {
  return (kinds[fault.kind] as Kind<Fault>).strike(fault, request)
}

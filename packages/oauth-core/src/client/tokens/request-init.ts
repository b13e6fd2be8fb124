import { readArgument, readMembers } from '../arguments.ts'
import { invalidArgument } from '../../config/invalid-option.ts'

/**
 * What a request to the Recruit API may carry: that of `fetch`, with an address relative to the
 * API.
 */
export type RecruitRequestInit = Omit<RequestInit, 'redirect'> & { readonly duplex?: 'half' }

/** A request to the API, checked: `fetch` of the platform takes it. */
export interface PreparedInit {
  readonly init: RequestInit
  readonly headers: Headers
  readonly signal: AbortSignal | undefined
  /** The body is a stream: read once, it is gone. */
  readonly isStream: boolean
}

const names = [
  'method',
  'headers',
  'body',
  'signal',
  'cache',
  'credentials',
  'integrity',
  'keepalive',
  'mode',
  'referrer',
  'referrerPolicy',
  'priority',
  'window',
] as const

/**
 * Checks and copies what the caller passed. A mistake in it is the caller's, and not an API that
 * could not be reached.
 * @throws `argument-invalid`, naming the member, without its value
 */
export const prepareInit = (dangerousInit: unknown): PreparedInit => {
  const given = readMembers('init', dangerousInit, names)
  const own = readArgument('init', () => ({ ...(dangerousInit as object) }))
  const { method, headers, body, signal, ...named } = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  )
  // `own` has what one runtime knows and others do not, such as `dispatcher`.
  const {
    method: _method,
    headers: _headers,
    body: _body,
    signal: _signal,
    duplex: _duplex,
    redirect: _redirect,
    ...others
  } = { ...own, ...named } as Record<string, unknown>
  const checkedMethod = methodOf(method)
  const isStream = readArgument('init.body', () => checkBody(body, checkedMethod), bodyProblem)
  const init = { ...others, ...(method !== undefined && { method: checkedMethod }) }
  if (Object.keys(others).length > 0) {
    readArgument(
      'init',
      () => new Request('https://recruit.invalid/', { ...init, redirect: 'manual' }),
      'has an option that `fetch` does not take',
    )
  }
  const copy = readArgument(
    'init.headers',
    () => new Headers(headers as HeadersInit | undefined),
    'must be headers with valid names and values',
  )
  const checkedSignal = signalOf(signal)
  return {
    init: {
      ...init,
      ...(body !== undefined && body !== null && { body: body as BodyInit }),
      // Node's `fetch` takes no stream without it.
      ...(isStream && { duplex: 'half' }),
      ...(checkedSignal && { signal: checkedSignal }),
    },
    headers: copy,
    signal: checkedSignal,
    isStream,
  }
}

const methodOf = (method: unknown): string => {
  if (method === undefined) return 'GET'
  const isMethod =
    typeof method === 'string' &&
    /^[\w!#$%&'*+.^`|~-]+$/.test(method) &&
    !/^(connect|trace|track)$/i.test(method)
  if (!isMethod) throw invalidArgument('init.method', 'must be an HTTP method that `fetch` sends')
  return method
}

const signalOf = (signal: unknown): AbortSignal | undefined => {
  if (signal === undefined || signal === null) return undefined
  const isSignal = readArgument('init.signal', () => signal instanceof AbortSignal)
  if (!isSignal) throw invalidArgument('init.signal', 'must be an `AbortSignal`')
  return signal as AbortSignal
}

const bodyProblem = 'must be text, a form, a blob, bytes or a stream'
const bodyTags = new Set(
  ['Blob', 'File', 'FormData', 'URLSearchParams', 'ArrayBuffer', 'ReadableStream'].map(
    (name) => `[object ${name}]`,
  ),
)

/** Is it a stream? @throws `argument-invalid` where it is no body at all */
const checkBody = (body: unknown, method: string): boolean => {
  if (body === undefined || body === null) return false
  if (/^(get|head)$/i.test(method))
    throw invalidArgument('init.body', 'is not sent with GET and HEAD')
  const isStream =
    typeof body === 'object' && (body instanceof ReadableStream || Symbol.asyncIterator in body)
  if (isStream && body instanceof ReadableStream && body.locked)
    throw invalidArgument('init.body', 'is a stream that is being read')
  const isBody =
    typeof body === 'string' ||
    isStream ||
    ArrayBuffer.isView(body) ||
    bodyTags.has(Object.prototype.toString.call(body))
  if (!isBody) throw invalidArgument('init.body', bodyProblem)
  return isStream
}

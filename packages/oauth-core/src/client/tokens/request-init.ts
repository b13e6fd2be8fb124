import { readArgument, readMembers } from '../arguments.ts'
import { invalidArgument } from '../../config/invalid-option.ts'
import { nearestName, unknownOption } from '../../errors/unknown-options.ts'

/** The options of a request to the Recruit API: those of `fetch`, except `redirect`. */
export type RecruitRequestInit = Omit<RequestInit, 'redirect'> & {
  readonly duplex?: 'half'
  /**
   * The server of a path. `upload` is the one for the files of a bulk write:
   * `fetch('upload', { server: 'upload', method: 'POST', body: form })`. Default `recruit`.
   * @see https://www.zoho.com/recruit/developer-guide/apiv2/bulk-write/upload-file.html
   */
  readonly server?: 'recruit' | 'upload'
}

/** The checked options of a request. The platform's `fetch` accepts them. */
export interface PreparedInit {
  /** All options except the headers. */
  readonly init: RequestInit
  readonly method: string
  readonly server: 'recruit' | 'upload'
  readonly headers: Headers
  readonly signal: AbortSignal | undefined
  /** The body is a stream, which can be sent only once. */
  readonly isStream: boolean
}

const optionNames = [
  'server',
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
const allOptionNames: readonly string[] = [...optionNames, 'duplex', 'redirect']

/**
 * Checks and copies the caller's options, so that a mistake in them is not reported as an API that
 * cannot be reached.
 * @throws `argument-invalid`, naming the option, without its value
 */
export const prepareInit = (dangerousInit: unknown): PreparedInit => {
  const members = readMembers('init', dangerousInit, optionNames)
  const otherOptions = readOtherOptions(dangerousInit, members)
  const method = parseMethod(members.method)
  const { server = 'recruit' } = members
  if (server !== 'recruit' && server !== 'upload')
    throw invalidArgument('init.server', 'must be `recruit` or `upload`')
  const { body } = members
  const isStream = readArgument('init.body', () => checkBody(body, method), bodyProblem)
  const init = { ...otherOptions, method }
  if (Object.keys(otherOptions).length > 0) checkOptions(init)
  const headers = readArgument(
    'init.headers',
    () => new Headers(members.headers as HeadersInit | undefined),
    'must be headers with valid names and values',
  )
  const signal = parseSignal(members.signal)
  return {
    init: {
      ...init,
      ...(body !== undefined && body !== null && { body: body as BodyInit }),
      // Node's `fetch` refuses a stream without it.
      ...(isStream && { duplex: 'half' }),
      ...(signal && { signal }),
    },
    method,
    server,
    headers,
    signal,
    isStream,
  }
}

/**
 * The options that are not checked one by one. Own properties can be options of one runtime, such
 * as `dispatcher`. A name that is almost a known one is refused: `fetch` would ignore it.
 */
const readOtherOptions = (
  dangerousInit: unknown,
  members: Readonly<Record<string, unknown>>,
): Record<string, unknown> => {
  const own = readArgument('init', () => ({ ...(dangerousInit as object) }))
  for (const name of Object.keys(own)) {
    const isMisspelt = !allOptionNames.includes(name) && nearestName(name, allOptionNames)
    if (isMisspelt) throw unknownOption(name, allOptionNames, 'argument-invalid')
  }
  const defined = Object.entries(members).filter(([, value]) => value !== undefined)
  const {
    method: _method,
    headers: _headers,
    body: _body,
    signal: _signal,
    duplex: _duplex,
    redirect: _redirect,
    server: _server,
    ...others
  } = { ...own, ...Object.fromEntries(defined) } as Record<string, unknown>
  return others
}

/** Lets the platform check the options. @throws `argument-invalid` */
const checkOptions = (init: RequestInit): void => {
  readArgument(
    'init',
    () => new Request('https://recruit.invalid/', { ...init, redirect: 'manual' }),
    'has an option that `fetch` does not accept',
  )
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Upper case, because servers do not know `patch`, which `fetch` would send unchanged. */
const parseMethod = (method: unknown = 'GET'): string => {
  const upperCase = typeof method === 'string' ? method.toUpperCase() : undefined
  if (upperCase === undefined || !methods.includes(upperCase))
    throw invalidArgument('init.method', `must be one of ${methods.join(', ')}`)
  return upperCase
}

const parseSignal = (signal: unknown): AbortSignal | undefined => {
  if (signal === undefined || signal === null) return undefined
  const isSignal = readArgument('init.signal', () => signal instanceof AbortSignal)
  if (!isSignal) throw invalidArgument('init.signal', 'must be an `AbortSignal`')
  return signal as AbortSignal
}

const bodyProblem = 'must be text, a form, a blob, bytes or a stream'
/** The types of a body, as `Object.prototype.toString` names them. */
const bodyTags = new Set([
  '[object Blob]',
  '[object File]',
  '[object FormData]',
  '[object URLSearchParams]',
  '[object ArrayBuffer]',
  '[object ReadableStream]',
])

/** Is the body a stream? @throws `argument-invalid` if it is not a body */
const checkBody = (body: unknown, method: string): boolean => {
  if (body === undefined || body === null) return false
  if (method === 'GET' || method === 'HEAD')
    throw invalidArgument('init.body', 'needs a `method` such as POST: GET and HEAD have no body')
  const isStream =
    typeof body === 'object' && (body instanceof ReadableStream || Symbol.asyncIterator in body)
  if (body instanceof ReadableStream && isUsed(body))
    throw invalidArgument('init.body', 'is a stream that is being read, or was read already')
  const isBody =
    typeof body === 'string' ||
    isStream ||
    ArrayBuffer.isView(body) ||
    bodyTags.has(Object.prototype.toString.call(body))
  if (!isBody) throw invalidArgument('init.body', bodyProblem)
  return isStream
}

/** A `Response` accepts only a stream that nobody has read. It does not read the stream itself. */
const isUsed = (stream: ReadableStream): boolean => {
  try {
    return new Response(stream).body === null
  } catch {
    return true
  }
}

import { withDeadline } from '../internal/async.ts'
import { EndpointError, type EndpointFailure } from './outcome.ts'

/** The part of `fetch` that is used: what a host lends. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** An answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly retryAfter: string | null
}

const maxAnswerBytes = 65_536

/**
 * Sends one request and reads the whole answer before `deadlineMs` is over. Never follows a
 * redirect (307 and 308 would post the secret again), never reads more than 64 KiB, never throws
 * anything but `WireFailed`.
 */
export const send = async (
  fetch: Fetch,
  url: string,
  init: RequestInit,
  deadlineMs: number,
): Promise<Answer> => {
  const controller = new AbortController()
  const late = (): never => {
    controller.abort()
    throw new EndpointError({ code: 'accounts-server-timed-out', mayHaveBeenSent: true })
  }
  try {
    return await withDeadline(
      exchange(fetch, url, { ...init, redirect: 'manual', signal: controller.signal }),
      deadlineMs,
      late,
    )
  } catch (error) {
    throw isEndpointError(error) ? error : new EndpointError(transportFailure(error))
  }
}

const isEndpointError = (error: unknown): error is EndpointError => {
  try {
    return error instanceof EndpointError
  } catch {
    return false // A proxy.
  }
}

const exchange = async (fetch: Fetch, url: string, init: RequestInit): Promise<Answer> => {
  const response = await fetch(url, init)
  const { status } = response
  if (await isRedirect(response))
    throw new EndpointError({ code: 'redirect-refused', status, mayHaveBeenSent: true })
  const bytes = await readBounded(response)
  try {
    if (bytes)
      return {
        status,
        text: new TextDecoder('utf-8', { fatal: true }).decode(bytes),
        retryAfter: response.headers.get('retry-after'),
      }
  } catch {
    // Not UTF-8.
  }
  throw new EndpointError({ code: 'answer-malformed', status, mayHaveBeenSent: true })
}

/**
 * Is it a redirect that was not followed, in whichever way the runtime tells? Then its body is let
 * go.
 */
export const isRedirect = async (response: Response): Promise<boolean> => {
  const redirect = response.status === 0 || (response.status >= 300 && response.status < 400)
  if (redirect) await response.body?.cancel().catch(() => {}) // What is not read may break off.
  return redirect
}

/** The body of an answer; `undefined` where it is longer than 64 KiB, of which no more is read. */
export const readBounded = async (
  response: Response,
): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const reader = response.body?.getReader()
  const bytes = new Uint8Array(maxAnswerBytes)
  let length = 0
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    if (length + value.length > maxAnswerBytes) {
      await reader.cancel()
      return undefined
    }
    bytes.set(value, length)
    length += value.length
  }
  return bytes.subarray(0, length)
}

/**
 * Codes of an error that comes before a connection stood; of a read or a write they tell that it
 * broke.
 */
const connectErrors = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ConnectionRefused',
])

interface SystemError {
  readonly code?: unknown
  readonly syscall?: unknown
  readonly cause?: SystemError | null
}

const transportFailure = (error: unknown): EndpointFailure => {
  const thrown = error as SystemError | null | undefined
  try {
    const connected = [thrown, thrown?.cause].every(
      (one) =>
        !connectErrors.has(String(one?.code)) ||
        one?.syscall === 'read' ||
        one?.syscall === 'write',
    )
    return { code: 'accounts-server-unreachable', mayHaveBeenSent: connected }
  } catch {
    // A `fetch` of the app's own can throw what cannot be read.
    return { code: 'accounts-server-unreachable', mayHaveBeenSent: true }
  }
}

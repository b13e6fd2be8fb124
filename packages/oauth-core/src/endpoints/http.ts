import type { MonotonicClock } from '../config/host.ts'
import type { DataCenter } from '../domain/data-centers.ts'
import type { Secret } from '../domain/secret.ts'
import { withDeadline } from '../internal/async.ts'
import { EndpointError, type EndpointFailure, type Outcome, type ParseResult } from './outcome.ts'
import { isProxyRefusal, wasNeverSent } from './transport-errors.ts'
import { withoutSecrets } from './zoho-error.ts'

/** The part of `fetch` that this library uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Everything that one call to an endpoint needs. */
export interface EndpointCall {
  readonly fetch: Fetch
  readonly monotonic: MonotonicClock
  readonly clientId: string
  /** The data center's client secrets: the current one first, at most two. */
  readonly secrets: readonly Secret[]
  readonly dataCenter: DataCenter
  /**
   * Time limit for the whole call: all its requests, until the last response is read to its end.
   */
  readonly deadlineMs: number
}

/** A response whose body was read to its end. */
export interface EndpointResponse {
  readonly status: number
  readonly text: string
  /** The header `Retry-After`. */
  readonly retryAfter: string | null
  /** The header `Date`, the sender's clock. */
  readonly date?: string | null
}

const maxResponseBytes = 65_536

/**
 * Sends one POST to an accounts server. All parameters are in the body, urlencoded (RFC 6749,
 * 4.1.3; OAuth 2.1, 2.4.1). Zoho's pages show secrets and tokens in the query, where servers and
 * proxies log them.
 */
export const post = async <T>(
  { fetch, dataCenter, deadlineMs, secrets }: EndpointCall,
  path: string,
  parameters: Readonly<Record<string, string>>,
  parse: (response: EndpointResponse) => ParseResult<T>,
  authorization?: string,
): Promise<Outcome<T>> => {
  const url = dataCenter.accountsServer + path
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...(authorization !== undefined && { authorization }),
  }
  try {
    // A `Blob` has its own content type, and Deno sends such a request only once. If the body was a
    // string, Deno would repeat the request when a kept-alive connection breaks, and would send a
    // one-time code twice.
    const body = await new Response(new URLSearchParams(parameters)).blob()
    const response = await send(fetch, url, { method: 'POST', headers, body }, deadlineMs)
    const sentSecrets = [
      ...secrets.map((secret) => secret.reveal()),
      ...secretParameters.flatMap((name) => parameters[name] ?? []),
      ...(authorization === undefined ? [] : [authorization]),
    ]
    return { ...protectSecrets(parse(response), sentSecrets), calls: 1 }
  } catch (error) {
    const failure: EndpointFailure =
      error instanceof EndpointError
        ? error.failure
        : { reason: 'malformed_response', requestMayHaveBeenSent: true }
    return { ok: false, failure, calls: 1 }
  }
}

/** Parameters of token and revocation requests that must not appear in a log. */
const secretParameters = ['code', 'code_verifier', 'client_secret', 'refresh_token', 'token']

/** Removes Zoho's word for the error if it repeats a secret of the request. */
const protectSecrets = <T>(
  result: ParseResult<T>,
  sentSecrets: readonly string[],
): ParseResult<T> => {
  if (result.ok) return result
  const { zohoError: received, ...failure } = result.failure
  const zohoError = withoutSecrets(received, sentSecrets)
  return { ok: false, failure: zohoError === undefined ? failure : { ...failure, zohoError } }
}

/**
 * Sends one request and reads the whole response, at most 64 KiB, within `deadlineMs`. It follows
 * no redirect, because 307 and 308 would send the secret to another address.
 * @throws only `EndpointError`
 */
export const send = async (
  fetch: Fetch,
  url: string,
  init: RequestInit,
  deadlineMs: number,
): Promise<EndpointResponse> => {
  const controller = new AbortController()
  const onTimeout = (): never => {
    controller.abort()
    throw new EndpointError({ reason: 'timed_out', requestMayHaveBeenSent: true })
  }
  const request = fetchResponse(fetch, url, {
    ...init,
    redirect: 'manual',
    signal: controller.signal,
  })
  try {
    return await withDeadline(request, deadlineMs, onTimeout)
  } catch (error) {
    throw isEndpointError(error) ? error : new EndpointError(transportFailure(error))
  }
}

const isEndpointError = (error: unknown): error is EndpointError => {
  try {
    return error instanceof EndpointError
  } catch {
    return false // A proxy can throw here.
  }
}

const fetchResponse = async (
  fetch: Fetch,
  url: string,
  init: RequestInit,
): Promise<EndpointResponse> => {
  const response = await fetch(url, init)
  const { status } = response
  if (isRedirect(response)) {
    await discard(response)
    throw new EndpointError({ reason: 'redirected', status, requestMayHaveBeenSent: true })
  }
  const bytes = await readBounded(response)
  const endpointResponse = bytes && toEndpointResponse(response, status, bytes)
  if (!endpointResponse)
    throw new EndpointError({ reason: 'malformed_response', status, requestMayHaveBeenSent: true })
  return endpointResponse
}

/**
 * `undefined` if the body is not UTF-8, or if the app's own `fetch` returned no real `Response`.
 */
const toEndpointResponse = (
  response: Response,
  status: number,
  bytes: Uint8Array<ArrayBuffer>,
): EndpointResponse | undefined => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const { headers } = response
    return { status, text, retryAfter: headers.get('retry-after'), date: headers.get('date') }
  } catch {
    return undefined
  }
}

/**
 * The statuses that `fetch` follows (Fetch standard, "redirect status"). A 300, 304 or 305 is a
 * response like any other.
 */
const redirectStatuses = new Set([301, 302, 303, 307, 308])

/**
 * Is the response a redirect that was not followed? Some runtimes return a redirect with its
 * status, others as an opaque response with status 0.
 */
export const isRedirect = ({ status }: Response): boolean =>
  status === 0 || redirectStatuses.has(status)

/** Cancels the body of a response that nobody reads. */
export const discard = async (response: Response): Promise<void> => {
  await response.body?.cancel().catch(() => {})
}

/** The body of a response; `undefined` if it is longer than 64 KiB. The rest is then cancelled. */
const readBounded = async (response: Response): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const bytes = new Uint8Array(maxResponseBytes)
  const reader = response.body?.getReader()
  if (!reader) return bytes.subarray(0, 0)
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return bytes.subarray(0, length)
    if (length + value.length > maxResponseBytes) {
      await reader.cancel()
      return undefined
    }
    bytes.set(value, length)
    length += value.length
  }
}

const transportFailure = (error: unknown): EndpointFailure =>
  isProxyRefusal(error)
    ? { reason: 'proxy_authentication_required', requestMayHaveBeenSent: false }
    : { reason: 'unreachable', requestMayHaveBeenSent: !wasNeverSent(error) }

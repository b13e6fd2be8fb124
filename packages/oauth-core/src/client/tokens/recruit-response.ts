import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { discard, isRedirect } from '../../endpoints/http.ts'
import { invalidOption } from '../../config/invalid-option.ts'
import { isTokenRejection } from './token-rejection.ts'

/**
 * Headers that `stripHeaders` removes. They describe the connection to Zoho or a content encoding
 * that was decoded already, or they are meant for Zoho's own site.
 */
const strippedHeaders = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'set-cookie',
  'strict-transport-security',
]

/**
 * Removes `strippedHeaders`, so that an app can send the response to a browser unchanged:
 * `(c) => c.var.zoho.fetch('Candidates')`. `Content-Length` stays if the body was not decoded.
 */
const stripHeaders = (received: Headers): Headers => {
  const headers = new Headers(received)
  if (headers.has('content-encoding')) headers.delete('content-length')
  for (const name of strippedHeaders) headers.delete(name)
  return headers
}

/** Is it a web stream, or a Node stream as from HTTP clients other than the platform's `fetch`? */
const isBody = (body: unknown): boolean =>
  body === null ||
  body === undefined ||
  (typeof body === 'object' && ('getReader' in body || Symbol.asyncIterator in body))

/** Responses with these statuses have no body (Fetch standard, "null body status"). */
const nullBodyStatuses = new Set([204, 205, 304])

/** The request that a response answers. */
export interface SentRequest {
  readonly method: string
  readonly href: string
  readonly dataCenter: string
  /** The URLs of the servers that may receive the access token. */
  readonly ownServers: readonly string[]
}

/**
 * Would a redirect carry the access token to another server, if it was followed? Without
 * `Location`, or with one at the own servers, it is a response like any other.
 */
const leadsElsewhere = (response: Response, { href, ownServers }: SentRequest): boolean => {
  if (!isRedirect(response)) return false
  const location = response.headers.get('location')
  if (response.status !== 0 && location === null) return false
  const target = location === null ? null : URL.parse(location, href)
  return !target || !ownServers.some((own) => target.href.startsWith(`${own}/`))
}

/** Methods that can be sent twice with the effect of once (RFC 9110, 9.2.2). */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

export const isIdempotent = (method: string): boolean => idempotentMethods.has(method)

/**
 * The error for a request whose response was lost. If the method is not idempotent, sending the
 * request again could create a second record.
 */
export const lostResponse = (
  { method, dataCenter }: SentRequest,
  zohoStatus?: number,
): RecruitOAuthError => {
  if (!isIdempotent(method))
    return new RecruitOAuthError('recruit-outcome-unknown', { dataCenter, zohoStatus })
  return new RecruitOAuthError('recruit-unreachable', {
    dataCenter,
    zohoStatus,
    summary: 'The connection to the Recruit API broke before its response arrived.',
    hint: 'Call again.',
  })
}

/**
 * Copies Zoho's response into a new `Response`. Servers and proxies can send a status or a text
 * that a `Response` cannot have.
 * @param dangerousResponse the result of the platform's `fetch`, or of the app's own
 * @throws `redirect-refused`, `proxy-authentication-required`, `response-malformed`,
 * `recruit-outcome-unknown`, `configuration-invalid`
 */
export const toResponse = async (
  dangerousResponse: unknown,
  sent: SentRequest,
): Promise<Response> => {
  const { dataCenter } = sent
  try {
    const response = dangerousResponse as Response
    const { status, body, headers, statusText } = response
    const isResponse =
      typeof status === 'number' && typeof headers.get === 'function' && isBody(body)
    if (!isResponse) throw notAResponse()
    if (leadsElsewhere(response, sent)) {
      await discard(response)
      throw new RecruitOAuthError('redirect-refused', { dataCenter })
    }
    if (status === 407) throw new RecruitOAuthError('proxy-authentication-required', { dataCenter })
    const isStatus = Number.isInteger(status) && status >= 200 && status <= 599
    if (!isStatus) throw invalidStatus(sent, status)
    return new Response(nullBodyStatuses.has(status) ? null : body, {
      status,
      statusText: reasonPhrase(statusText),
      headers: stripHeaders(headers),
    })
  } catch (error) {
    throw isRecruitOAuthError(error) ? error : notAResponse()
  }
}

const invalidStatus = (sent: SentRequest, status: number): RecruitOAuthError => {
  const zohoStatus = Number.isInteger(status) ? status : undefined
  return isIdempotent(sent.method)
    ? new RecruitOAuthError('response-malformed', { dataCenter: sent.dataCenter, zohoStatus })
    : lostResponse(sent, zohoStatus)
}

const notAResponse = (): RecruitOAuthError =>
  invalidOption('fetch', 'must resolve with a `Response` whose body is unread')

/** A reason phrase with other characters is dropped: programs ignore it (RFC 9112, 4). */
const reasonPhrase = (dangerousText: unknown): string =>
  typeof dangerousText === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(dangerousText)
    ? dangerousText
    : ''

/** A response whose body is unread, and what it says about the access token. */
export interface PeekedResponse {
  readonly response: Response
  readonly isTokenRejected: boolean
}

/** An error of the API is shorter than this. */
const maxErrorBytes = 4_096

const errorTypes = /^(?:application|text)\/(?:json|xml)\s*(?:;|$)/i

/**
 * Can the body be an error that says that the token was refused? Usually the status is 401. Clients
 * of other Zoho products met 200 and 400, too. A body with `Content-Disposition` is a file, and is
 * not read here.
 */
const mayBeRejection = ({ status, headers }: Response): boolean => {
  if (status === 401) return true
  if (status !== 200 && status !== 400) return false
  const isError =
    !headers.has('content-disposition') && errorTypes.test(headers.get('content-type') ?? '')
  return isError && Number(headers.get('content-length') ?? 0) <= maxErrorBytes
}

/**
 * Reads the beginning of the body, and returns an unread copy of the response. The status is not
 * enough: Zoho also answers 401 if scopes are missing, and a new token would not help then. The
 * response to HEAD has no body, so there the status has to be enough.
 */
export const peekRejection = async (
  response: Response,
  sent: SentRequest,
): Promise<PeekedResponse> => {
  const { status, statusText, headers, body } = response
  if (!mayBeRejection(response)) return { response, isTokenRejected: false }
  if (!body) return { response, isTokenRejected: status === 401 && sent.method === 'HEAD' }
  const [peeked, rest] = body.tee()
  const unread = new Response(rest, { status, statusText, headers })
  try {
    const text = await readShortText(peeked)
    return {
      response: unread,
      isTokenRejected: text !== undefined && isTokenRejection(status, text),
    }
  } catch {
    if (status === 401) throw refusedButLost(sent)
    if (!isIdempotent(sent.method)) throw lostResponse(sent, status)
    // The caller meets the failure in the body.
    return { response: unread, isTokenRejected: false }
  }
}

/** With status 401, Zoho did nothing, so the call can be repeated whatever its method is. */
const refusedButLost = ({ dataCenter }: SentRequest): RecruitOAuthError =>
  new RecruitOAuthError('recruit-unreachable', {
    dataCenter,
    zohoStatus: 401,
    summary: 'The Recruit API refused the call, and the connection broke inside of its response.',
    hint: 'Call again.',
  })

/** The whole text of a stream; `undefined` if it is longer than an error of the API. */
const readShortText = async (
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string | undefined> => {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let length = 0
  let text = ''
  while (true) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    length += value.length
    text += decoder.decode(value, { stream: true })
    if (length > maxErrorBytes) {
      // Not awaited: it settles only after the other branch of the body has ended, too.
      void reader.cancel().catch(() => {})
      return undefined
    }
  }
}

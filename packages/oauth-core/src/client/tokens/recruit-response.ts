import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { parseJsonObject } from '../../internal/json.ts'
import { isRedirect, readBounded } from '../../endpoints/http.ts'
import { invalidOption } from '../../config/invalid-option.ts'

/**
 * Headers that `stripHeaders` removes. They describe the connection to Zoho or a content encoding
 * that was decoded already, or they are meant for Zoho's own site.
 */
const strippedHeaders = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'content-length',
  'set-cookie',
  'strict-transport-security',
]

/**
 * Removes `strippedHeaders`, so that an app can send the response to a browser unchanged:
 * `(c) => c.var.zoho.fetch('Candidates')`.
 */
const stripHeaders = (received: Headers): Headers => {
  const headers = new Headers(received)
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

/**
 * Copies Zoho's response into a new `Response`. Servers and proxies can send a status or a text
 * that a `Response` cannot have.
 * @param dangerousResponse the result of the platform's `fetch`, or of the app's own
 * @throws `redirect-refused`, `response-malformed`, `configuration-invalid`
 */
export const toResponse = async (
  dangerousResponse: unknown,
  dataCenter: string,
): Promise<Response> => {
  try {
    const response = dangerousResponse as Response
    const { status, body, headers, statusText } = response
    const isResponse =
      typeof status === 'number' && typeof headers.get === 'function' && isBody(body)
    if (!isResponse) throw notAResponse()
    if (await isRedirect(response)) throw new RecruitOAuthError('redirect-refused', { dataCenter })
    const isStatus = Number.isInteger(status) && status >= 200 && status <= 599
    if (!isStatus)
      throw new RecruitOAuthError('response-malformed', {
        dataCenter,
        ...(Number.isInteger(status) && { zohoStatus: status }),
      })
    return new Response(nullBodyStatuses.has(status) ? null : body, {
      status,
      statusText: reasonPhrase(statusText),
      headers: stripHeaders(headers),
    })
  } catch (error) {
    throw isRecruitOAuthError(error) ? error : notAResponse()
  }
}

const notAResponse = (): RecruitOAuthError =>
  invalidOption('fetch', 'must resolve with a `Response` whose body is unread')

/** A reason phrase with other characters is dropped: programs ignore it (RFC 9112, 4). */
const reasonPhrase = (dangerousText: unknown): string =>
  typeof dangerousText === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(dangerousText)
    ? dangerousText
    : ''

const tokenRejectionCodes = new Set<unknown>(['INVALID_TOKEN', 'AUTHENTICATION_FAILURE'])

/**
 * Reads the error code in the body of a 401, and returns an unread copy of the response. The status
 * is not enough: Zoho also answers 401 if scopes are missing, and a new token would not help then.
 */
export const peekRejection = async (
  response: Response,
  dataCenter: string,
): Promise<{ readonly response: Response; readonly isTokenRejected: boolean }> => {
  const { status, statusText, headers } = response
  const bytes = await readBounded(response).catch(() => {
    throw new RecruitOAuthError('recruit-unreachable', { dataCenter })
  })
  if (!bytes) throw new RecruitOAuthError('response-malformed', { dataCenter, zohoStatus: status })
  const body = parseJsonObject(new TextDecoder().decode(bytes))
  return {
    response: new Response(bytes, { status, statusText, headers }),
    isTokenRejected: tokenRejectionCodes.has(body?.('code')),
  }
}

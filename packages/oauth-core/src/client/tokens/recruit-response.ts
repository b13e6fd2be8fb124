import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { parseJsonObject } from '../../internal/json.ts'
import { isRedirect, readBounded } from '../../endpoints/http.ts'
import { invalidOption } from '../../config/invalid-option.ts'

/**
 * Headers that speak of the connection to Zoho, of an encoding that is undone by now, or for Zoho's
 * own site.
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

/** What is left can be handed on to a browser as it is: `(c) => c.var.zoho.fetch('Candidates')`. */
const hiddenHeaders = (received: Headers): Headers => {
  const headers = new Headers(received)
  for (const name of strippedHeaders) headers.delete(name)
  return headers
}

/** A web stream, or a stream of Node, which clients beside the platform's `fetch` give. */
const isBody = (body: unknown): boolean =>
  body === null ||
  body === undefined ||
  (typeof body === 'object' && ('getReader' in body || Symbol.asyncIterator in body))

/** Answers of these statuses have no body (Fetch standard, "null body status"). */
const nullBody = new Set([204, 205, 304])

/**
 * Zoho's answer as a `Response` of our own. Servers and proxies can send what no `Response`
 * represents.
 * @param dangerousResponse what the platform's `fetch`, or the app's own, resolved with
 * @throws `redirect-refused`, `answer-malformed`, `configuration-invalid`
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
      throw new RecruitOAuthError('answer-malformed', {
        dataCenter,
        ...(Number.isInteger(status) && { zohoStatus: status }),
      })
    return new Response(nullBody.has(status) ? null : body, {
      status,
      statusText: reasonPhrase(statusText),
      headers: hiddenHeaders(headers),
    })
  } catch (error) {
    throw isRecruitOAuthError(error) ? error : notAResponse()
  }
}

const notAResponse = (): RecruitOAuthError =>
  invalidOption('fetch', 'must resolve with a `Response` whose body is unread')

/** A reason phrase in another encoding is dropped: it means nothing to a program (RFC 9112, 4). */
const reasonPhrase = (dangerousText: unknown): string =>
  typeof dangerousText === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(dangerousText)
    ? dangerousText
    : ''

const tokenRejectionCodes = new Set<unknown>(['INVALID_TOKEN', 'AUTHENTICATION_FAILURE'])

/**
 * Reads what a 401 says and gives it back unread. Missing scopes are a 401 too, and no new token
 * helps there.
 */
export const peekRejection = async (
  response: Response,
  dataCenter: string,
): Promise<{ response: Response; tokenRejected: boolean }> => {
  const { status, statusText, headers } = response
  const bytes = await readBounded(response).catch(() => {
    throw new RecruitOAuthError('recruit-unreachable', { dataCenter })
  })
  if (!bytes) throw new RecruitOAuthError('answer-malformed', { dataCenter, zohoStatus: status })
  const copy = new Response(bytes, { status, statusText, headers })
  return {
    response: copy,
    tokenRejected: tokenRejectionCodes.has(
      parseJsonObject(new TextDecoder().decode(bytes))?.('code'),
    ),
  }
}

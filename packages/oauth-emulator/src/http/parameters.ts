import { BadRequest, readBody } from './body.ts'

/** Parameters by name. No parameter is repeated. */
export type Parameters = ReadonlyMap<string, string>

/** The parameters of the query. */
export function queryParameters(request: Request): Parameters {
  return toParameters(parseUrlEncoded(new URL(request.url).search.slice(1)))
}

/**
 * The parameters of the query and of the body together. Zoho's documentation sends them in the
 * query (https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html), Recruit's documentation
 * as multipart form data, and most clients URL-encoded in the body. A body of another type has no
 * parameters. A repeated parameter is refused (RFC 6749 section 3.2; unverified for Zoho). The
 * result is cached per request, because a body can be read only once.
 */
export function allParameters(request: Request): Promise<Parameters> {
  const known = parameterCache.get(request) ?? readParameters(request)
  parameterCache.set(request, known)
  return known
}

const parameterCache = new WeakMap<Request, Promise<Parameters>>()

async function readParameters(request: Request): Promise<Parameters> {
  const query = parseUrlEncoded(new URL(request.url).search.slice(1))
  return toParameters([...query, ...(await bodyParameters(request))])
}

async function bodyParameters(request: Request): Promise<[string, string][]> {
  const body = await readBody(request)
  const contentType = request.headers.get('content-type') ?? ''
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase()
  if (mediaType === 'application/x-www-form-urlencoded') return parseUrlEncoded(decodeText(body))
  if (mediaType === 'multipart/form-data') return parseMultipart(body, contentType)
  return []
}

/** Unlike URLSearchParams, it refuses invalid percent-encoding. */
function parseUrlEncoded(text: string): [string, string][] {
  const pairs = text.split('&').filter((pair) => pair !== '')
  return pairs.map((pair) => {
    const equals = pair.indexOf('=')
    return equals < 0
      ? [decodePart(pair), '']
      : [decodePart(pair.slice(0, equals)), decodePart(pair.slice(equals + 1))]
  })
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    throw new BadRequest('A parameter has invalid percent-encoding, or bytes that are not UTF-8.')
  }
}

/**
 * Reads a multipart body with files of at most `limitBytes` together.
 *
 * @throws {BadRequest} for another body
 */
export async function readForm(request: Request, limitBytes: number): Promise<FormData> {
  const contentType = request.headers.get('content-type') ?? ''
  // The boundaries and the headers of the parts need some space, too.
  const body = await readBody(request, limitBytes + 64 * 1024)
  if (!contentType.toLowerCase().startsWith('multipart/form-data'))
    throw new BadRequest('The body is not multipart/form-data.')
  return parseForm(body, contentType)
}

async function parseForm(body: Uint8Array<ArrayBuffer>, contentType: string): Promise<FormData> {
  try {
    return await new Response(body, { headers: { 'content-type': contentType } }).formData()
  } catch {
    throw new BadRequest('The multipart body cannot be read.')
  }
}

async function parseMultipart(
  body: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<[string, string][]> {
  return [...(await parseForm(body, contentType))].map(([name, value]) => {
    if (typeof value !== 'string') throw new BadRequest('A parameter was sent as a file.')
    return [name, value]
  })
}

/**
 * Decodes UTF-8.
 *
 * @throws {BadRequest} for invalid UTF-8
 */
export function decodeText(bytes: Uint8Array, subject = 'The body'): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BadRequest(`${subject} is not UTF-8.`)
  }
}

/** Refuses a repeated name. */
function toParameters(pairs: readonly [string, string][]): Parameters {
  const parameters = new Map<string, string>()
  for (const [name, value] of pairs) {
    if (parameters.has(name)) throw new BadRequest('A parameter was sent twice.')
    parameters.set(name, value)
  }
  return parameters
}

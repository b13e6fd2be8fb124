import { isFromBrowser } from '../access/origin.ts'
import { BadRequest, readBody } from '../http/body.ts'
import { decodeText } from '../http/parameters.ts'

/**
 * Parses the JSON object in a body. An empty body counts as `{}`. A browser must also send the JSON
 * content type, which forms of other websites cannot send. The content type of other clients is
 * ignored, because curl sends its own.
 *
 * @throws {BadRequest} for other JSON, and for a field that is not in `fields`
 */
export async function readJsonObject(
  request: Request,
  fields: readonly string[] | 'any',
): Promise<Readonly<Record<string, unknown>>> {
  const text = decodeText(await readBody(request))
  if (text !== '' && isFromBrowser(request) && !declaresJson(request)) {
    const hint = 'send it with Content-Type: application/json.'
    throw new BadRequest(`The body is not declared as JSON: ${hint}`, 415)
  }
  const value = text.trim() === '' ? {} : parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadRequest('The body is not a JSON object: send one, such as {}.')
  }
  if (fields === 'any') return value as Readonly<Record<string, unknown>>
  const unknown = Object.keys(value).find((name) => !fields.includes(name))
  if (unknown !== undefined) {
    const hint = fields.length === 0 ? 'send {}' : `use ${fields.join(', ')}`
    throw new BadRequest(`The field ${JSON.stringify(unknown)} is unknown: ${hint}.`)
  }
  return value as Readonly<Record<string, unknown>>
}

function declaresJson({ headers }: Request): boolean {
  const mediaType = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  return mediaType === 'application/json'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BadRequest('The body is not JSON: send an object, such as {}.')
  }
}

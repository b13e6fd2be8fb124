import { isFromBrowser } from '../access/origin.ts'
import { BadRequest, readBody } from '../http/body.ts'
import { decodeText } from '../http/parameters.ts'

/**
 * The JSON object in a body; an empty body is `{}`. Anything else, or a field that is not one of
 * `fields`, is a BadRequest. A browser must also declare JSON: forms cannot. The type that curl
 * sends on its own does not matter.
 */
export async function readJsonObject(
  request: Request,
  fields: readonly string[] | 'any',
): Promise<Readonly<Record<string, unknown>>> {
  const text = decodeText(await readBody(request))
  if (text !== '' && isFromBrowser(request) && !declaresJson(request)) {
    const cure = 'send it with Content-Type: application/json.'
    throw new BadRequest(`The body is not declared as JSON: ${cure}`, 415)
  }
  const value = text.trim() === '' ? {} : parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadRequest('The body is not a JSON object: send one, such as {}.')
  }
  if (fields === 'any') return value as Readonly<Record<string, unknown>>
  const unknown = Object.keys(value).find((name) => !fields.includes(name))
  if (unknown !== undefined) {
    const cure = fields.length === 0 ? 'send {}' : `use ${fields.join(', ')}`
    throw new BadRequest(`The field ${JSON.stringify(unknown)} is unknown here: ${cure}.`)
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

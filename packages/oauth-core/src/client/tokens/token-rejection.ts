import { ownProperties, type PropertyReader } from '../../internal/json.ts'

/**
 * Codes for an access token that has expired or was revoked. Clients of Recruit met the first two,
 * with status 401. The others come from clients of other Zoho products.
 */
const rejectionCodes = new Set<unknown>([
  'INVALID_TOKEN',
  'AUTHENTICATION_FAILURE',
  'INVALID_OAUTHTOKEN',
  '4834',
  4834,
])

/** The members of an error of the Recruit API. A record has other members, such as `id`. */
const errorMembers = new Set(['code', 'errorCode', 'message', 'details', 'status', 'data', 'error'])

/**
 * Does the body of a response say that the access token was refused? With status 401 the codes in
 * the body decide. With another status, the whole body must have the form of an error, because
 * a customer's record can contain the same words.
 */
export const isTokenRejection = (status: number, text: string): boolean => {
  if (text.trimStart().startsWith('<')) return isXmlRejection(text)
  const body = parseJson(text)
  if (status !== 401 && !isErrorBody(body)) return false
  const codes = codesOf(body)
  return codes.length > 0 && codes.every((code) => rejectionCodes.has(code))
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The XML form of the v1 API: `<response uri="…"><error><code>4834</code>…`. The error is the first
 * element of the response, so it is not part of a record.
 */
const isXmlRejection = (text: string): boolean =>
  xmlRejection.test(text.replace(/^\s*<\?xml[^>]{0,100}\?>/, ''))

const xmlRejection = /^\s*<response\b[^>]{0,500}>\s*<error>\s*<code>\s*4834\s*<\/code>/

/** The codes in the places where Zoho's products put them. */
const codesOf = (body: unknown): unknown[] => {
  const members = ownProperties(body)
  if (!members) return []
  const data = members('data')
  const entries = Array.isArray(data) ? data : [data]
  const places = [members, ...entries.map(ownProperties), v1ErrorOf(members)]
  return places.flatMap((place) => codeOf(place) ?? [])
}

const codeOf = (members: PropertyReader | undefined): unknown =>
  members?.('code') ?? members?.('errorCode') ?? undefined

/** The JSON form of the v1 API: `{"response":{"error":{"code":"4834",…},"uri":"…"}}`. */
const v1ErrorOf = (members: PropertyReader): PropertyReader | undefined =>
  ownProperties(ownProperties(members('response'))?.('error'))

/** Has the body, and each entry of its `data`, only members of an error? */
const isErrorBody = (body: unknown): boolean => {
  const members = ownProperties(body)
  if (!members) return false
  if (v1ErrorOf(members)) return Object.keys(body as object).length === 1
  const data = members('data')
  const entries = Array.isArray(data) ? data : [data ?? {}]
  return [body, ...entries].every(hasOnlyErrorMembers)
}

const hasOnlyErrorMembers = (value: unknown): boolean =>
  ownProperties(value) !== undefined &&
  Object.keys(value as object).every((name) => errorMembers.has(name))

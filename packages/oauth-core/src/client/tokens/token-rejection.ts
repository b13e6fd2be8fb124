import { ownProperties, type PropertyReader } from '../../internal/json.ts'

/**
 * Codes for an access token that has expired or was revoked. Clients of Recruit met the first one,
 * and with status 401 also `AUTHENTICATION_FAILURE`. The others come from clients of other Zoho
 * products.
 */
const rejectionCodes = new Set<unknown>(['INVALID_TOKEN', 'INVALID_OAUTHTOKEN', '4834', 4834])

const mayContainCode = /INVALID_(?:OAUTH)?TOKEN|AUTHENTICATION_FAILURE|4834/

/** The members of an error of the Recruit API. A record has other members, such as `id`. */
const errorMembers = ['code', 'errorCode', 'message', 'details', 'status', 'data', 'error']

/**
 * Does the body of a response say that the access token was refused? With status 401 the codes in
 * the body decide. With another status, the whole body must have the form of an error, because a
 * customer's record can contain the same words.
 */
export const isTokenRejection = (status: number, text: string): boolean => {
  // Most responses are records: they are not parsed.
  if (!mayContainCode.test(text)) return false
  if (text.trimStart().startsWith('<')) return isXmlRejection(text)
  const body = parseJson(text)
  if (status !== 401 && !isErrorBody(body)) return false
  const codes = codesOf(body)
  const isRejection = (code: unknown) =>
    rejectionCodes.has(code) || (status === 401 && code === 'AUTHENTICATION_FAILURE')
  return codes.length > 0 && codes.every(isRejection)
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The XML form of the v1 API: `<response uri="…"><error><code>4834</code><message>…`. The response
 * has nothing else, so the error is not part of a record.
 */
const isXmlRejection = (text: string): boolean => {
  const withoutDeclaration = text.replace(/^\s*<\?xml[^>]{0,100}\?>/, '').trim()
  return (
    /^<response\b[^>]{0,500}>\s*<error>\s*<code>\s*4834\s*<\/code>/.test(withoutDeclaration) &&
    /<\/error>\s*<\/response>$/.test(withoutDeclaration)
  )
}

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
  members?.('code') ?? members?.('errorCode')

/** The JSON form of the v1 API: `{"response":{"error":{"code":"4834",…},"uri":"…"}}`. */
const v1ErrorOf = (members: PropertyReader): PropertyReader | undefined =>
  ownProperties(ownProperties(members('response'))?.('error'))

/** Has the body, and each entry of its `data`, only members of an error? */
const isErrorBody = (body: unknown): boolean => {
  const members = ownProperties(body)
  if (!members) return false
  const { response } = body as { response?: unknown }
  if (v1ErrorOf(members)) return hasOnly(body, ['response']) && hasOnly(response, ['error', 'uri'])
  const data = members('data')
  const entries = Array.isArray(data) ? data : [data ?? {}]
  return [body, ...entries].every((value) => hasOnly(value, errorMembers) && isBare(value))
}

const hasOnly = (value: unknown, names: readonly string[]): boolean =>
  ownProperties(value) !== undefined &&
  Object.keys(value as object).every((name) => names.includes(name))

/** The error of a refused token has no details. The result of a function has some. */
const isBare = (value: unknown): boolean =>
  Object.keys(Object(ownProperties(value)?.('details') ?? {}) as object).length === 0

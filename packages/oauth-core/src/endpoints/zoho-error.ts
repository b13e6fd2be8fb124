import { isWellFormed } from '../internal/text.ts'

/** The longest word that is kept. */
const maxLength = 64

/**
 * Zoho's word for an error, for the developer's log: the characters that RFC 6749, 4.1.2.1 allows
 * for `error`, at most 64 of them. `undefined` if nothing is left.
 */
export const toZohoError = (dangerousError: unknown): string | undefined => {
  if (typeof dangerousError !== 'string') return undefined
  const word = removeOtherCharacters(dangerousError.slice(0, 1_000))
  return word.slice(0, maxLength).trim() || undefined
}

const removeOtherCharacters = (text: string): string =>
  text.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '')

/**
 * Drops a text that contains a secret, or a part of one. A server, a proxy or a link can repeat
 * what it knows.
 */
export const withoutSecrets = (
  text: string | undefined,
  secrets: readonly string[],
): string | undefined => {
  if (text === undefined) return undefined
  const spellings = secrets.flatMap((secret) => [
    secret,
    // A text that is not well-formed cannot be encoded.
    ...(isWellFormed(secret) ? [encodeURIComponent(secret)] : []),
    removeOtherCharacters(secret),
  ])
  const isLeak = spellings.some(
    (secret) => secret !== '' && sharePart(text.toLowerCase(), secret.toLowerCase()),
  )
  return isLeak ? undefined : text
}

/** How many equal characters in a row count as a part of a secret. */
const partLength = 8

const sharePart = (text: string, secret: string): boolean => {
  if (secret.length < partLength) return text.includes(secret)
  for (let start = 0; start + partLength <= secret.length; start++) {
    if (text.includes(secret.slice(start, start + partLength))) return true
  }
  return false
}

/**
 * Values of the callback's `error` that mean a mistake in the configuration. After another value, a
 * new consent may succeed.
 */
const permanentErrors = new Set([
  'invalid_client',
  'invalid_redirect_uri',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_response_type',
])

export const isPermanentError = (zohoError: string | undefined): boolean =>
  zohoError !== undefined && permanentErrors.has(zohoError)

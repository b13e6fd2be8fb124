/** Where `returnTo` may lead. */
export interface ReturnToRule {
  /** The origin of `redirectUri`. */
  readonly appOrigin: string
  readonly trustedOrigins: readonly string[]
}

/** A `returnTo` after all checks, or what is wrong with it. */
export type ParsedReturnTo = { readonly returnTo: string } | { readonly problem: string }

/** Longer values are refused before they are parsed. The cookie has room for less. */
const maxLength = 4_000

/**
 * Parses a `returnTo`: a path of the app, or a URL at the app's origin or at one of the trusted
 * origins. The result is a path if it is at the app's origin, else a URL. Spaces and characters
 * outside ASCII are percent-encoded.
 *
 * Backslashes and control characters are refused, because browsers read or drop them in different
 * ways. The origin is compared after the value is resolved, and the path must not begin with `//`
 * then: `/..//evil.example` would resolve to such a path.
 * @param base the origin that a path belongs to, if it is not the app's own
 */
export const parseReturnTo = (
  dangerousReturnTo: unknown,
  { appOrigin, trustedOrigins }: ReturnToRule,
  base = appOrigin,
): ParsedReturnTo => {
  const problem = spellingProblem(dangerousReturnTo)
  if (problem !== undefined) return { problem }
  const url = URL.parse(dangerousReturnTo as string, base)
  if (!url) return { problem: 'is not a valid URL' }
  const { origin, pathname, search, hash, username, password, href } = url
  if (username || password) return { problem: 'has a user name or a password' }
  if (pathname.startsWith('//')) return { problem: 'has a path that begins with `//`' }
  if (origin === appOrigin) return { returnTo: pathname + search + hash }
  if (trustedOrigins.includes(origin)) return { returnTo: href }
  return { problem: "has another origin than the app's own and `trustedOrigins`" }
}

const spellingProblem = (value: unknown): string | undefined => {
  if (typeof value !== 'string') return 'must be a string'
  if (value.length > maxLength) return `has more than ${maxLength} characters`
  if (value.includes('\\')) return 'has a backslash'
  if (/[\x00-\x1f\x7f]/.test(value)) return 'has a control character, such as a line break'
  if (value.startsWith('//')) return 'begins with `//`, which names another host'
  const isPathOrUrl = value.startsWith('/') || /^https?:\/\/[^/]/i.test(value)
  return isPathOrUrl ? undefined : 'must be a path that begins with `/`, or an http or https URL'
}

/** Adds parameters to the query of a parsed `returnTo`. */
export const withQuery = (
  returnTo: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string => {
  const [, beforeHash = '', hash = ''] = /^([^#]*)(.*)$/.exec(returnTo) ?? []
  const query = queryOf(parameters)
  if (query === '') return returnTo
  return beforeHash + (beforeHash.includes('?') ? '&' : '?') + query + hash
}

/** The parameters that are not `undefined`, as a query without the question mark. */
export const queryOf = (parameters: Readonly<Record<string, string | undefined>>): string => {
  const known = Object.entries(parameters).filter(([, value]) => value !== undefined)
  return new URLSearchParams(known as [string, string][]).toString()
}

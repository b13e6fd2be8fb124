/**
 * The value of a cookie, `undefined` without one, and `'repeated'` where it came twice: a sibling host can add one of
 * the same name, and which comes first is its choice. Exact names; only spaces and tabs are trimmed (RFC 6265, 4.2.1).
 */
export const readCookie = (request: Request, name: string): { readonly value: string } | 'repeated' | undefined => {
  const [first, second] = pairsOf(request).filter((pair) => pair.startsWith(`${name}=`))
  if (second !== undefined) return 'repeated'
  return first === undefined ? undefined : { value: first.slice(name.length + 1) }
}

const pairsOf = ({ headers }: Request): string[] =>
  (headers.get('cookie') ?? '').split(';').map((pair) => pair.replace(/^[ \t]+/, '')) // Not behind it: a pattern for both ends takes quadratic time on blanks.

const mostBindings = 5

/** The binding cookies that make room for one more, cleared. Browsers send the oldest first (RFC 6265, 5.4). */
export const clearedForOneMore = (request: Request): string[] => {
  const names = pairsOf(request).flatMap((pair) => /^(?:__Host-)?zro-[\w-]{8}(?==)/.exec(pair) ?? [])
  return names.slice(0, 1 - mostBindings).map(clearedCookie)
}

/** Lax: the cookie must come along when Zoho sends the browser back. Ten minutes, as long as an authorization request. */
export const bindingCookie = (name: string, value: string): string => `${name}=${value}; Max-Age=600; ${attributesOf(name)}`

export const clearedCookie = (name: string): string => `${name}=; Max-Age=0; ${attributesOf(name)}`

const attributesOf = (name: string): string => `Path=/; HttpOnly; SameSite=Lax${name.startsWith('__Host-') ? '; Secure' : ''}`

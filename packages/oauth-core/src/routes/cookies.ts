/**
 * The value of a cookie, `undefined` without one, and `'repeated'` where it came twice: a sibling
 * host can add one of the same name, and which comes first is its choice. Exact names; only spaces
 * and tabs are trimmed (RFC 6265, 4.2.1).
 */
export const readCookie = (
  request: Request,
  name: string,
): { readonly value: string } | 'repeated' | undefined => {
  const [first, second] = pairsOf(request).filter((pair) => pair.startsWith(`${name}=`))
  if (second !== undefined) return 'repeated'
  return first === undefined ? undefined : { value: first.slice(name.length + 1) }
}

const pairsOf = ({ headers }: Request): string[] =>
  // Not behind it: a pattern for both ends takes quadratic time on blanks.
  (headers.get('cookie') ?? '').split(';').map((pair) => pair.replace(/^[ \t]+/, ''))

interface BindingCookie {
  readonly name: string
  readonly value: string
}

const maxBindingCookies = 5

/**
 * The binding cookies that make room for one more, cleared: five stay, and no more than 4 KiB of
 * them, because servers refuse requests with longer headers. Browsers send the oldest first (RFC
 * 6265, 5.4). Only those with the new one's prefix count: a sibling host can set others.
 */
export const clearedForOneMore = (request: Request, { name, value }: BindingCookie): string[] => {
  let room = 4_000 - value.length
  return pairsOf(request)
    .filter((pair) => pair.startsWith(name.slice(0, -8)) && pair.search('=') === name.length)
    .toReversed()
    .filter((pair, index) => (room -= pair.length) < 0 || index > maxBindingCookies - 2)
    .map((pair) => clearedCookie(pair.slice(0, name.length)))
}

/**
 * Lax: the cookie must come along when Zoho sends the browser back. Ten minutes, as long as an
 * authorization request.
 */
export const bindingCookie = ({ name, value }: BindingCookie): string =>
  `${name}=${value}; Max-Age=600; ${attributesOf(name)}`

export const clearedCookie = (name: string): string => `${name}=; Max-Age=0; ${attributesOf(name)}`

const attributesOf = (name: string): string =>
  `Path=/; HttpOnly; SameSite=Lax${name.startsWith('__Host-') ? '; Secure' : ''}`

/**
 * The value of a cookie, `undefined` without one, and `'repeated'` where it came twice: a sibling host can add one of
 * the same name, and which comes first is its choice. Exact names; only spaces and tabs are trimmed (RFC 6265, 4.2.1).
 */
export const readCookie = (request: Request, name: string): { readonly value: string } | 'repeated' | undefined => {
  const values = (request.headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+/, '')) // Not behind it: a pattern for both ends takes quadratic time on blanks.
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  if (values.length > 1) return 'repeated'
  return values[0] === undefined ? undefined : { value: values[0] }
}

/** Lax: the cookie must come along when Zoho sends the browser back. Ten minutes, as long as an authorization request. */
export const bindingCookie = (name: string, value: string): string => `${name}=${value}; Max-Age=600; ${attributesOf(name)}`

export const clearedCookie = (name: string): string => `${name}=; Max-Age=0; ${attributesOf(name)}`

const attributesOf = (name: string): string => `Path=/; HttpOnly; SameSite=Lax${name.startsWith('__Host-') ? '; Secure' : ''}`

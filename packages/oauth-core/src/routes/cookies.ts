import type { Configuration } from '../config/configure.ts'

/**
 * The value of a cookie. `'repeated'`: the browser sent the name twice. A sibling host can set a
 * cookie with the same name, and can choose which one comes first. Names are compared exactly. Only
 * spaces and tabs before a name are removed (RFC 6265, 4.2.1).
 */
export const readCookie = (
  request: Request,
  name: string,
): { readonly value: string } | 'repeated' | undefined => {
  const [first, second] = cookiesOf(request).filter((cookie) => cookie.startsWith(`${name}=`))
  if (second !== undefined) return 'repeated'
  return first === undefined ? undefined : { value: first.slice(name.length + 1) }
}

/** The cookies of a request, each as `name=value`. */
const cookiesOf = ({ headers }: Request): string[] => {
  const cookies = (headers.get('cookie') ?? '').split(';')
  // Blanks at the end are not trimmed: a pattern for both ends takes quadratic time.
  return cookies.map((cookie) => cookie.replace(/^[ \t]+/, ''))
}

interface BindingCookie {
  readonly name: string
  readonly value: string
}

const maxBindingCookies = 5
/** Servers refuse requests with long headers, often from 8 KiB, and the app has cookies too. */
const maxBindingBytes = 4_000
/** A binding cookie's name ends with this many characters of the hash of its state. */
const stateHashLength = 8

/**
 * Clears the oldest binding cookies, so that with the new one there are at most five of them, of
 * 4,000 bytes together. Browsers send the oldest cookie first (RFC 6265, 5.4). Only cookies with
 * the prefix of the new one count, because a sibling host can set others.
 */
export const clearOldBindings = (
  request: Request,
  { name, value }: BindingCookie,
  { cookieName, hasSecureCookies }: Configuration,
): string[] => {
  if (cookieName !== undefined) return [] // There is only one, and the new one replaces it.
  const prefix = name.slice(0, -stateHashLength)
  const newestFirst = cookiesOf(request)
    .filter((cookie) => cookie.startsWith(prefix) && cookie.indexOf('=') === name.length)
    .toReversed()
  const cleared: string[] = []
  let remainingBytes = maxBindingBytes - `${name}=${value}`.length
  for (const [index, cookie] of newestFirst.entries()) {
    remainingBytes -= cookie.length
    const isTooMany = index >= maxBindingCookies - 1
    if (isTooMany || remainingBytes < 0)
      cleared.push(clearedCookie(cookie.slice(0, name.length), hasSecureCookies))
  }
  return cleared
}

/**
 * The cookie of a new authorization request, valid for ten minutes like the request. `Lax`, because
 * the browser must send it when Zoho redirects back.
 */
export const bindingCookie = ({ name, value }: BindingCookie, isSecure: boolean): string =>
  `${name}=${value}; Max-Age=600; ${attributes(isSecure)}`

export const clearedCookie = (name: string, isSecure: boolean): string =>
  `${name}=; Max-Age=0; ${attributes(isSecure)}`

const attributes = (isSecure: boolean): string =>
  `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`

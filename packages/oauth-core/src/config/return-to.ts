/**
 * A path of this app to go back to, or `undefined` where the text is anything else. One leading
 * slash, no backslash, no control or non-ASCII character; and resolved it must stay on the origin,
 * with no path that begins `//` (`/..//evil.example` resolves to one).
 */
export const safeReturnTo = (dangerousReturnTo: unknown): string | undefined => {
  if (typeof dangerousReturnTo !== 'string' || dangerousReturnTo.length > 512) return undefined
  if (!/^\/(?![/\\])[!-[\]-~]*$/.test(dangerousReturnTo)) return undefined
  const origin = 'https://app.invalid'
  const url = URL.parse(dangerousReturnTo, origin)
  return url?.origin === origin && !url.pathname.startsWith('//')
    ? url.pathname + url.search + url.hash
    : undefined
}

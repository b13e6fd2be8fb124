/**
 * Returns the value if it is a path of this app; otherwise `undefined`. It must have one leading
 * slash, no backslash, and no control or non-ASCII character. After it is resolved, it must have
 * the same origin, and its path must not begin with `//`. `/..//evil.example` would resolve to such
 * a path.
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

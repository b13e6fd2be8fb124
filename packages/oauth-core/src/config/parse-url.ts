const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Is it a host of this very machine? Plain http is for these alone. */
const isLoopback = (hostname: string): boolean => loopback.test(hostname)

/** An absolute https address (http for a loopback host) without a user, or `undefined`. */
export const parseUrl = (value: unknown): URL | undefined => {
  if (typeof value !== 'string' || value.length > 2_048) return undefined
  try {
    const url = new URL(value)
    if (url.username || url.password) return undefined
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
      ? url
      : undefined
  } catch {
    return undefined // The platform's error would carry the whole address.
  }
}

/** Scheme, host and port in their one spelling, and nothing else. */
export const isOrigin = (value: unknown): value is string =>
  typeof value === 'string' && parseUrl(value)?.origin === value

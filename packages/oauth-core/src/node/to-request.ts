import type { IncomingMessage } from 'node:http'

export interface ToRequestOptions {
  /**
   * Scheme and host of the `Request`. The routes ignore both. They use only the path, the query,
   * the method and the headers.
   */
  readonly origin?: string
  /**
   * The path and query as they were sent, if the framework has shortened `message.url`: Koa's
   * `ctx.originalUrl`.
   */
  readonly originalUrl?: string
  /**
   * The path and query for the `Request`, if they are not the ones that were sent: Nest's routes
   * have the path that its router sees, after a parent app or a middleware has removed a prefix. If
   * the path that was sent is not normalized, it is still replaced by `/`.
   */
  readonly target?: string
}

/**
 * Converts a Node request into a web `Request` without a body. The routes read no body, so it does
 * not matter if a parser has consumed it. The host is not taken from the request, because the
 * client can send any host.
 *
 * A `Request` normalizes its path, and the app's router does not. So a path that would change is
 * replaced by `/`, and cannot become the path of a route. Examples are dot segments in any
 * spelling, backslashes, tabs, a fragment, an absolute URL, and bytes that should be
 * percent-encoded. Browsers do not send such paths.
 */
export const toRequest = (
  message: IncomingMessage,
  { origin = 'http://localhost', originalUrl = message.url, target }: ToRequestOptions = {},
): Request => {
  const headers = new Headers()
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index] as string
    const value = message.rawHeaders[index + 1] as string
    const isPseudoHeader = name.startsWith(':')
    if (!isPseudoHeader) headers.append(name, value)
  }
  // Express stores the original path on the message. This value is used first, because a Koa app
  // can be mounted in an Express app.
  const sent = (message as { originalUrl?: string }).originalUrl ?? originalUrl ?? '/'
  const used = target ?? sent
  const safeTarget = isNormalized(origin, sent) && isNormalized(origin, used) ? used : '/'
  return new Request(origin + safeTarget, { method: methodOf(message), headers })
}

const isNormalized = (origin: string, target: string): boolean => {
  const [path = ''] = target.split('?', 1)
  return path.startsWith('/') && URL.parse(origin + path)?.pathname === path
}

/**
 * `Request` throws for CONNECT, TRACE and TRACK, so they are replaced by OPTIONS. No route accepts
 * any of these methods.
 */
const methodOf = ({ method = 'GET' }: IncomingMessage): string =>
  /^(CONNECT|TRACE|TRACK)$/i.test(method) ? 'OPTIONS' : method

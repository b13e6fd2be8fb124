import type { IncomingMessage } from 'node:http'

export interface ToRequestOptions {
  /**
   * Scheme and host that the request is read against. Only its path, query, method and headers
   * matter to the routes.
   */
  readonly origin?: string
  /**
   * The path and query as they were sent, where a framework has shortened `message.url` and keeps
   * them elsewhere: Koa's `ctx.originalUrl`.
   */
  readonly originalUrl?: string
}

/**
 * A Node request as a web `Request`, without its body: the routes read none, so a body that a
 * parser has consumed already is no trouble. The host is not taken from the request, because a
 * stranger wrote it.
 *
 * A `Request` normalizes its path, and the app's router does not. So a target whose path would not
 * stay the same, byte for byte, is read as `/`: dot segments in any spelling, backslashes, tabs, a
 * fragment, an absolute URL, bytes that should have been percent-encoded. It can't look like one of
 * the routes, and browsers send none of these.
 */
export const toRequest = (
  message: IncomingMessage,
  { origin = 'http://localhost', originalUrl = message.url }: ToRequestOptions = {},
): Request => {
  const headers = new Headers()
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const [name, value] = [
      message.rawHeaders[index] as string,
      message.rawHeaders[index + 1] as string,
    ]
    if (!name.startsWith(':')) headers.append(name, value)
  }
  // Express keeps the path as it was sent on the message, and is asked first: a whole Koa app may
  // be mounted in it.
  const target = (message as { originalUrl?: string }).originalUrl ?? originalUrl ?? '/'
  const safeTarget = keepsItsPath(origin, target) ? target : '/'
  return new Request(origin + safeTarget, { method: methodOf(message), headers })
}

const keepsItsPath = (origin: string, target: string): boolean => {
  const [path = ''] = target.split('?', 1)
  return path.startsWith('/') && URL.parse(origin + path)?.pathname === path
}

/**
 * `Request` throws at three methods. No route answers to them, nor to what stands for them here.
 */
const methodOf = ({ method = 'GET' }: IncomingMessage): string =>
  /^(CONNECT|TRACE|TRACK)$/i.test(method) ? 'OPTIONS' : method

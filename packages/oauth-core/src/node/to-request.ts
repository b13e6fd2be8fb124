import type { IncomingMessage } from 'node:http'

export interface ToRequestOptions {
  /** Scheme and host that the request is read against. Only its path, query, method and headers matter to the routes. */
  readonly origin?: string
}

/**
 * A Node request as a web `Request`, without its body: the routes read none, so a body that a parser has consumed
 * already is no trouble. The host is not taken from the request, because a stranger wrote it.
 */
export const toRequest = (message: IncomingMessage, { origin = 'http://localhost' }: ToRequestOptions = {}): Request => {
  const headers = new Headers()
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const [name, value] = [message.rawHeaders[index] as string, message.rawHeaders[index + 1] as string]
    if (!name.startsWith(':')) headers.append(name, value)
  }
  // Express and Koa keep the path as it was sent in `originalUrl`; their mounts shorten `url`.
  const target = (message as { originalUrl?: string }).originalUrl ?? message.url ?? '/'
  const path = target.startsWith('/') ? target : '/'
  return new Request(origin + path, { method: methodOf(message), headers })
}

/** `Request` throws at three methods. No route answers to them, nor to what stands for them here. */
const methodOf = ({ method = 'GET' }: IncomingMessage): string => (/^(CONNECT|TRACE|TRACK)$/i.test(method) ? 'OPTIONS' : method)

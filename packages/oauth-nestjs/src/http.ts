import { toRequest, writeResponse } from '@zrecruit/oauth-core/node'
import type { ArgumentsHost } from '@nestjs/common'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Stream } from 'node:stream'

/** Express and Nest's middleware pass Node's own objects; Fastify wraps them. */
export type FrameworkRequest = IncomingMessage & {
  readonly originalUrl: string
  readonly raw?: IncomingMessage
}
export type FrameworkReply = ServerResponse | FastifyReply
type FastifyReply = Readonly<{
  raw: ServerResponse
  code(status: number): unknown
  header(name: string, value: string): unknown
  send(body?: Buffer): PromiseLike<unknown>
}>

/**
 * The request of an HTTP context, `undefined` in any other context. The context type `http` does
 * not prove that the first argument is a request: it is also the default type of Nest's external
 * contexts, whose arguments can be anything. So this function checks that the argument is a stream,
 * as Node's own request is. The message of a queue, for example, is plain data, even if it has the
 * properties of a request.
 */
export const httpRequestOf = <Request extends FrameworkRequest>(
  host: ArgumentsHost,
): Request | undefined => {
  if (host.getType<string>() !== 'http') return undefined
  const request = host.getArgByIndex<Request | undefined>(0)
  return (request?.raw ?? request) instanceof Stream ? request : undefined
}

export const webRequest = (request: FrameworkRequest): Request => toRequest(request.raw ?? request)

/** Writes core's response, and keeps the headers that the app has set already. */
export const sendResponse = async (response: Response, to: FrameworkReply): Promise<void> => {
  const raw = 'raw' in to ? to.raw : to
  if (raw.headersSent) {
    // Part of another response was sent. Closing the connection tells the client that this response
    // is incomplete.
    if (!raw.writableEnded) raw.destroy()
    return
  }
  if (!('raw' in to)) return writeResponse(response, to)
  to.code(response.status)
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') to.header(name, value)
  }
  const cookies = response.headers.getSetCookie()
  // Cookies that Fastify sends replace the cookies that a middleware has set on Node's response, so
  // send those again.
  if (cookies.length > 0) {
    const earlier = raw.getHeader('set-cookie') ?? []
    for (const cookie of [earlier, cookies].flat()) to.header('set-cookie', String(cookie))
  }
  // Sends a buffer, because Fastify would change the content type of a string.
  await to.send(response.body ? Buffer.from(await response.arrayBuffer()) : undefined)
}

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
 * not prove that the first argument is a request: `http` is also the default type of Nest's
 * external contexts, whose arguments can be anything. So this function checks that the argument is
 * a stream, as Node's own request is. The message of a queue, for example, is plain data, even if
 * it has the properties of a request.
 */
export const httpRequestOf = <Request extends FrameworkRequest>(
  host: ArgumentsHost,
): Request | undefined => {
  if (host.getType<string>() !== 'http') return undefined
  const request = host.getArgByIndex<Request | undefined>(0)
  return (request?.raw ?? request) instanceof Stream ? request : undefined
}

export const toWebRequest = (request: FrameworkRequest): Request =>
  toRequest(request.raw ?? request)

/** Writes core's response, and keeps the headers that the app has set already. */
export const sendResponse = async (response: Response, reply: FrameworkReply): Promise<void> => {
  const nodeResponse = 'raw' in reply ? reply.raw : reply
  if (nodeResponse.headersSent) {
    // Part of another response was sent. Closing the connection tells the client that this response
    // is incomplete.
    if (!nodeResponse.writableEnded) nodeResponse.destroy()
    return
  }
  if (!('raw' in reply)) return writeResponse(response, reply)
  reply.code(response.status)
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') reply.header(name, value)
  }
  const cookies = response.headers.getSetCookie()
  // Cookies of Fastify's reply replace the cookies that a middleware has set on Node's response. So
  // the reply gets all of them.
  if (cookies.length > 0) {
    const earlier = nodeResponse.getHeader('set-cookie') ?? []
    for (const cookie of [earlier, cookies].flat()) reply.header('set-cookie', String(cookie))
  }
  // Sends a buffer, because Fastify would change the content type of a string.
  await reply.send(response.body ? Buffer.from(await response.arrayBuffer()) : undefined)
}

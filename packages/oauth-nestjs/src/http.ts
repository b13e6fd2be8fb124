import { writeResponse } from '@zrecruit/oauth-core/node'
import type { ArgumentsHost } from '@nestjs/common'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Stream } from 'node:stream'

/**
 * A request of Express or Fastify. In Express, and in Nest's middleware of both, it is Node's own
 * request. In Fastify's handlers it is a wrapper, and Node's request is its `raw`; the type claims
 * only for simplicity that the wrapper is an `IncomingMessage`.
 */
export type FrameworkRequest = IncomingMessage & {
  readonly originalUrl: string
  readonly raw?: IncomingMessage
}
export type FrameworkReply = ServerResponse | FastifyReply
type FastifyReply = Readonly<{
  raw: ServerResponse
  code(status: number): unknown
  header(name: string, value: string): unknown
  getHeader(name: string): number | string | string[] | undefined
  send(body?: Buffer): PromiseLike<unknown>
}>

/**
 * The request of an HTTP context; `undefined` in any other context. The context type `http` is not
 * enough: Nest also gives it to handlers that a library calls through `ExternalContextCreator`, for
 * example with the message of a queue. So the request and the response must also be streams, as
 * Node's are.
 */
export const httpRequestOf = <AppRequest extends FrameworkRequest>(
  host: ArgumentsHost,
): AppRequest | undefined => {
  if (host.getType<string>() !== 'http') return undefined
  const request = host.getArgByIndex<AppRequest | undefined>(0)
  const response = host.getArgByIndex<Partial<FastifyReply> | undefined>(1)
  const areStreams = [request, response].every((value) => (value?.raw ?? value) instanceof Stream)
  return areStreams ? request : undefined
}

/** Writes core's response, and keeps the headers that the app has set already. */
export const sendResponse = async (response: Response, reply: FrameworkReply): Promise<void> => {
  const nodeResponse = 'raw' in reply ? reply.raw : reply
  if (nodeResponse.headersSent) {
    // Another response has begun, so this one cannot be sent. If the other one has not ended,
    // closing the connection tells the client that it is incomplete.
    if (!nodeResponse.writableEnded) nodeResponse.destroy()
    return
  }
  if (!('raw' in reply)) return writeResponse(response, reply)
  reply.code(response.status)
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie' && name !== 'vary') reply.header(name, value)
  }
  const vary = response.headers.get('vary')
  if (vary !== null) reply.header('vary', [reply.getHeader('vary') ?? [], vary].flat().join(', '))
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

import { toRequest, writeResponse } from '@zrecruit/oauth-core/node'
import type { ArgumentsHost } from '@nestjs/common'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Stream } from 'node:stream'

/** Express hands on Node's own objects, and so does Nest's middleware; Fastify wraps them. */
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
 * The request of an HTTP context, `undefined` in any other. `http` is also the default type of
 * Nest's external contexts, whose arguments are anything. So the request has to be Node's own,
 * which is a stream: a message can have the same properties, and comes as plain data.
 */
export const httpRequestOf = <Request extends FrameworkRequest>(
  host: ArgumentsHost,
): Request | undefined => {
  if (host.getType<string>() !== 'http') return undefined
  const request = host.getArgByIndex<Request | undefined>(0)
  return (request?.raw ?? request) instanceof Stream ? request : undefined
}

export const webRequest = (request: FrameworkRequest): Request => toRequest(request.raw ?? request)

/** Writes the answer as core made it, beside the headers that the app has set already. */
export const answer = async (response: Response, to: FrameworkReply): Promise<void> => {
  const raw = 'raw' in to ? to.raw : to
  // An answer had begun: who reads it shall see that it is not whole.
  if (raw.headersSent) return void (raw.writableEnded || raw.destroy())
  if (!('raw' in to)) return writeResponse(response, to)
  to.code(response.status)
  for (const [name, value] of response.headers) if (name !== 'set-cookie') to.header(name, value)
  const cookies = response.headers.getSetCookie()
  // Fastify adds each to its own, and its own replace what a middleware has set on Node's response.
  if (cookies.length > 0)
    for (const cookie of [raw.getHeader('set-cookie') ?? [], cookies].flat())
      to.header('set-cookie', String(cookie))
  // Octets: of a string, Fastify would touch the content type.
  await to.send(response.body ? Buffer.from(await response.arrayBuffer()) : undefined)
}

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A complete request that the server received. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly form: URLSearchParams
}

export type Reply = (response: ServerResponse, request: Received) => unknown

export interface Server {
  readonly origin: string
  readonly received: Received[]
  /** Sets the replies to the next requests, in this order. The last reply is repeated. */
  says(...replies: Reply[]): void
  close(): Promise<void>
}

/** Starts a real server on loopback. It sends the `first` replies until `says` sets others. */
export const startServer = async (...first: Reply[]): Promise<Server> => {
  const received: Received[] = []
  let script = first
  const server = createServer(async (message, response) => {
    let body = ''
    try {
      for await (const chunk of message) body += chunk
    } catch {
      return // The client closed the connection.
    }
    const { method = '', url = '', headers } = message
    const request = { method, url, headers, body, form: new URLSearchParams(body) }
    received.push(request)
    const [reply = notFound] = script
    if (script.length > 1) script = script.slice(1)
    await reply(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    says: (...replies) => void (script = replies),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Like `startServer`, but the server is closed after the test. */
export const serving = async (...replies: Reply[]): Promise<Server> => {
  const server = await startServer(...replies)
  onTestFinished(() => server.close())
  return server
}

/** A complete response. Zoho sends this content type with every body. */
export const respond =
  (body: string | Buffer, status = 200, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers })
      .end(body)

export const json = (body: unknown, status?: number, headers?: Record<string, string>): Reply =>
  respond(JSON.stringify(body), status, headers)

export const notFound = respond('not found', 404)

/** Reads the request, then closes the connection without a response. */
export const drop: Reply = (response) => void response.socket?.destroy()

/** Never answers. */
export const silence: Reply = () => {}

let refused: Promise<string> | undefined

/**
 * An origin that refuses connections. No other program can listen there, as its port is the local
 * end of an open connection.
 */
export const refusedOrigin = (): Promise<string> =>
  (refused ??= new Promise((resolve) => {
    const server = createTcpServer((socket) => socket.unref()).unref()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      const client = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1' }, () =>
        resolve(`http://127.0.0.1:${client.localPort}`),
      )
      client.unref()
    })
  }))

/** A TCP server that runs `onSocket` for each connection. */
export const startTcp = async (onSocket: (socket: Socket) => void) => {
  const open = new Set<Socket>()
  const server = createTcpServer((socket) => {
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)))
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

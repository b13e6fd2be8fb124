import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A request as it reached the server, read to its end. */
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
  /** What it says from now on; several are said one after the other, the last for ever. */
  says(...replies: Reply[]): void
  close(): Promise<void>
}

/** A real server on loopback that says what it is told to. */
export const startServer = async (...first: Reply[]): Promise<Server> => {
  const received: Received[] = []
  let script = first
  const server = createServer(async (message, response) => {
    let body = ''
    try {
      for await (const chunk of message) body += chunk
    } catch {
      return // The client went away.
    }
    const { method = '', url = '', headers } = message
    const request = { method, url, headers, body, form: new URLSearchParams(body) }
    received.push(request)
    const [reply = missing] = script
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

/** The same, for one test. */
export const serving = async (...replies: Reply[]): Promise<Server> => {
  const server = await startServer(...replies)
  onTestFinished(() => server.close())
  return server
}

/** An answer in one piece. Zoho names the content type like this whatever the body is. */
export const answer =
  (body: string | Buffer, status = 200, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers })
      .end(body)

export const json = (body: unknown, status?: number, headers?: Record<string, string>): Reply =>
  answer(JSON.stringify(body), status, headers)

export const missing = answer('nobody asked for this', 404)

/** The request was read; the connection dies without a word. */
export const drop: Reply = (response) => void response.socket?.destroy()

/** The request was read; nothing is ever said. */
export const silence: Reply = () => {}

let refused: Promise<string> | undefined

/**
 * An origin at which nobody listens, nor will: its port is the near end of a connection that
 * stands.
 */
export const refusedOrigin = (): Promise<string> =>
  (refused ??= new Promise((resolve) => {
    const server = createTcpServer((socket) => socket.unref()).unref()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      const near = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1' }, () =>
        resolve(`http://127.0.0.1:${near.localPort}`),
      )
      near.unref()
    })
  }))

/** Below HTTP: what happens to each connection. */
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

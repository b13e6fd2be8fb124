import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { type Refusal, refuseHost } from './access/host.ts'
import { LostConnection } from './faults/wait.ts'
import { refusal } from './http/responses.ts'

type Handler = (request: Request) => Promise<Response>

/** A server to open. `purpose` names it in errors, for example `the eu accounts server`. */
interface Opening {
  readonly purpose: string
  readonly handle: Handler
}

/** Open servers. The origins are in the order of the openings. */
export interface Listening {
  readonly origins: readonly string[]
  close(): Promise<void>
}

/**
 * Opens loopback servers on consecutive ports from `port`, or on free ports with 0. If one port
 * cannot be opened, the others are closed again.
 */
export async function listenOn(port: number, openings: readonly Opening[]): Promise<Listening> {
  const lastPort = port + openings.length - 1
  if (!Number.isInteger(port) || port < 0 || (port > 0 && lastPort > 65535)) {
    const range =
      `${openings.length} consecutive ports from there must be between 1 and 65535; ` +
      '0 uses free ports.'
    throw new RangeError(`--port ${port} (listen({ port })): ${range}`)
  }
  const servers: Server[] = []
  const close = async () => void (await Promise.all(servers.map(closeServer)))
  try {
    for (const [index, opening] of openings.entries()) {
      const requestedPort = port === 0 ? 0 : port + index
      servers.push(
        await openServer(requestedPort, opening).catch((error: unknown) =>
          Promise.reject(toPortError(error, requestedPort, opening)),
        ),
      )
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    origins: servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    close,
  }
}

async function openServer(port: number, { handle }: Opening): Promise<Server> {
  const respondOrDrop = (request: Request, env: unknown) =>
    handle(request).catch((error: unknown) => drop(env as HttpBindings, error))
  const listener = getRequestListener(respondOrDrop, {
    overrideGlobalObjects: false,
    errorHandler: () => undefined,
  })
  // With `requireHostHeader`, Node itself would answer a request without a Host header, and would
  // not explain why.
  const options = { requestTimeout: 30_000, requireHostHeader: false }
  const server = createServer(options, (incoming, outgoing) => {
    const refused = refuseHost(incoming)
    if (refused === undefined) void listener(incoming, outgoing)
    else void send(outgoing, refused)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function send(outgoing: ServerResponse, refused: Refusal): Promise<void> {
  const response = refusal(refused)
  outgoing.writeHead(response.status, [...response.headers].flat())
  outgoing.end(await response.text())
}

/**
 * Closes the connection without a response. An error other than `LostConnection` is a defect of the
 * emulator and is logged.
 */
function drop({ incoming }: HttpBindings, error: unknown): never {
  if (!(error instanceof LostConnection)) console.error(error)
  incoming.socket.destroy()
  throw error
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

function toPortError(error: unknown, port: number, { purpose }: Opening): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const cause = code === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${String(code ?? error)})`
  const hint =
    'stop the program that uses it, or choose other ports with --port (listen({ port })).'
  return new Error(`Port ${port} on 127.0.0.1, for ${purpose}, ${cause}: ${hint}`)
}

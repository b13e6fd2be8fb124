import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { type Refusal, refuseHost } from './access/host.ts'
import { LostConnection } from './faults/wait.ts'
import { refusal } from './http/answers.ts'

type Answer = (request: Request) => Promise<Response>

/** One server to open; `purpose` names it in errors, such as `the eu accounts server`. */
interface Opening {
  readonly purpose: string
  readonly answer: Answer
}

/** Open servers: their origins in the order asked for. */
export interface Listening {
  readonly origins: readonly string[]
  close(): Promise<void>
}

/**
 * Opens loopback servers on consecutive ports from `port`, or on any free ones with 0. All of them
 * stand, or none.
 */
export async function listenOn(port: number, openings: readonly Opening[]): Promise<Listening> {
  const last = port + openings.length - 1
  if (!Number.isInteger(port) || port < 0 || (port > 0 && last > 65535)) {
    const range =
      `${openings.length} consecutive ports from there must lie between 1 and 65535; 0 takes ` +
      'any free ones.'
    throw new RangeError(`--port ${port} (listen({ port })): ${range}`)
  }
  const servers: Server[] = []
  const close = async () => void (await Promise.all(servers.map(closeServer)))
  try {
    for (const [index, opening] of openings.entries()) {
      const wanted = port === 0 ? 0 : port + index
      servers.push(
        await openServer(wanted, opening).catch((error: unknown) =>
          Promise.reject(explain(error, wanted, opening)),
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

async function openServer(port: number, { answer }: Opening): Promise<Server> {
  const answerOrDrop = (request: Request, env: unknown) =>
    answer(request).catch((error: unknown) => drop(env as HttpBindings, error))
  const listener = getRequestListener(answerOrDrop, {
    overrideGlobalObjects: false,
    errorHandler: () => undefined,
  })
  // Node would answer a request without a Host header itself, without an explanation.
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
  const answer = refusal(refused)
  outgoing.writeHead(answer.status, [...answer.headers].flat())
  outgoing.end(await answer.text())
}

/**
 * No answer: the connection ends. Anything but a lost connection is a defect of the emulator and is
 * told.
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

function explain(error: unknown, port: number, { purpose }: Opening): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const cause = code === 'EADDRINUSE' ? 'is taken' : `cannot be opened (${String(code ?? error)})`
  const cure =
    'end the program that holds it, or choose other ports with --port (listen({ port })).'
  return new Error(`Port ${port} on 127.0.0.1, for ${purpose}, ${cause}: ${cure}`)
}

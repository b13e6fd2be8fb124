import { accessToken, refreshToken } from '../endpoints/calls.ts'
import {
  respond,
  drop,
  json,
  refusedOrigin,
  silence,
  startServer,
  startTcp,
  type Reply,
} from '../endpoints/server.ts'
import { claim, drip, flood, gzipBomb } from '../endpoints/bombs.ts'
import type { Outcome, EndpointRequest } from './inside.ts'
import type { Runtime } from './run-in.ts'

export const verbs = ['refresh', 'exchange', 'revoke'] as const

export const mebibyte = 1 << 20

export const deadlineMs = 2_000

const throttled =
  '{"error_description":"您已连续提出过多请求，请稍后再试。",' +
  '"error":"拒绝访问","status":"failure"}'

/** The server of a request, and how many requests or connections arrived there. */
interface TestServer {
  readonly origin: string
  readonly arrived: () => number
  close(): Promise<void>
}

const serverWith =
  (...replies: Reply[]) =>
  async (): Promise<TestServer> => {
    const server = await startServer(...replies)
    return { ...server, arrived: () => server.received.length }
  }

export interface Row {
  readonly title: string
  readonly server: () => Promise<TestServer>
  /** The outcome, and how many requests or connections arrived at the server. */
  readonly expected: Partial<Outcome> & { readonly arrived?: number }
  readonly verbs?: readonly EndpointRequest['verb'][]
  readonly isWarm?: true
  readonly endsAtDeadline?: true
  /** The outcome of runtimes that differ, as the title says. */
  readonly differs?: Partial<Record<Runtime, Partial<Outcome> & { readonly arrived?: number }>>
}

const redirectingServer = async (status: number): Promise<TestServer> => {
  const sink = await startServer(json({ status: 'success', access_token: accessToken }))
  const server = await startServer(
    respond('moved', status, { location: `${sink.origin}/oauth/v2/token` }),
  )
  return {
    origin: server.origin,
    // A redirect that is followed adds 1,000, which no row expects.
    arrived: () => server.received.length + 1_000 * sink.received.length,
    close: async () => void (await Promise.all([server.close(), sink.close()])),
  }
}

const unreachable = {
  ok: false,
  code: 'accounts-server-unreachable',
  requestMayHaveBeenSent: true,
  calls: 1,
  arrived: 1,
} as const

const malformed = {
  ok: false,
  code: 'response-malformed',
  status: 200,
  requestMayHaveBeenSent: true,
  calls: 1,
  arrived: 1,
} as const

const timedOut = {
  ok: false,
  code: 'accounts-server-timed-out',
  requestMayHaveBeenSent: true,
  calls: 1,
  arrived: 1,
} as const

export const granted = json({
  access_token: accessToken,
  refresh_token: refreshToken,
  status: 'success',
})

export const rows: readonly Row[] = [
  {
    title: 'a response',
    server: serverWith(granted),
    expected: { ok: true, calls: 1, arrived: 1 },
  },
  ...[301, 302, 303, 307, 308].map((status): Row => ({
    title: `T1: a ${status}, which is not followed`,
    server: () => redirectingServer(status),
    expected: {
      ok: false,
      code: 'redirect-refused',
      status,
      requestMayHaveBeenSent: true,
      calls: 1,
      arrived: 1,
    },
  })),
  {
    title: 'T5: a missing response, which ends at the deadline',
    server: serverWith(silence),
    endsAtDeadline: true,
    expected: timedOut,
  },
  {
    title: 'T5, T6: a body that arrives too slowly, which ends at the deadline',
    server: serverWith(drip),
    endsAtDeadline: true,
    expected: timedOut,
  },
  {
    title: 'T5: headers that arrive too slowly, which end at the deadline',
    server: async () => {
      let requests = 0
      const tcp = await startTcp((socket) =>
        socket.once('data', () => {
          requests += 1
          socket.write('HTTP/1.1 200 OK\r\n')
          const timer = setInterval(() => socket.write('x-a: b\r\n'), 20)
          socket.on('close', () => clearInterval(timer))
        }),
      )
      // Node opens another connection after an abort, and sends nothing.
      return { ...tcp, arrived: () => requests }
    },
    endsAtDeadline: true,
    expected: timedOut,
  },
  {
    title: 'T4: 50 MB, of which 64 KiB are read',
    server: serverWith(flood(50 * mebibyte)),
    verbs: ['refresh'],
    expected: malformed,
  },
  {
    title: 'T4, T5: a short body with a Content-Length of 10 GB, which ends at the deadline',
    server: serverWith(claim),
    verbs: ['refresh'],
    endsAtDeadline: true,
    expected: timedOut,
  },
  {
    title: 'T4: a gzip of 1 MB with 1 GiB inside',
    server: serverWith(gzipBomb),
    verbs: ['refresh'],
    expected: malformed,
  },
  {
    title: 'B12: a connection that breaks before the request is read',
    server: async () => {
      let connections = 0
      const tcp = await startTcp((socket) => {
        connections += 1
        socket.destroy()
      })
      return { ...tcp, arrived: () => connections }
    },
    expected: unreachable,
  },
  {
    title: 'B12: a connection that breaks after the request is read, which is sent once',
    server: serverWith(drop),
    expected: unreachable,
  },
  {
    title: 'B12: a kept connection that breaks after the request is read, which is sent once',
    server: serverWith(granted, drop),
    isWarm: true,
    expected: { ...unreachable, arrived: 2 },
  },
  {
    title: 'B12: a refused connection: only Node and Bun prove that nothing was sent',
    server: async () => ({
      origin: await refusedOrigin(),
      arrived: () => 0,
      close: async () => {},
    }),
    expected: { ...unreachable, requestMayHaveBeenSent: false, arrived: 0 },
    differs: { deno: { requestMayHaveBeenSent: true }, workerd: { requestMayHaveBeenSent: true } },
  },
  {
    title: 'T8: HTML',
    server: serverWith(respond('<!doctype html><title>Zoho</title>')),
    verbs: ['refresh', 'exchange'],
    expected: malformed,
  },
  {
    title: 'T8: bytes that are no UTF-8',
    server: serverWith(respond(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))),
    verbs: ['refresh', 'exchange'],
    expected: malformed,
  },
  {
    title: 'T7: 200 with an error',
    server: serverWith(json({ error: 'invalid_client' })),
    verbs: ['refresh', 'exchange'],
    expected: {
      ok: false,
      code: 'client-rejected',
      status: 200,
      zohoError: 'invalid_client',
      requestMayHaveBeenSent: true,
      calls: 1,
      arrived: 1,
    },
  },
  {
    title: 'T14: a throttle in Chinese',
    server: serverWith(respond(throttled, 400)),
    expected: {
      ok: false,
      code: 'throttled',
      status: 400,
      requestMayHaveBeenSent: true,
      calls: 1,
      arrived: 1,
    },
  },
  {
    title: 'T15: 429 with Retry-After',
    server: serverWith(respond('', 429, { 'retry-after': '30' })),
    expected: {
      ok: false,
      code: 'throttled',
      status: 429,
      requestMayHaveBeenSent: true,
      retryAfterMs: 30_000,
      calls: 1,
      arrived: 1,
    },
  },
]

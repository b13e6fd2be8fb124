import type { Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Secret } from '../../src/domain/secret.ts'
import type { Outcome } from '../../src/endpoints/outcome.ts'
import { drip } from './bombs.ts'
import { accessToken, callEndpoint, callTo, inWords } from './calls.ts'
import { drop, json, refusedOrigin, serving, silence, startTcp } from './server.ts'

const verbs = ['refresh', 'exchange', 'revoke'] as const
const failureOf = (outcome: Outcome<unknown>) => (outcome.ok ? undefined : outcome.failure)

describe.each([301, 302, 303, 307, 308])('T1: a redirect with %i', (status) => {
  it.each(verbs)('is not followed by %s', async (verb) => {
    const sink = await serving(json({ status: 'success' }))
    const server = await serving((response) =>
      response.writeHead(status, { location: `${sink.origin}/oauth/v2/token` }).end('moved'),
    )
    const outcome = await callEndpoint[verb](callTo(server.origin))
    expect(outcome).toEqual({
      ok: false,
      failure: { reason: 'redirected', status, requestMayHaveBeenSent: true },
      calls: 1,
    })
    expect([server.received.length, sink.received.length]).toEqual([1, 0])
  })
})

it.each([{ status: 0 }, { type: 'opaqueredirect', status: 0 }])(
  'T1: treats an opaque response as a redirect: %o',
  async (like) => {
    const opaque = Object.defineProperties(
      new Response(null),
      Object.fromEntries(Object.entries(like).map(([name, value]) => [name, { value }])),
    )
    expect(
      failureOf(
        await callEndpoint.refresh(callTo('http://127.0.0.1:9', { fetch: async () => opaque })),
      )?.reason,
    ).toBe('redirected')
  },
)

describe.each(verbs)('%s', (verb) => {
  it.each([
    ['the server never answers', silence],
    ['the body arrives too slowly', drip],
  ])('T5: ends at its deadline if %s', async (_, reply) => {
    const server = await serving(reply)
    const outcome = await callEndpoint[verb](callTo(server.origin, { deadlineMs: 150 }))
    expect(outcome).toEqual({
      ok: false,
      failure: { reason: 'timed_out', requestMayHaveBeenSent: true },
      calls: 1,
    })
  })

  it('T5: ends at its deadline if the headers arrive too slowly', async () => {
    const origin = await tcpOrigin((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const timer = setInterval(() => socket.write('x-a: b\r\n'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    expect(inWords(await callEndpoint[verb](callTo(origin, { deadlineMs: 150 })))).toBe(
      'timed_out after 1',
    )
  })

  it('B12: knows that nothing was sent if the connection is refused', async () => {
    const outcome = await callEndpoint[verb](callTo(await refusedOrigin()))
    expect(outcome).toEqual({
      ok: false,
      failure: { reason: 'unreachable', requestMayHaveBeenSent: false },
      calls: 1,
    })
  })

  it('B12: knows that nothing was sent if the name does not resolve', async () => {
    const unresolved = Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }),
    })
    const outcome = await callEndpoint[verb](
      callTo('http://127.0.0.1:9', { fetch: () => Promise.reject(unresolved) }),
    )
    expect(outcome).toEqual({
      ok: false,
      failure: { reason: 'unreachable', requestMayHaveBeenSent: false },
      calls: 1,
    })
  })

  it.each([
    ['before the server reads', () => tcpOrigin((socket) => socket.destroy())],
    ['after the server read', async () => (await serving(drop)).origin],
    [
      'in the middle of the response',
      () =>
        tcpOrigin((socket) =>
          socket.once('data', () =>
            socket.end('HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{"access_token":"'),
          ),
        ),
    ],
    [
      'in the middle of the headers',
      () => tcpOrigin((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncont'))),
    ],
  ])('B12: does not claim that nothing was sent if the connection breaks %s', async (_, start) => {
    const outcome = await callEndpoint[verb](callTo(await start()))
    expect(outcome).toEqual({
      ok: false,
      failure: { reason: 'unreachable', requestMayHaveBeenSent: true },
      calls: 1,
    })
  })
})

it('B12: does not treat a failed write as a refused connection', async () => {
  const broken = Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('write'), { code: 'EHOSTUNREACH', syscall: 'write' }),
  })
  expect(
    failureOf(
      await callEndpoint.exchange(
        callTo('http://127.0.0.1:9', { fetch: () => Promise.reject(broken) }),
      ),
    )?.requestMayHaveBeenSent,
  ).toBe(true)
})

it('closes the connection at the deadline', async () => {
  let ended = false
  const server = await serving((response) => response.on('close', () => (ended = true)))
  await callEndpoint.refresh(callTo(server.origin, { deadlineMs: 50 }))
  await expect.poll(() => ended).toBe(true)
})

it('T5: uses one deadline for both secrets', async () => {
  const deadlineMs = 60_000
  let now = 0
  const server = await serving((response) => {
    now += deadlineMs - 50 // The first request takes almost all of the time.
    response.end('{"error":"invalid_client_secret"}')
  }, silence)
  const outcome = await callEndpoint.refresh(
    callTo(server.origin, {
      deadlineMs,
      monotonic: () => now,
      secrets: [new Secret('current'), new Secret('former')],
    }),
  )
  expect(inWords(outcome)).toBe('timed_out after 2')
}, 30_000)

it('T4: reads only the beginning of an endless response', async () => {
  let sent = 0
  const server = await serving((response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(16_384))) sent += 16_384
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  })
  expect(failureOf(await callEndpoint.refresh(callTo(server.origin)))).toEqual({
    reason: 'malformed_response',
    status: 200,
    requestMayHaveBeenSent: true,
  })
  expect(sent).toBeLessThan(16 << 20)
})

it('T4: accepts exactly 64 KiB', async () => {
  const body = JSON.stringify({ access_token: accessToken })
  const server = await serving(
    (response) => response.end(body.padEnd(65_536)),
    (response) => response.end(body.padEnd(65_537)),
  )
  expect(inWords(await callEndpoint.refresh(callTo(server.origin)))).toBe('ok after 1')
  expect(inWords(await callEndpoint.refresh(callTo(server.origin)))).toBe(
    'malformed_response after 1',
  )
})

const tcpOrigin = async (onSocket: (socket: Socket) => void): Promise<string> => {
  const server = await startTcp(onSocket)
  onTestFinished(() => server.close())
  return server.origin
}

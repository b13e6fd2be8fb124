import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { expect, it } from 'vitest'
import { authorizationUrl, connect, start } from './support.ts'

const big = 'a'.repeat(1024 * 1024 + 1)
const urlEncoded = { 'content-type': 'application/x-www-form-urlencoded' }
const endless = () =>
  new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('a'.repeat(65536))),
  })

const malformed: [string, RequestInit][] = [
  ['bad multipart', { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=q' } }],
  [
    'multipart without a boundary',
    { body: 'x', headers: { 'content-type': 'multipart/form-data' } },
  ],
  ['bad percent-encoding', { body: 'grant_type=%zz', headers: urlEncoded }],
  ['percent-encoding that is not UTF-8', { body: 'grant_type=%ff', headers: urlEncoded }],
  ['bytes that are not UTF-8', { body: new Uint8Array([0x61, 0x3d, 0xff]), headers: urlEncoded }],
  ['a repeated parameter', { body: 'token=a&token=b', headers: urlEncoded }],
  ['a huge body', { body: big, headers: urlEncoded }],
  ['an endless body', { body: endless(), headers: urlEncoded, duplex: 'half' } as RequestInit],
]

it.each([
  '/oauth/v2/token',
  '/oauth/v2/token/revoke',
  '/oauth/v2/revoke/token',
  '/oauth/v2/auth',
  '/_emulator/codes',
])('answers malformed requests to %s with 4xx', async (path) => {
  const emulator = await start()
  for (const [name, init] of malformed) {
    const sent = name === 'an endless body' ? { ...init, body: endless() } : init
    const response = await fetch(`${emulator.dataCenters.us.accountsServer}${path}`, {
      method: 'POST',
      ...sent,
    }).catch((error: unknown) => error)
    // The server may close the connection of an endless body before its response is read.
    if (response instanceof Response)
      expect(response.status, name).toBe(
        name.includes('huge') || name.includes('endless') ? 413 : 400,
      )
    else expect(name).toBe('an endless body')
  }
  expect((await connect(emulator)).accessToken).toMatch(/^1000\./)
})

it('answers 400 to a malformed query', async () => {
  const emulator = await start()
  for (const query of ['state=%zz', 'state=%ff', 'state=a&state=b']) {
    const response = await fetch(`${authorizationUrl(emulator, { state: undefined })}&${query}`, {
      redirect: 'manual',
    })
    expect(response.status, query).toBe(400)
  }
})

it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
  'answers %s with 4xx on every path',
  async (method) => {
    const emulator = await start()
    const { accountsServer, recruitApi, apiDomain } = emulator.dataCenters.us
    const paths = [
      '/oauth/v2/auth',
      '/oauth/v2/token',
      '/oauth/v2/token/revoke',
      '/oauth/v2/revoke/token',
      '/oauth/serverinfo',
      '/_emulator/calls',
      '/nothing',
      '/',
    ]
    for (const url of [
      ...paths.map((path) => accountsServer + path),
      `${recruitApi}/Candidates`,
      apiDomain,
    ]) {
      const { status } = await fetch(url, { method })
      expect(status, url).toBeGreaterThanOrEqual(400)
      expect(status, url).toBeLessThan(500)
    }
  },
)

it('close() ends while a client is still sending a request', async () => {
  const emulator = await start()
  const { port } = new URL(emulator.dataCenters.us.accountsServer)
  const socket = connectSocket(Number(port), '127.0.0.1')
  const hungUp = once(
    socket.on('error', () => undefined),
    'close',
  )
  socket.write(
    'POST /oauth/v2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\ngrant',
  )
  while (emulator.calls().token === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  await emulator.close()
  await hungUp
})

it('keeps serving after a client disconnects early or does not send HTTP', async () => {
  const emulator = await start()
  const { port } = new URL(emulator.dataCenters.us.accountsServer)
  for (const bytes of [
    'POST /oauth/v2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\ngrant',
    'NONSENSE\r\n\r\n',
    'GET //%zz HTTP/1.1\r\nHost: "><\r\n\r\n',
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connectSocket(Number(port), '127.0.0.1', () =>
        socket.write(bytes, () => setTimeout(() => socket.destroy(), 50)),
      )
      socket.on('error', () => undefined).on('close', () => resolve())
    })
  }
  expect((await connect(emulator)).accessToken).toMatch(/^1000\./)
})

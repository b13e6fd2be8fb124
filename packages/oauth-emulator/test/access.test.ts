import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect as connectSocket } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { authorizationUrl, connect, redirectUri, start, readState } from './support.ts'
import { transports } from './transports.ts'

type Emulated = Awaited<ReturnType<typeof start>>

/** All servers of the first data center, each with a path that it answers. */
const servers = (emulator: Emulated): URL[] => {
  const { accountsServer, recruitApi, apiDomain } = emulator.dataCenters.us
  return [`${accountsServer}/_emulator/settings`, `${recruitApi}/Candidates`, apiDomain].map(
    (url) => new URL(url),
  )
}

/** Sends bytes and reads until the server closes the connection. */
async function raw(port: string, ...lines: string[]): Promise<{ status: number; text: string }> {
  const socket = connectSocket(Number(port), '127.0.0.1')
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1')
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  await once(socket, 'close')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]), text }
}

const ownHosts = [
  '127.0.0.1',
  '127.0.0.2',
  '127.255.255.254',
  'localhost',
  'LOCALHOST',
  'zoho.localhost',
  'a.B-c.localhost',
  '[::1]',
  'accounts.us.emulator.localhost',
  'localhost:1',
  '127.0.0.1:65535',
  '[::1]:4800',
  'accounts.us.emulator.localhost:80',
]

const foreignHosts = [
  'evil.test',
  'evil.test:4800',
  'localhost.evil.test',
  '127.0.0.1.evil.test',
  'evillocalhost',
  'localhost-evil',
  'xlocalhost:80',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '127.0.0.01',
  '127.0.0.256',
  '127.0.0.1.',
  'localhost.',
  '0.0.0.0',
  '0',
  '10.0.0.1',
  '128.0.0.1',
  '[::]',
  '[::2]',
  '[::1%lo]',
  '[::1%25lo]',
  '[::ffff:127.0.0.1]',
  '[0:0:0:0:0:0:0:1]',
  '::1',
  'user@localhost',
  'localhost@evil.test',
  'evil.test@localhost',
  'localhost/evil',
  'localhost#',
  'localhost:',
  'localhost:65536',
  'localhost:x',
  'localhost:80:80',
  'localhost, evil.test',
  'localhost evil.test',
  '.localhost',
  'a..localhost',
  'localhost\t.evil.test',
  'localhost%00',
  '\u00E9.localhost',
]

describe('the Host header', () => {
  it('G5: every server accepts only Host names of this machine', async () => {
    const emulator = await start()
    for (const { port, pathname } of servers(emulator)) {
      const ask = (host: string) => raw(port, `GET ${pathname} HTTP/1.1`, `Host: ${host}`)
      for (const host of ownHosts) expect((await ask(host)).status, host).toBeOneOf([200, 401, 404])
      const before = readState(emulator)
      for (const host of foreignHosts) {
        const { status, text } = await ask(host)
        expect(status, host).toBe(421)
        expect(text).toContain('use 127.0.0.1, localhost')
        expect(text).not.toContain('codeLifeSeconds')
      }
      expect(readState(emulator)).toEqual(before)
    }
  })

  it('G5: a request without exactly one Host is refused', async () => {
    const emulator = await start()
    for (const { port, pathname } of servers(emulator)) {
      const before = readState(emulator)
      for (const lines of [
        [`GET ${pathname} HTTP/1.1`],
        [`GET ${pathname} HTTP/1.0`],
        [`GET ${pathname} HTTP/1.1`, 'Host:'],
        [`GET ${pathname} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Host: evil.test'],
        [`GET ${pathname} HTTP/1.1`, 'Host: evil.test', `Host: 127.0.0.1:${port}`],
        [`GET ${pathname} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `HOST: 127.0.0.1:${port}`],
      ]) {
        const { status, text } = await raw(port, ...lines)
        expect([status, text], lines.join(' | ')).toEqual([
          400,
          expect.stringMatching(/Host header.*: send exactly one/),
        ])
      }
      expect(readState(emulator)).toEqual(before)
    }
  })

  it('G5: an absolute request target must have the same host as the Host header', async () => {
    const emulator = await start()
    for (const { port, pathname } of servers(emulator)) {
      const own = `127.0.0.1:${port}`
      const ask = async (target: string, host: string) =>
        (await raw(port, `GET ${target}${pathname} HTTP/1.1`, `Host: ${host}`)).status
      expect(await ask(`http://${own}`, own)).toBeOneOf([200, 401, 404])
      for (const [target, host] of [
        ['http://evil.test', own],
        [`http://${own}`, 'evil.test'],
        ['http://evil.test', 'evil.test'],
        [`http://${own}@evil.test`, own],
        [`HTTP://user@${own}`, own],
        [`http://localhost:${port}`, own],
      ] as const)
        expect(await ask(target, host), `${target} ${host}`).toBe(421)
    }
  })

  it('G5: fetch() in process also refuses foreign Host headers', async () => {
    const emulator = await start()
    for (const { href } of servers(emulator)) {
      expect((await emulator.fetch(href, { headers: { host: 'localhost' } })).status).toBeOneOf([
        200, 401, 404,
      ])
      expect((await emulator.fetch(href, { headers: { host: 'evil.test' } })).status).toBe(421)
    }
  })
})

/** The headers of a browser with requests of another website. */
const foreign: Record<string, Record<string, string>> = {
  'another site': { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  'an app on another port': { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:3000' },
  'another site that hides its origin': { 'sec-fetch-site': 'cross-site', origin: 'null' },
  'another site that sends the right origin': { 'sec-fetch-site': 'cross-site', origin: 'OWN' },
  'another site without an origin': { 'sec-fetch-site': 'cross-site' },
  'a site with an unknown value of Sec-Fetch-Site': { 'sec-fetch-site': 'other' },
  'another site, in a browser without Sec-Fetch-Site': { origin: 'https://evil.example' },
  'a hidden origin, in a browser without Sec-Fetch-Site': { origin: 'null' },
  'the same host over https': { origin: 'HTTPS' },
  'an extension': { 'sec-fetch-site': 'none', origin: 'chrome-extension://abcdefghijklmnop' },
}

const sent = (headers: Record<string, string>, url: string): Record<string, string> => {
  const { host, origin } = new URL(url)
  const own: Record<string, string> = { OWN: origin, HTTPS: `https://${host}` }
  return {
    ...headers,
    ...(headers['origin'] !== undefined && { origin: own[headers['origin']] ?? headers['origin'] }),
  }
}

/**
 * Sends a request without a body and with exactly these headers. Node's `fetch` would replace
 * `Sec-Fetch-Mode`.
 */
async function sendExactly(
  url: string,
  { method, headers }: { method: string; headers: Record<string, string> },
): Promise<number> {
  const request = httpRequest(url, { method, headers }).end()
  const [answer] = await once(request, 'response')
  await readText(answer)
  return answer.statusCode
}

/** Every request that changes something, on every server. */
function changes(emulator: Emulated, refreshToken: string): [url: string, init: RequestInit][] {
  const { accountsServer, recruitApi, apiDomain } = emulator.dataCenters.us
  const control = (path: string, body: unknown): [string, RequestInit] => [
    `${accountsServer}/_emulator/${path}`,
    { method: 'POST', body: JSON.stringify(body) },
  ]
  const form = (url: string, fields: Record<string, string>): [string, RequestInit] => [
    url,
    { method: 'POST', body: new URLSearchParams(fields) },
  ]
  const client = { client_id: emulator.client.id, client_secret: emulator.client.secret }
  const basic = `Basic ${btoa(`${emulator.client.id}:${emulator.client.secret}`)}`
  return [
    control('settings', { codeLifeSeconds: 480 }),
    control('clients', { redirectUris: ['https://evil.example/'] }),
    control('faults', { on: 'token', kind: 'silence' }),
    control('users', { firstName: 'Eve', lastName: 'Evil' }),
    control('codes', { scope: 'ZohoRecruit.modules.ALL' }),
    control('clock', { advanceSeconds: 5000 }),
    control('revocations', { account: 'us' }),
    control('reset', {}),
    [`${accountsServer}/_emulator/faults`, { method: 'DELETE' }],
    [`${accountsServer}/_emulator/access-tokens`, { method: 'DELETE' }],
    form(`${accountsServer}/_emulator/`, { action: 'reset' }),
    form(authorizationUrl(emulator), { decision: 'approve' }),
    form(authorizationUrl(emulator), { decision: 'refuse' }),
    form(`${accountsServer}/oauth/v2/token`, {
      ...client,
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    }),
    form(`${accountsServer}/oauth/v2/token`, {}),
    form(`${accountsServer}/oauth/v2/token/revoke`, { token: refreshToken }),
    [
      `${accountsServer}/oauth/v2/revoke/token?token=${refreshToken}&token_type=refresh_token`,
      { method: 'POST', headers: { authorization: basic } },
    ],
    [`${accountsServer}/oauth/v2/token`, { method: 'GET' }],
    [`${accountsServer}/oauth/v2/auth`, { method: 'GET' }],
    [`${accountsServer}/_emulator/reset`, { method: 'OPTIONS' }],
    [`${accountsServer}/nothing`, { method: 'GET' }],
    [`${recruitApi}/Candidates`, { method: 'GET' }],
    [`${recruitApi}/Candidates`, { method: 'POST', headers: { authorization: basic } }],
    [apiDomain, { method: 'GET' }],
  ]
}

describe.each(transports)('requests from a browser, %s', (transport, startEmulator) => {
  it.each(Object.entries(foreign))(
    'G5: %s can neither change nor read anything',
    async (_, headers) => {
      const { emulator, send } = await startEmulator()
      emulator.addFault({ on: 'token', kind: 'html', times: 1 })
      const { code } = emulator.issueSelfClientCode({
        scope: 'ZohoRecruit.modules.ALL',
        dataCenter: 'us',
      })
      emulator.clearFaults()
      const exchanged = await send(`${emulator.dataCenters.us.accountsServer}/oauth/v2/token`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: emulator.client.id,
          client_secret: emulator.client.secret,
          grant_type: 'authorization_code',
          code,
        }),
      })
      const { refresh_token: refreshToken } = (await exchanged.json()) as { refresh_token: string }
      emulator.addFault({ on: 'authorize', kind: 'html', times: 1 })
      const before = readState(emulator)
      for (const [url, init] of changes(emulator, refreshToken)) {
        const answer = await send(url, {
          ...init,
          headers: { ...init.headers, ...sent(headers, url) },
        })
        expect([answer.status, await answer.text()], `${init.method} ${url}`).toEqual([
          403,
          expect.stringContaining('Another website sent this request'),
        ])
        expect(answer.headers.get('access-control-allow-origin')).toBe(null)
      }
      expect(readState(emulator)).toEqual(before)
      for (const path of [
        '',
        '/',
        '/view',
        '/snapshot',
        '/settings',
        '/tokens',
        '/journal',
        '/faults',
        '/users',
        '/calls',
      ]) {
        const url = `${emulator.dataCenters.us.accountsServer}/_emulator${path}`
        const answer = await send(url, { headers: sent(headers, url) })
        expect(
          [answer.status, (await answer.text()).includes(emulator.client.secret)],
          path,
        ).toEqual([403, false])
      }
    },
  )

  it.each([
    { 'sec-fetch-site': 'same-origin', origin: 'null' },
    { 'sec-fetch-site': 'same-origin', origin: 'OWN' },
    { origin: 'OWN' },
    {},
  ])(
    'G5: the emulator serves its own pages and other programs: %j',
    async (headers: Record<string, string>) => {
      const { emulator, send } = await startEmulator()
      const { accountsServer } = emulator.dataCenters.us
      const post = (url: string, body: URLSearchParams | string, more = {}) =>
        send(url, { method: 'POST', body, headers: { ...sent(headers, url), ...more } })
      expect(
        (await post(authorizationUrl(emulator), new URLSearchParams({ decision: 'approve' })))
          .status,
      ).toBe(302)
      expect(
        (await post(`${accountsServer}/_emulator/`, new URLSearchParams({ action: 'reset' })))
          .status,
      ).toBe(303)
      expect(
        (
          await post(`${accountsServer}/_emulator/clock`, '{"advanceSeconds":1}', {
            'content-type': 'application/json; charset=utf-8',
          })
        ).status,
      ).toBe(200)
      expect(
        (
          await post(
            `${accountsServer}/oauth/v2/token`,
            new URLSearchParams({
              grant_type: 'refresh_token',
              client_id: 'x',
              client_secret: 'y',
            }),
          )
        ).status,
      ).toBe(200)
    },
  )

  it('G5: another site may link only to the consent page and the inspector', async () => {
    const { emulator, send } = await startEmulator()
    const { accountsServer, recruitApi } = emulator.dataCenters.us
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    const status = async (url: string, more: Record<string, string> = {}, method = 'GET') => {
      const init = { method, headers: { ...link, ...more } }
      return transport === 'in process' ? (await send(url, init)).status : sendExactly(url, init)
    }
    for (const url of [authorizationUrl(emulator), `${accountsServer}/_emulator/`]) {
      expect(await status(url)).toBe(200)
      expect(await status(url, { 'sec-fetch-site': 'same-site', 'sec-fetch-user': '?1' })).toBe(200)
      for (const dest of ['iframe', 'frame', 'object', 'embed', 'image', 'empty'])
        expect(await status(url, { 'sec-fetch-dest': dest }), dest).toBe(403)
      for (const mode of ['no-cors', 'cors', 'websocket'])
        expect(await status(url, { 'sec-fetch-mode': mode }), mode).toBe(403)
      expect(await status(url, { 'sec-purpose': 'prefetch;prerender' })).toBe(403)
      expect(await status(url, {}, 'POST')).toBe(403)
    }
    expect(emulator.tokens()).toMatchObject({ refreshTokens: [], accessTokens: [] })
    for (const url of [
      `${accountsServer}/_emulator/tokens`,
      `${accountsServer}/oauth/v2/token`,
      `${recruitApi}/Candidates`,
    ])
      expect(await status(url), url).toBe(403)
  })

  it('G5: a URL typed into the address bar can be read but changes nothing', async () => {
    const { emulator, send } = await startEmulator()
    const { accountsServer } = emulator.dataCenters.us
    const headers = {
      'sec-fetch-site': 'none',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    for (const url of [
      authorizationUrl(emulator),
      `${accountsServer}/_emulator/`,
      `${accountsServer}/_emulator/tokens`,
    ])
      expect((await send(url, { headers })).status).toBe(200)
    expect(
      (await send(`${accountsServer}/_emulator/reset`, { method: 'POST', headers })).status,
    ).toBe(403)
  })

  it('G5: control endpoints require the JSON content type from every browser', async () => {
    const { emulator, send } = await startEmulator()
    const url = `${emulator.dataCenters.us.accountsServer}/_emulator/settings`
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; application/json',
    ]) {
      const answer = await send(url, {
        method: 'POST',
        body: '{"codeLifeSeconds":480}',
        headers: { 'content-type': type, 'sec-fetch-site': 'same-origin' },
      })
      expect([answer.status, await answer.text()], type).toEqual([
        415,
        expect.stringContaining('Content-Type: application/json'),
      ])
    }
    expect(emulator.settings().codeLifeSeconds).toBe(60)
  })

  it('G5: answers forbid frames, cross-origin loading and content sniffing', async () => {
    const { emulator, send } = await startEmulator()
    const { accountsServer, recruitApi, apiDomain } = emulator.dataCenters.us
    emulator.addFault({ on: 'revoke', kind: 'empty' })
    const urls = [
      authorizationUrl(emulator),
      authorizationUrl(emulator, { scope: 'x' }),
      `${recruitApi}/Candidates`,
      apiDomain,
      `${accountsServer}/oauth/v2/token/revoke`,
    ]
    for (const url of [
      ...urls,
      ...['', '/', '/view', '/tokens', '/nothing'].map(
        (path) => `${accountsServer}/_emulator${path}`,
      ),
    ]) {
      const { headers } = await send(url)
      expect(
        [...headers.keys()].filter((name) => name.startsWith('access-control')),
        url,
      ).toEqual([])
      expect(Object.fromEntries(headers)).toMatchObject({
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      if (headers.get('content-type')?.startsWith('text/html'))
        expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  })

  it('G5: the Recruit API accepts forwarded browser headers with an access token', async () => {
    const { emulator, send } = await startEmulator()
    const visitor = { 'sec-fetch-site': 'same-origin', origin: 'https://app.example.com' }
    const headers = {
      ...visitor,
      ...foreign['another site'],
      authorization: 'Zoho-oauthtoken 1000.a.b',
    }
    expect(
      (await send(`${emulator.dataCenters.us.recruitApi}/Candidates`, { headers })).status,
    ).toBe(401)
    expect(
      (await send(`${emulator.dataCenters.us.accountsServer}/_emulator/tokens`, { headers }))
        .status,
    ).toBe(403)
  })
})

it('a client without a browser can connect', async () => {
  const emulator = await start()
  expect((await connect(emulator)).refreshToken).toMatch(/^1000\./)
  expect(emulator.client.redirectUris).toEqual([redirectUri])
})

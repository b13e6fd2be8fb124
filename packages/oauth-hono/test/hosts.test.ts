import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { perTest } from './app.ts'

const { app, browser } = perTest()

const hostile: [string, Record<string, string>][] = [
  ['Host', { host: 'evil.example' }],
  ['Host with a port', { host: 'evil.example:443' }],
  [
    'X-Forwarded-Host',
    {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '443',
      'x-forwarded-prefix': '/evil',
    },
  ],
  ['Forwarded', { forwarded: 'for=evil.example;host=evil.example;proto=https' }],
  [
    'X-Original-URL',
    {
      'x-original-url': '/evil.example',
      'x-rewrite-url': '/evil.example',
      'x-host': 'evil.example',
      'x-forwarded-server': 'evil.example',
      'x-original-host': 'evil.example',
    },
  ],
  ['Referer and Origin', { referer: 'https://evil.example/' }],
]

/** As it is on the wire: `fetch` would not send another `Host`. */
const raw = (path: string, headers: Record<string, string>, method = 'GET') =>
  new Promise<{
    status: number | undefined
    headers: string
    location: string | undefined
    body: string
  }>((resolve, reject) => {
    const { hostname, port } = new URL(app().origin)
    const sent = request({ hostname, port, path, method, headers }, async (message) => {
      let body = ''
      for await (const chunk of message) body += chunk
      resolve({
        status: message.statusCode,
        headers: JSON.stringify(message.headers),
        location: message.headers.location,
        body,
      })
    })
    sent.on('error', reject).end()
  })

describe.each(hostile)('a hostile %s', (_, headers) => {
  it('S7: changes no address: connect', async () => {
    for (const [method, accept] of [
      ['GET', 'text/html'],
      ['POST', '*/*'],
    ] as const) {
      const answer = await raw('/zoho/connect', { ...headers, accept }, method)
      const url = new URL(answer.location ?? (JSON.parse(answer.body) as { url: string }).url)
      expect([url.origin, url.searchParams.get('redirect_uri')]).toEqual([
        app().emulator.dataCenters.us.accountsServer,
        `${app().origin}/zoho/callback`,
      ])
      expect(answer.headers + answer.body).not.toContain('evil')
    }
  })

  it('S7: changes no address: the callback, the call for its code, and disconnect', async () => {
    const consent = await browser().open(`${app().origin}/zoho/connect`)
    const back = new URL(
      (await browser().submit(consent, { decision: 'approve' }, { stay: true })).headers.get(
        'location',
      ) ?? '',
    )
    const cookie = [...(browser().jar.get(back.host) ?? [])]
      .map((pair) => pair.join('='))
      .join('; ')
    const answer = await raw(back.pathname + back.search, {
      ...headers,
      accept: 'text/html',
      cookie,
    })
    // The emulator compares the redirect URI of the exchange with that of the request, to the
    // letter.
    expect([
      answer.status,
      answer.location,
      (await app().zoho.connection('acme').status()).status,
    ]).toEqual([303, '/', 'active'])
    const ended = await raw('/zoho/disconnect', { ...headers, accept: 'text/html' }, 'POST')
    expect([ended.status, ended.location]).toEqual([303, '/'])
    expect(answer.headers + ended.headers).not.toContain('evil')
  })

  it('S7: changes no address: pages, problem documents and connected()', async () => {
    for (const path of ['/zoho/callback', '/candidates', '/zoho/disconnect']) {
      for (const accept of ['text/html', 'application/json']) {
        const answer = await raw(path, { ...headers, accept })
        expect(answer.headers + answer.body).not.toContain('evil')
      }
    }
    const { body } = await raw('/candidates', { ...headers, accept: 'application/json' })
    expect((JSON.parse(body) as { connect: string }).connect).toBe(`${app().origin}/zoho/connect`)
  })
})

it('S7: a hostile Host does not make another site’s form one of ours, nor one of ours another’s', async () => {
  const theirs = await raw(
    '/zoho/disconnect',
    { host: 'evil.example', origin: 'http://evil.example', accept: '*/*' },
    'POST',
  )
  const ours = await raw(
    '/zoho/disconnect',
    { host: 'evil.example', origin: app().origin, accept: '*/*' },
    'POST',
  )
  expect([theirs.status, ours.status]).toEqual([403, 204])
})

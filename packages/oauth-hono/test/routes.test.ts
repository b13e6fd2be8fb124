import { Hono } from 'hono'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { perTest, startApp } from './app.ts'

const { app, browser } = perTest()

const connect = async () =>
  browser().submit(await browser().open(`${app().origin}/zoho/connect`), { decision: 'approve' })
const script = { accept: 'application/json' }

describe('connect', () => {
  it('S7: the redirect URI is the configured one, whatever host the request names', async () => {
    const hostile = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example',
    }
    const answer = await browser().send(`${app().origin}/zoho/connect`, { headers: hostile })
    const url = new URL(answer.headers.get('location') ?? '')
    expect(url.searchParams.get('redirect_uri')).toBe(`${app().origin}/zoho/callback`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      access_type: 'offline',
      prompt: 'consent',
      code_challenge_method: 'S256',
      scope: 'ZohoRecruit.modules.ALL,ZohoRecruit.org.READ',
    })
    expect(url.searchParams.get('state')).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it('C1, C4, C5, O4: one sealed cookie, HttpOnly and Lax; nothing is cached', async () => {
    const { headers } = await browser().send(`${app().origin}/zoho/connect`)
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^zro-[\w-]{8}=1\.[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
    ])
    expect([headers.get('cache-control'), headers.get('referrer-policy')]).toEqual([
      'no-store',
      'no-referrer',
    ])
    expect(headers.getSetCookie()[0]).not.toContain(
      new URL(headers.get('location') ?? '').searchParams.get('state'),
    )
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/..//evil.example',
    '/a\nb',
    '/ä',
    'javascript:alert(1)',
  ])('B14: refuses to return to %j', async (returnTo) => {
    const answer = await browser().send(
      `${app().origin}/zoho/connect?${new URLSearchParams({ returnTo })}`,
    )
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  })

  it('comes back to a path of the app', async () => {
    const consent = await browser().open(
      `${app().origin}/zoho/connect?returnTo=${encodeURIComponent('/candidates?page=2')}`,
    )
    expect((await browser().submit(consent, { decision: 'approve' })).url).toBe(
      `${app().origin}/candidates?page=2`,
    )
  })

  it('S11: an image on another site begins nothing; a person from there confirms first', async () => {
    const image = await browser().send(`${app().origin}/zoho/connect`, {
      headers: {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'no-cors',
        'sec-fetch-dest': 'image',
      },
    })
    expect([image.status, image.headers.getSetCookie()]).toEqual([403, []])
    const request = new Request(`${app().origin}/zoho/connect?returnTo=/candidates`, {
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' },
    })
    request.headers.set('sec-fetch-mode', 'navigate')
    const person = await new Hono().route('/zoho', app().zoho.routes()).request(request)
    expect([person.status, person.headers.getSetCookie()]).toEqual([200, []])
    expect(await person.text()).toContain('href="/zoho/connect?returnTo=%2Fcandidates"')
  })

  it('begins in the data center that is asked for, and in no unknown one', async () => {
    const eu = await browser().send(`${app().origin}/zoho/connect?dataCenter=eu`)
    expect(eu.headers.get('location')).toContain(app().emulator.dataCenters.eu.accountsServer)
    const unknown = await browser().send(`${app().origin}/zoho/connect?dataCenter=cn`, {
      headers: script,
    })
    expect(JSON.parse(unknown.text)).toMatchObject({
      status: 500,
      code: 'data-center-unknown',
      remedy: 'fix-configuration',
    })
  })
})

describe('disconnect', () => {
  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('refuses what another site sent: %j', async (headers) => {
    await connect()
    const answer = await browser().send(`${app().origin}/zoho/disconnect`, {
      method: 'POST',
      headers,
    })
    expect(answer.status).toBe(403)
    expect(app().emulator.calls().revoke).toBe(0)
  })

  it('takes the app’s own form under a referrer policy that hides the origin', async () => {
    await connect()
    const answer = await browser().send(`${app().origin}/zoho/disconnect`, {
      method: 'POST',
      headers: { origin: 'null', 'sec-fetch-site': 'same-origin' },
    })
    expect([answer.status, app().emulator.tokens().refreshTokens]).toEqual([303, []])
  })

  it('answers POST alone, and revokes at Zoho', async () => {
    await connect()
    expect((await browser().send(`${app().origin}/zoho/disconnect`)).status).toBe(405)
    expect(
      (await browser().send(`${app().origin}/zoho/disconnect`, { method: 'POST', headers: script }))
        .status,
    ).toBe(204)
    expect(app().emulator.tokens().refreshTokens).toEqual([])
  })
})

describe('connected', () => {
  it('sends a page to connect and answers a script with the address', async () => {
    const page = await browser().send(`${app().origin}/candidates?page=2`)
    expect([page.status, page.headers.get('location')]).toEqual([
      303,
      '/zoho/connect?returnTo=%2Fcandidates%3Fpage%3D2',
    ])
    const answer = await browser().send(`${app().origin}/candidates`, { headers: script })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      401,
      'application/problem+json',
    ])
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'not-connected',
      remedy: 'ask-consent',
      connect: `${app().origin}/zoho/connect`,
    })
  })

  it('names the scopes that are missing', async () => {
    await connect()
    const answer = await browser().send(`${app().origin}/users`, { headers: script })
    expect(JSON.parse(answer.text)).toMatchObject({
      status: 403,
      code: 'scope-missing',
      missingScopes: ['ZohoRecruit.users.READ'],
    })
  })

  it('asks for consent again once Zoho refuses the refresh token', async () => {
    await connect()
    app().emulator.reset()
    expect(
      JSON.parse((await browser().send(`${app().origin}/candidates`, { headers: script })).text),
    ).toMatchObject({ status: 401, code: 'needs-consent' })
    expect((await browser().send(`${app().origin}/candidates`)).headers.get('location')).toContain(
      '/zoho/connect',
    )
  })
})

describe('beside the routes', () => {
  it('leaves everything else to the app, and its errors too', async () => {
    expect((await browser().send(`${app().origin}/zoho/else`)).status).toBe(404)
    expect((await browser().send(`${app().origin}/zoho/%63onnect`)).status).toBe(404)
    expect((await browser().send(`${app().origin}/`)).text).toBe('home')
    const own = new Hono()
      .use(app().zoho.requireConnection())
      .get('/', () => Promise.reject(new Error('mine')))
    own.onError((error, c) => app().zoho.errorResponse(error, c) ?? c.text(error.message, 500))
    await connect()
    expect(await (await own.request('/')).text()).toBe('mine')
  })

  it('says so when it is mounted elsewhere than `redirectUri` says', async () => {
    const elsewhere = new Hono().route('/auth', app().zoho.routes())
    elsewhere.onError((error, c) => c.text(error.message, 500))
    expect(await (await elsewhere.request('/auth/connect')).text()).toMatch(
      /received a request for \/auth\/connect, but the option `redirectUri` says \/zoho\/callback/,
    )
  })

  it('C7: pages allow their own style and nothing else', async () => {
    const page = await browser().send(`${app().origin}/zoho/callback`)
    const style = /<style>(.*)<\/style>/s.exec(page.text)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(page.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri ` +
        "'none'; form-action 'none'",
    )
  })
})

it('answers where a proxy that strips the whole path leaves the routes', async () => {
  const behind = await startApp({ oauth: { mountPath: '/' } })
  const answer = await new Hono().route('/', behind.zoho.routes()).request('/connect')
  expect([
    answer.status,
    new URL(answer.headers.get('location') ?? '').searchParams.get('redirect_uri'),
  ]).toEqual([303, `${behind.origin}/zoho/callback`])
  await behind.close()
})

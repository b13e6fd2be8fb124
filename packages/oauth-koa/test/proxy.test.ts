import { createBrowser } from '@zrecruit/oauth-emulator'
import { describe, expect, it } from 'vitest'
import { candidatesMiddleware, startApp } from './app.ts'
import { koaVersions } from './koa-versions.ts'
import { sendRaw } from './send-raw.ts'

const redirectUri = 'https://app.example.com/zoho/callback'
const proxyHeaders = {
  accept: 'text/html',
  host: 'app.example.com',
  'x-forwarded-proto': 'https',
  'x-forwarded-for': '203.0.113.7',
}

const cases = koaVersions.flatMap(([name, Framework]) =>
  [true, false].map((proxy) => [name, proxy, Framework] as const),
)

describe.each(cases)('behind a proxy that ends TLS, on %s, app.proxy %s', (_, proxy, Framework) => {
  it('completes a consent with a Secure cookie', async () => {
    const koa = new Framework()
    koa.proxy = proxy
    const app = await startApp(koa, {
      redirectUri,
      addMiddleware: (_koa, zoho) =>
        koa.use(zoho.errorHandler()).use(zoho.routes()).use(candidatesMiddleware(zoho)),
    })
    expect((await sendRaw(app.origin, '/candidates', proxyHeaders)).headers.location).toBe(
      '/zoho/connect?returnTo=%2Fcandidates',
    )
    const connectResponse = await sendRaw(
      app.origin,
      '/zoho/connect?returnTo=/candidates',
      proxyHeaders,
    )
    const [cookie = '', ...otherCookies] = connectResponse.headers['set-cookie'] ?? []
    expect([otherCookies, cookie]).toEqual([
      [],
      expect.stringMatching(
        /^__Host-zro-[\w-]{8}=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      ),
    ])
    expect(new URL(connectResponse.headers.location ?? '').searchParams.get('redirect_uri')).toBe(
      redirectUri,
    )

    const browser = createBrowser()
    const consentResponse = await browser.submit(
      await browser.open(connectResponse.headers.location ?? ''),
      { decision: 'approve' },
      { stay: true },
    )
    const callbackUrl = new URL(consentResponse.headers.get('location') ?? '')
    expect(callbackUrl.origin + callbackUrl.pathname).toBe(redirectUri)
    const callbackResponse = await sendRaw(app.origin, callbackUrl.pathname + callbackUrl.search, {
      ...proxyHeaders,
      cookie: cookie.split(';')[0] ?? '',
    })
    expect([
      callbackResponse.status,
      callbackResponse.headers.location,
      callbackResponse.headers['set-cookie'],
    ]).toEqual([
      303,
      '/candidates',
      [expect.stringContaining('Max-Age=0'), expect.stringMatching(/^__Host-zro-last=.*; Secure$/)],
    ])
    expect(JSON.parse((await sendRaw(app.origin, '/candidates', proxyHeaders)).text)).toEqual({
      status: 200,
    })
  })

  it('S7: no header of a request changes the host or scheme of an address', async () => {
    const koa = new Framework()
    koa.proxy = proxy
    const app = await startApp(koa, { redirectUri })
    const forgedHeaders = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      forwarded: 'host=evil.example;proto=http',
      host: 'evil.example',
      'x-original-url': '/evil.example',
    }
    for (const path of ['/zoho/connect', '/zoho/callback', '/zoho/disconnect', '/candidates']) {
      for (const accept of ['text/html', 'application/json'])
        expect(
          JSON.stringify(await sendRaw(app.origin, path, { ...forgedHeaders, accept })),
        ).not.toContain('evil')
    }
    const connectResponse = await sendRaw(app.origin, '/zoho/connect', {
      ...forgedHeaders,
      accept: 'text/html',
    })
    expect(new URL(connectResponse.headers.location ?? '').searchParams.get('redirect_uri')).toBe(
      redirectUri,
    )
  })

  it('Koa’s own `ctx.cookies` sets Secure cookies only with `app.proxy`', async () => {
    const koa = new Framework()
    koa.proxy = proxy
    koa.use((ctx) => void ctx.cookies.set('a', '1', { secure: true }))
    const app = await startApp(koa, { redirectUri, addMiddleware: () => {} })
    // Without `app.proxy`, Koa throws, so the adapter must not use `ctx.cookies`.
    expect((await sendRaw(app.origin, '/', proxyHeaders)).status).toBe(proxy ? 404 : 500)
  })
})

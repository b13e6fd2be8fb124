import { createBrowser } from '@zrecruit/oauth-emulator'
import { describe, expect, it } from 'vitest'
import { candidates, startApp } from './app.ts'
import { koas } from './koas.ts'
import { raw } from './raw.ts'

const redirectUri = 'https://app.example.com/zoho/callback'
const proxied = {
  accept: 'text/html',
  host: 'app.example.com',
  'x-forwarded-proto': 'https',
  'x-forwarded-for': '203.0.113.7',
}

const cases = koas.flatMap(([name, Framework]) =>
  [true, false].map((proxy) => [name, proxy, Framework] as const),
)

describe.each(cases)('behind a proxy that ends TLS, on %s, app.proxy %s', (_, proxy, Framework) => {
  it('completes a consent with a Secure cookie', async () => {
    const koa = new Framework()
    koa.proxy = proxy
    const app = await startApp(koa, {
      redirectUri,
      arrange: (own, zoho) => own.use(zoho.errorHandler()).use(zoho.routes()).use(candidates(zoho)),
    })
    expect((await raw(app.origin, '/candidates', proxied)).headers.location).toBe(
      '/zoho/connect?returnTo=%2Fcandidates',
    )
    const begun = await raw(app.origin, '/zoho/connect?returnTo=/candidates', proxied)
    const [cookie = '', ...more] = begun.headers['set-cookie'] ?? []
    expect([more, cookie]).toEqual([
      [],
      expect.stringMatching(
        /^__Host-zro-[\w-]{8}=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
      ),
    ])
    expect(new URL(begun.headers.location ?? '').searchParams.get('redirect_uri')).toBe(redirectUri)

    const browser = createBrowser()
    const decided = await browser.submit(
      await browser.open(begun.headers.location ?? ''),
      { decision: 'approve' },
      { stay: true },
    )
    const back = new URL(decided.headers.get('location') ?? '')
    expect(back.origin + back.pathname).toBe(redirectUri)
    const returned = await raw(app.origin, back.pathname + back.search, {
      ...proxied,
      cookie: cookie.split(';')[0] ?? '',
    })
    expect([returned.status, returned.headers.location, returned.headers['set-cookie']]).toEqual([
      303,
      '/candidates',
      [expect.stringContaining('Max-Age=0')],
    ])
    expect(JSON.parse((await raw(app.origin, '/candidates', proxied)).text)).toEqual({
      status: 200,
    })
  })

  it('S7: no header of a request changes the host or scheme of an address', async () => {
    const koa = new Framework()
    koa.proxy = proxy
    const app = await startApp(koa, { redirectUri })
    const lies = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      forwarded: 'host=evil.example;proto=http',
      host: 'evil.example',
      'x-original-url': '/evil.example',
    }
    for (const path of ['/zoho/connect', '/zoho/callback', '/zoho/disconnect', '/candidates']) {
      for (const accept of ['text/html', 'application/json'])
        expect(JSON.stringify(await raw(app.origin, path, { ...lies, accept }))).not.toContain(
          'evil',
        )
    }
    const begun = await raw(app.origin, '/zoho/connect', { ...lies, accept: 'text/html' })
    expect(new URL(begun.headers.location ?? '').searchParams.get('redirect_uri')).toBe(redirectUri)
  })

  it('Koa’s own `ctx.cookies` sets Secure cookies only with `app.proxy`', async () => {
    const koa = new Framework()
    koa.proxy = proxy
    koa.use((ctx) => void ctx.cookies.set('a', '1', { secure: true }))
    const app = await startApp(koa, { redirectUri, arrange: () => {} })
    // Without `app.proxy`, Koa throws, so the adapter must not use `ctx.cookies`.
    expect((await raw(app.origin, '/', proxied)).status).toBe(proxy ? 404 : 500)
  })
})

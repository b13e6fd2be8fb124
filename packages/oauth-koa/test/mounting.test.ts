import Router from '@koa/router'
import type Koa from 'koa'
import mount from 'koa-mount'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ZohoRecruit } from '../src/index.ts'
import { startApp } from './app.ts'
import { koaVersions } from './koa-versions.ts'
import { sendRaw } from './send-raw.ts'

const page = { accept: 'text/html' }
const consentPageUrl = expect.stringContaining('/oauth/v2/auth?')
const homePage: Koa.Middleware = (ctx, next) =>
  ctx.path === '/' ? void (ctx.body = 'home') : next()

describe.each(koaVersions)('the routes, on %s', (_, Framework) => {
  const mountings: [string, (app: Koa, zoho: ZohoRecruit) => void][] = [
    ['app.use', (app, zoho) => app.use(zoho.routes())],
    ['koa-mount', (app, zoho) => app.use(mount('/zoho', zoho.routes()))],
    [
      'koa-mount of an app',
      (app, zoho) => app.use(mount('/zoho', new Framework().use(zoho.routes()))),
    ],
    [
      'a route of @koa/router',
      (app, zoho) => app.use(new Router().all('/zoho/:route', zoho.routes()).routes()),
    ],
    [
      'a router with a prefix',
      (app, zoho) =>
        app.use(new Router({ prefix: '/zoho' }).all('/:route', zoho.routes()).routes()),
    ],
    [
      'a guard in front of the whole app',
      (app, zoho) => app.use(zoho.requireConnection()).use(zoho.routes()),
    ],
  ]
  it.each(mountings)('respond wherever they are mounted: %s', async (_mounting, addMiddleware) => {
    const app = await startApp(new Framework(), {
      addMiddleware: (koa, zoho) => {
        addMiddleware(koa, zoho)
        return koa.use(homePage)
      },
    })
    const connectResponse = await sendRaw(app.origin, '/zoho/connect?returnTo=/', page)
    expect(connectResponse).toMatchObject({ status: 303, headers: { location: consentPageUrl } })
    expect(await sendRaw(app.origin, '/zoho/callback', page)).toMatchObject({
      status: 400,
      text: expect.stringContaining('callback-malformed'),
    })
    expect(await sendRaw(app.origin, '/zoho/disconnect', page)).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    })
    expect(app.errors).toEqual([])
  })

  it('leave other paths to the app', async () => {
    const app = await startApp(new Framework(), {
      addMiddleware: (koa, zoho) => koa.use(zoho.routes()).use(homePage),
    })
    expect((await sendRaw(app.origin, '/', page)).text).toBe('home')
    expect((await sendRaw(app.origin, '/zoho/connect', page)).status).toBe(303)
    for (const path of [
      '/zoho',
      '/zoho/',
      '/zoho/else',
      '/zoho/connect/',
      '/zoho/%63onnect',
      '/ZOHO/connect',
      '//zoho/connect',
      '/zoho/connect/../else',
      '/zoho//connect',
      '/%',
      '/\\',
    ])
      expect(await sendRaw(app.origin, path, page)).toMatchObject({
        status: 404,
        text: 'Not Found',
      })
    expect(app.errors).toEqual([])
  })

  it('are not reached by `router.use` alone, which needs a matching route', async () => {
    const app = await startApp(new Framework(), {
      addMiddleware: (koa, zoho) => koa.use(new Router().use(zoho.routes()).routes()),
    })
    expect((await sendRaw(app.origin, '/zoho/connect', page)).status).toBe(404)
  })

  it('use the whole path when a Koa app is mounted in another server', async () => {
    const redirectUri = 'https://app.example.com/tenant/zoho/callback'
    const app = await startApp(new Framework(), {
      redirectUri,
      addMiddleware: (koa, zoho) => koa.use(zoho.routes()),
    })
    const handle = app.server.listeners('request')[0] as Parameters<typeof createServer>[1]
    const outer = createServer((message, response) =>
      handle?.(
        Object.assign(message, {
          originalUrl: message.url,
          url: message.url?.replace('/tenant', ''),
        }),
        response,
      ),
    )
    await new Promise<void>((resolve) => outer.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void outer.close())
    const { port } = outer.address() as AddressInfo
    expect(await sendRaw(`http://127.0.0.1:${port}`, '/tenant/zoho/connect', page)).toMatchObject({
      status: 303,
      headers: { location: consentPageUrl },
    })
  })

  describe('at another path than that of `redirectUri`', () => {
    const wrongMountings: [string, string, (app: Koa, zoho: ZohoRecruit) => void, object?][] = [
      ['a mount', '/auth/connect', (app, zoho) => app.use(mount('/auth', zoho.routes()))],
      [
        'a router',
        '/auth/callback',
        (app, zoho) =>
          app.use(new Router({ prefix: '/auth' }).all('/:route', zoho.routes()).routes()),
      ],
      [
        'a proxy that strips a prefix',
        '/zoho/connect',
        (app, zoho) => app.use(zoho.routes()),
        { redirectUri: 'https://app.example.com/tenant/zoho/callback' },
      ],
    ]
    it.each(wrongMountings)(
      'keep the app’s 404 and report the error once: %s',
      async (_mounting, path, addMiddleware, oauth = {}) => {
        const app = await startApp(new Framework(), { addMiddleware, ...oauth })
        for (let round = 0; round < 3; round++)
          expect(await sendRaw(app.origin, `${path}?code=secret`, page)).toMatchObject({
            status: 404,
            text: 'Not Found',
          })
        expect(app.errors).toMatchObject([
          {
            code: 'configuration-invalid',
            message: expect.stringMatching(
              new RegExp(`^No handler answered ${path}\\. .*\`redirectUri\`.*\`mountPath\``),
            ),
          },
        ])
      },
    )

    it('are reported on the console by default', async () => {
      const consoleError = vi.spyOn(console, 'error').mockImplementation(() => {})
      onTestFinished(() => consoleError.mockRestore())
      const app = await startApp(new Framework(), {
        addMiddleware: (koa, zoho) =>
          void koa.removeAllListeners('error').use(mount('/auth', zoho.routes())),
      })
      await sendRaw(app.origin, '/auth/connect', page)
      expect(String(consoleError.mock.calls)).toContain('No handler answered /auth/connect.')
    })

    it('report nothing after a request has reached them, or when the app answers', async () => {
      const appHandler: Koa.Middleware = (ctx, next) =>
        ctx.path === '/team/connect' ? void (ctx.body = 'own') : next()
      const app = await startApp(new Framework(), {
        addMiddleware: (koa, zoho) => koa.use(zoho.routes()).use(appHandler),
      })
      expect((await sendRaw(app.origin, '/team/connect', page)).text).toBe('own')
      await sendRaw(app.origin, '/zoho/connect', page)
      expect((await sendRaw(app.origin, '/else/connect', page)).status).toBe(404)
      expect(app.errors).toEqual([])
    })
  })
})

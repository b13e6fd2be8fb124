import Koa from 'koa'
import { gzipSync } from 'node:zlib'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { candidatesMiddleware, connect, startApp } from './app.ts'
import { koaVersions } from './koa-versions.ts'
import { sendRaw } from './send-raw.ts'

const page = { accept: 'text/html' }
const script = { accept: 'application/json' }

describe.each(koaVersions)('responses, on %s', (_, Framework) => {
  it('keep the app’s cookies and headers, with one header for each cookie', async () => {
    // The app sets the same array for each request, so the library must not append to it.
    const sharedCookies = ['theme=dark; Path=/']
    const app = await startApp(new Framework(), {
      addMiddleware: (koa, zoho) =>
        koa
          .use(async (ctx, next) => {
            ctx.set('set-cookie', sharedCookies)
            ctx.set('x-frame-options', 'DENY')
            ctx.type = 'json' // Koa 3 would turn an empty body into `null`.
            await next()
            ctx.cookies.set('seen', 'yes')
          })
          .use(zoho.routes()),
    })
    for (let round = 0; round < 2; round++) {
      const { status, headers, text } = await sendRaw(app.origin, '/zoho/connect', page)
      expect([status, text, headers['x-frame-options'], headers['content-type']]).toEqual([
        303,
        '',
        'DENY',
        undefined,
      ])
      expect(headers['set-cookie']).toEqual([
        'theme=dark; Path=/',
        expect.stringMatching(/^zro-[\w-]{8}=[^;]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
        'seen=yes; path=/; httponly',
      ])
    }
    expect(sharedCookies).toEqual(['theme=dark; Path=/'])
  })

  it('keep the values of Vary that the app has set', async () => {
    const app = await startApp(new Framework(), {
      oauth: { trustedOrigins: ['https://spa.example.com'] },
      addMiddleware: (koa, zoho) =>
        koa
          .use((ctx, next) => {
            ctx.vary('Accept-Encoding')
            return next()
          })
          .use(zoho.routes()),
    })
    const { headers } = await sendRaw(app.origin, '/zoho/connect', page)
    expect(headers.vary).toBe('Accept-Encoding, Origin')
  })

  it('are visible to outer middleware: a logger, a compressor', async () => {
    const logged: unknown[] = []
    const app = await startApp(new Framework(), {
      addMiddleware: (koa, zoho) =>
        koa
          .use(async (ctx, next) => {
            await next()
            logged.push([ctx.status, ctx.response.length, ctx.type])
          })
          .use(compress)
          .use(zoho.errorHandler())
          .use(zoho.routes())
          .use(candidatesMiddleware(zoho)),
    })
    const response = await fetch(`${app.origin}/candidates`, { headers: script })
    expect([
      response.status,
      response.headers.get('content-encoding'),
      ((await response.json()) as { code: string }).code,
    ]).toEqual([401, 'gzip', 'not-connected'])
    expect(logged).toEqual([[401, expect.any(Number), 'application/problem+json']])
    await connect(app)
    expect(await (await fetch(`${app.origin}/candidates`, { headers: script })).json()).toEqual({
      status: 200,
    })
  })

  it('can be Zoho’s response', async () => {
    const app = await startApp(new Framework(), {
      addMiddleware: (koa, zoho) =>
        koa.use(zoho.requireConnection()).use(async (ctx) => {
          const response = await ctx.state.zoho.fetch(`Candidates?${ctx.querystring}`)
          if (Framework === Koa)
            ctx.body = response // Koa 3 accepts a `Response` as a body.
          else
            Object.assign(ctx, {
              status: response.status,
              type: response.headers.get('content-type'),
              body: response.body && Readable.fromWeb(response.body as never),
            })
        }),
    })
    await connect(app)
    const firstPage = await sendRaw(app.origin, '/?page=1', script)
    expect([
      firstPage.status,
      firstPage.headers['content-type'],
      firstPage.headers['set-cookie'],
    ]).toEqual([200, 'application/json;charset=UTF-8', undefined])
    expect(JSON.parse(firstPage.text)).toMatchObject({ info: { page: 1, count: 14 } })
    expect(await sendRaw(app.origin, '/?page=2', script)).toMatchObject({ status: 204, text: '' })
  })
})

/** Compresses the final body, as koa-compress does. */
const compress: Koa.Middleware = async (ctx, next) => {
  await next()
  const body = typeof ctx.body === 'string' ? ctx.body : JSON.stringify(ctx.body)
  ctx.body = gzipSync(body)
  ctx.set('content-encoding', 'gzip')
}

import { createRecruitOAuth } from '@zrecruit/oauth-core'
import type Koa from 'koa'
import { gzipSync } from 'node:zlib'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { candidates, connect, startApp } from './app.ts'
import { koas } from './koas.ts'
import { raw } from './raw.ts'

const page = { accept: 'text/html' }
const script = { accept: 'application/json' }

/** What Node and the connection say beside what core says. */
const transport = ['connection', 'content-length', 'date', 'keep-alive']

describe.each(koas)('answers, on %s', (_, Framework) => {
  it.each([
    ['a redirect', '/candidates?page=2', page],
    ['a problem document', '/candidates', script],
    ['a page', '/zoho/callback', page],
    ['a wrong method', '/zoho/disconnect', script],
    ['a HEAD, which begins nothing', '/zoho/connect', { ...page, method: 'HEAD' }],
    ['OPTIONS', '/zoho/callback', { ...script, method: 'OPTIONS' }],
    ['a prefetch, which has no body', '/zoho/connect', { ...page, 'sec-purpose': 'prefetch' }],
    [
      'another site',
      '/zoho/disconnect',
      { ...script, method: 'POST', origin: 'https://evil.example' },
    ],
  ])(
    'are core’s, octet by octet: %s',
    async (_case, path, { method = 'GET', ...headers }: Record<string, string>) => {
      const app = await startApp(new Framework())
      const core = createRecruitOAuth({
        clientId: app.emulator.client.id,
        clientSecret: app.emulator.client.secret,
        redirectUri: `${app.origin}/zoho/callback`,
        scopes: ['ZohoRecruit.modules.ALL'],
        connectionFor: () => ({ id: 'acme', principal: 'alice' }),
        onEvent: () => {},
      })
      const request = new Request(app.origin + path, { method, headers })
      const wanted =
        (await core.handle(request)) ?? ((await core.requireConnection(request)) as Response)
      const {
        status,
        headers: got,
        text: body,
      } = await raw(app.origin, path, { method, ...headers })
      const own = Object.fromEntries(
        Object.entries(got).filter(([name]) => !transport.includes(name)),
      )
      expect({ status, headers: own }).toEqual({
        status: wanted.status,
        headers: Object.fromEntries(wanted.headers),
      })
      const text = await wanted.text()
      expect(body).toBe(method === 'HEAD' ? '' : text)
      if (text) expect(got['content-length']).toBe(String(Buffer.byteLength(text)))
    },
  )

  it('keep the app’s own cookies and headers, each cookie a header of its own', async () => {
    const shared = ['theme=dark; Path=/']
    const app = await startApp(new Framework(), {
      arrange: (own, zoho) =>
        own
          .use(async (ctx, next) => {
            ctx.set('set-cookie', shared)
            ctx.set('x-frame-options', 'DENY')
            ctx.type = 'json' // Of no body, Koa 3 would make `null`.
            await next()
            ctx.cookies.set('seen', 'yes')
          })
          .use(zoho.routes()),
    })
    for (let round = 0; round < 2; round++) {
      const { status, headers, text } = await raw(app.origin, '/zoho/connect', page)
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
    expect(shared).toEqual(['theme=dark; Path=/'])
  })

  it('are seen by what stands around: a logger, a compressor', async () => {
    const seen: unknown[] = []
    const app = await startApp(new Framework(), {
      arrange: (own, zoho) =>
        own
          .use(async (ctx, next) => {
            await next()
            seen.push([ctx.status, ctx.response.length, ctx.type])
          })
          .use(compress)
          .use(zoho.errorHandler())
          .use(zoho.routes())
          .use(candidates(zoho)),
    })
    const answer = await fetch(`${app.origin}/candidates`, { headers: script })
    expect([
      answer.status,
      answer.headers.get('content-encoding'),
      ((await answer.json()) as { code: string }).code,
    ]).toEqual([401, 'gzip', 'not-connected'])
    expect(seen).toEqual([[401, expect.any(Number), 'application/problem+json']])
    await connect(app)
    expect(await (await fetch(`${app.origin}/candidates`, { headers: script })).json()).toEqual({
      status: 200,
    })
  })

  it('hand on what Zoho answers', async () => {
    const app = await startApp(new Framework(), {
      arrange: (own, zoho) =>
        own.use(zoho.requireConnection()).use(async (ctx) => {
          const answer = await ctx.state.zoho.fetch(`Candidates?${ctx.querystring}`)
          if (Framework === koas[1][1])
            ctx.body = answer // Koa 3 takes a `Response` for what it is.
          else
            Object.assign(ctx, {
              status: answer.status,
              type: answer.headers.get('content-type'),
              body: answer.body && Readable.fromWeb(answer.body as never),
            })
        }),
    })
    await connect(app)
    const one = await raw(app.origin, '/?page=1', script)
    expect([one.status, one.headers['content-type'], one.headers['set-cookie']]).toEqual([
      200,
      'application/json;charset=UTF-8',
      undefined,
    ])
    expect(JSON.parse(one.text)).toMatchObject({ info: { page: 1, count: 14 } })
    expect(await raw(app.origin, '/?page=2', script)).toMatchObject({ status: 204, text: '' })
  })
})

/** As koa-compress does it: what the body is by then, it takes. */
const compress: Koa.Middleware = async (ctx, next) => {
  await next()
  const body = typeof ctx.body === 'string' ? ctx.body : JSON.stringify(ctx.body)
  ctx.body = gzipSync(body)
  ctx.set('content-encoding', 'gzip')
}

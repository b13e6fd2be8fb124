import type Koa from 'koa'
import { describe, expect, it } from 'vitest'
import { connect, startApp } from './app.ts'
import { zohoRecruit } from '../src/index.ts'
import { koaVersions } from './koa-versions.ts'
import { sendRaw } from './send-raw.ts'

const script = { accept: 'application/json' }

describe.each(koaVersions)('errors, on %s', (_, Framework) => {
  const startWithHandler = (
    handler: Koa.Middleware,
    outer: Koa.Middleware = (_ctx, next) => next(),
  ) =>
    startApp(new Framework(), {
      addMiddleware: (app, zoho) =>
        app.use(outer).use(zoho.errorHandler()).use(zoho.routes()).use(handler),
    })

  it('of this library become responses and do not reach the app', async () => {
    const app = await startApp(new Framework(), {
      addMiddleware: (koa, zoho) =>
        koa
          .use(zoho.errorHandler())
          .use(async () => void (await zoho.connection('job').accessToken())),
    })
    const { status, headers, text } = await sendRaw(app.origin, '/', script)
    expect([status, headers['content-type'], JSON.parse(text)]).toEqual([
      401,
      'application/problem+json',
      expect.objectContaining({ code: 'not-connected', connect: `${app.origin}/zoho/connect` }),
    ])
    expect([app.errors, app.events.map(({ type }) => type)]).toEqual([[], ['request-refused']])
  })

  it('of the app reach Koa and `app.on("error")`', async () => {
    const appError = new Error('mine')
    const app = await startWithHandler(() => Promise.reject(appError))
    expect(await sendRaw(app.origin, '/', script)).toMatchObject({
      status: 500,
      text: 'Internal Server Error',
    })
    expect(app.errors).toEqual([appError])
    const teapot = await startWithHandler((ctx) => ctx.throw(418, 'short and stout'))
    expect(await sendRaw(teapot.origin, '/', script)).toMatchObject({
      status: 418,
      text: 'short and stout',
    })
  })

  it('of the app reach Koa, even behind the guard and from `connectionFor`', async () => {
    const appError = new Error('mine')
    const app = await startApp(new Framework(), {
      oauth: { connectionFor: () => Promise.reject(appError) },
      addMiddleware: (koa, zoho) =>
        koa.use(zoho.errorHandler()).use(zoho.routes()).use(zoho.requireConnection()),
    })
    for (const path of ['/', '/zoho/connect'])
      expect((await sendRaw(app.origin, path, script)).status).toBe(500)
    expect(app.errors).toEqual([appError, appError])
    const appBehindGuard = await startApp(new Framework(), {
      addMiddleware: (koa, zoho) =>
        koa
          .use(zoho.errorHandler())
          .use(zoho.requireConnection())
          .use(() => Promise.reject(appError)),
    })
    await connect(appBehindGuard)
    expect((await sendRaw(appBehindGuard.origin, '/', script)).status).toBe(500)
    expect(appBehindGuard.errors).toEqual([appError])
  })

  it('are answered before an outer error handler, which sees only the app’s errors', async () => {
    const caught: unknown[] = []
    const outer: Koa.Middleware = async (ctx, next) => {
      try {
        await next()
      } catch (error) {
        caught.push(error)
        ctx.status = 503
        ctx.body = 'own page'
      }
    }
    const toThrow: { error?: Error } = {}
    const app = await startWithHandler(async () => {
      if (toThrow.error) throw toThrow.error
      await app.zoho.connection('job').accessToken()
    }, outer)
    expect([(await sendRaw(app.origin, '/', script)).status, caught]).toEqual([401, []])
    toThrow.error = new Error('mine')
    expect([(await sendRaw(app.origin, '/', script)).text, caught]).toEqual([
      'own page',
      [toThrow.error],
    ])
  })

  it('become responses without the headers about the handler’s own body', async () => {
    const app = await startWithHandler(async (ctx) => {
      ctx.attachment('candidates.csv')
      ctx.set({
        'content-encoding': 'gzip',
        'content-length': '3',
        'content-language': 'de',
        etag: '"a"',
        'last-modified': 'Mon, 01 Jan 2026 00:00:00 GMT',
      })
      ctx.set({
        'content-security-policy': "default-src 'self'",
        'access-control-allow-origin': '*',
        'set-cookie': 'a=1',
      })
      await app.zoho.connection('job').accessToken()
    })
    const { status, headers, text } = await sendRaw(app.origin, '/', script)
    expect(Object.keys(headers).toSorted()).toEqual([
      'access-control-allow-origin',
      'cache-control',
      'connection',
      'content-length',
      'content-security-policy',
      'content-type',
      'date',
      'referrer-policy',
      'set-cookie',
      'x-content-type-options',
    ])
    expect([status, headers['content-type'], headers['content-length']]).toEqual([
      401,
      'application/problem+json',
      String(Buffer.byteLength(text)),
    ])
  })

  it('reach the app when a response has already started', async () => {
    const app = await startWithHandler(async (ctx) => {
      ctx.status = 200
      ctx.res.write('half')
      await app.zoho.connection('job').accessToken()
    })
    const aborting = new AbortController()
    const response = await fetch(`${app.origin}/`, { headers: script, signal: aborting.signal })
    await expect.poll(() => app.errors).toMatchObject([{ code: 'not-connected' }])
    expect([
      response.status,
      new TextDecoder().decode((await response.body?.getReader().read())?.value),
    ]).toEqual([200, 'half'])
    aborting.abort() // Koa does not end such a response.
  })

  it('get Koa’s 500 without `errorHandler()`, whatever Zoho’s status was', async () => {
    const app = await startApp(new Framework(), {
      addMiddleware: (koa, zoho) =>
        koa.use(async (ctx) => {
          await zoho.connection('job').exchangeSelfClientCode(ctx.path, { principal: 'alice' })
          ctx.body = 'connected'
        }),
    })
    for (const [fault, zohoStatus] of [
      [{ kind: 'html' }, 200],
      [{ kind: 'status', status: 404 }, 404],
    ] as const) {
      app.emulator.addFault({ on: 'token', ...fault, times: 1 })
      expect(await sendRaw(app.origin, `/code-${zohoStatus}`, script)).toMatchObject({
        status: 500,
        text: 'Internal Server Error',
      })
      expect(app.errors.at(-1)).toMatchObject({ name: 'RecruitOAuthError', zohoStatus })
    }
  })

  describe('never become a 200', () => {
    /** Sends a request to an app without `errorHandler()`, whose guarded handler fails. */
    const sendToFailingApp = async (
      outer: Koa.Middleware,
      fail: Koa.Middleware = (ctx) => ctx.state.zoho.fetch('https://elsewhere.example'),
    ) => {
      const app = await startApp(new Framework(), {
        addMiddleware: (koa, zoho) =>
          koa
            .use(outer)
            .use(zoho.routes())
            .use(zoho.requireConnection())
            .use(async (ctx, next) => {
              ctx.body = ['the first page']
              await fail(ctx, next)
            }),
      })
      await connect(app)
      return sendRaw(app.origin, '/', script)
    }

    it('in an error middleware that sets only a body', async () => {
      const response = await sendToFailingApp(async (ctx, next) => {
        await next().catch(() => (ctx.body = 'own page'))
      })
      expect([response.status, response.text]).toEqual([400, 'own page'])
    })

    it('in an error middleware that only logs', async () => {
      const { status } = await sendToFailingApp((_ctx, next) => next().catch(() => {}))
      expect(status).toBe(400)
    })

    it('but keep the status that an error middleware sets', async () => {
      const { status } = await sendToFailingApp(async (ctx, next) => {
        await next().catch(() => Object.assign(ctx, { status: 202, body: 'queued' }))
      })
      expect(status).toBe(202)
    })

    it.each([{ status: 200 }, { statusCode: 204 }, { status: 200, statusCode: 404 }])(
      'if they are the app’s errors with %o',
      async (fields) => {
        const throwIt = () => Promise.reject(Object.assign(new Error('mine'), fields))
        const { status } = await sendToFailingApp((_ctx, next) => next(), throwIt)
        expect(status).toBe(500)
        const app = await startWithHandler(throwIt)
        expect((await sendRaw(app.origin, '/', script)).status).toBe(500)
      },
    )

    it('with the statuses of redirects and errors unchanged', async () => {
      for (const status of [302, 404, 503]) {
        const throwIt = () => Promise.reject(Object.assign(new Error('mine'), { status }))
        expect((await sendToFailingApp((_ctx, next) => next(), throwIt)).status).toBe(status)
      }
    })
  })
})

it('a misspelt member of requireConnection is refused when the guard is created', () => {
  const zoho = zohoRecruit({
    clientId: '1000.CLIENT',
    clientSecret: 'the-secret',
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    connectionFor: () => undefined,
  })
  expect(() => zoho.requireConnection({ scope: ['ZohoRecruit.users.READ'] } as object)).toThrow(
    'The option `scope` is unknown. Did you mean `scopes`?',
  )
})

import Router from '@koa/router'
import type Koa from 'koa'
import mount from 'koa-mount'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { ZohoRecruit } from '../src/index.ts'
import { connect, startApp } from './app.ts'
import { koaVersions } from './koa-versions.ts'
import { sendRaw } from './send-raw.ts'

// The guard is in front of the whole app, and another handler answers in place of the routes.

const paths = ['/zoho/connect', '/zoho/callback', '/zoho/disconnect']
const secret = 'protected body'

const otherHandlers: readonly (readonly [string, Koa.Middleware])[] = [
  ['a text', (ctx) => void (ctx.body = secret)],
  [
    'a status and headers',
    (ctx) => {
      ctx.set({ 'x-secret': secret, 'x-own': secret })
      ctx.append('set-cookie', `secret=${secret}`)
      ctx.attachment(`${secret}.txt`)
      ctx.status = 403
      ctx.body = secret
    },
  ],
  ['a stream', (ctx) => void (ctx.body = Readable.from([secret]))],
  [
    'an error whose message Koa sends to the client',
    (ctx) => {
      ctx.body = secret
      ctx.throw(418, secret)
    },
  ],
]

describe.each(koaVersions)(
  'another handler between the guard and the routes, on %s',
  (_, Framework) => {
    const start = async (
      handler: Koa.Middleware,
      addEarlier: (app: Koa, zoho: ZohoRecruit) => unknown = () => {},
    ) =>
      startApp(new Framework(), {
        addMiddleware(koa, zoho) {
          koa.use(async (ctx, next) => {
            ctx.set('x-own', 'kept')
            ctx.append('set-cookie', 'app=kept')
            await next()
          })
          addEarlier(koa, zoho)
          koa.use(zoho.errorHandler()).use(zoho.requireConnection()).use(handler).use(zoho.routes())
        },
      })

    it.each(otherHandlers)(
      'G1: withholds another handler’s response and reports it: %s',
      async (_case, handler) => {
        const app = await start(handler)
        for (const path of paths) {
          const response = await sendRaw(app.origin, path, { accept: 'text/html' })
          expect([
            response.status,
            response.headers['x-own'],
            response.headers['set-cookie'],
          ]).toEqual([500, 'kept', ['app=kept']])
          expect(JSON.stringify(response)).not.toContain('protected')
          expect(response.text).toContain('<code>configuration-invalid</code>')
        }
        expect(app.events).toContainEqual({
          type: 'request-refused',
          route: 'error-handler',
          error: expect.objectContaining({
            code: 'configuration-invalid',
            message: expect.stringMatching(
              /^Another handler answered \/zoho\/connect\. .*`requireConnection\(\)`.*`routes\(\)`/,
            ),
          }),
        })
      },
    )

    it('G1: a response that a handler writes to Node’s response is cut off', async () => {
      const endsLater: Koa.Middleware = (ctx) => {
        ctx.respond = false
        setTimeout(() => ctx.res.end(secret), 50)
      }
      const writesAndEndsLater: Koa.Middleware = (ctx) => {
        ctx.res.write('first part')
        setTimeout(() => ctx.res.end(secret), 50)
      }
      for (const handler of [endsLater, writesAndEndsLater]) {
        const app = await start(handler)
        const text = fetch(`${app.origin}/zoho/connect`).then((response) => response.text())
        await expect(text).rejects.toThrow(TypeError)
        expect(app.events).toContainEqual({
          type: 'request-refused',
          route: 'error-handler',
          error: expect.objectContaining({ code: 'configuration-invalid' }),
        })
      }
    })

    it('a connected user gets the other handler’s responses and errors', async () => {
      const app = await start((ctx) =>
        ctx.path === paths[0] ? void (ctx.body = secret) : ctx.throw(418, 'own'),
      )
      await connect(app)
      expect((await sendRaw(app.origin, '/zoho/connect')).text).toBe(secret)
      expect(await sendRaw(app.origin, '/zoho/callback')).toMatchObject({
        status: 418,
        text: 'own',
      })
    })

    it.each<[string, Koa.Middleware]>([
      [
        'ctx.path',
        (ctx, next) => {
          ctx.path = '/admin'
          return next()
        },
      ],
      [
        'ctx.url',
        (ctx, next) => {
          ctx.url = '/admin?x'
          return next()
        },
      ],
      [
        'ctx.path, to a longer path with the same end',
        (ctx, next) => {
          ctx.path = '/admin/zoho/connect'
          return next()
        },
      ],
      [
        'ctx.path, to a route name without a slash',
        (ctx, next) => {
          ctx.path = 'connect'
          return next()
        },
      ],
    ])(
      'G1: a path that was rewritten before the guard does not open the guard: %s',
      async (_case, rewrite) => {
        let runs = 0
        const router = new Router().all(
          '/{*path}',
          (ctx) => void (ctx.body = `${secret} ${++runs}`),
        )
        const app = await start(router.routes() as Koa.Middleware, (koa) => koa.use(rewrite))
        expect((await sendRaw(app.origin, '/zoho/connect')).status).toBe(401)
        expect(runs).toBe(0)
      },
    )

    it('a route path that no handler answers gets the app’s own 404', async () => {
      const app = await startApp(new Framework(), {
        addMiddleware: (koa, zoho) => koa.use(zoho.requireConnection()),
      })
      expect(await sendRaw(app.origin, '/zoho/connect')).toMatchObject({
        status: 404,
        text: 'Not Found',
      })
      expect((await sendRaw(app.origin, '/zoho/else')).status).toBe(401)
    })

    it.each<[string, (app: Koa, zoho: ZohoRecruit) => void]>([
      [
        'middleware that calls next',
        (app, zoho) =>
          void app
            .use((ctx, next) => {
              ctx.set('x-more', '1')
              return next()
            })
            .use(zoho.routes()),
      ],
      [
        'koa-mount within koa-mount',
        (app, zoho) => void app.use(mount('/zoho', new Framework().use(mount('/', zoho.routes())))),
      ],
    ])('the routes stay reachable without a connection: %s', async (_case, addMiddleware) => {
      const app = await startApp(new Framework(), {
        addMiddleware: (koa, zoho) => addMiddleware(koa.use(zoho.requireConnection()), zoho),
      })
      expect((await sendRaw(app.origin, '/zoho/connect', { accept: 'text/html' })).status).toBe(303)
      expect((await sendRaw(app.origin, '/zoho/else')).status).toBe(401)
    })

    it('an error in the app’s connectionFor is left to the app', async () => {
      const connectionFor = () => {
        throw Object.assign(new Error('own'), { status: 418, expose: true })
      }
      const app = await startApp(new Framework(), {
        oauth: { connectionFor },
        addMiddleware: (koa, zoho) => koa.use(zoho.requireConnection()).use(zoho.routes()),
      })
      expect(await sendRaw(app.origin, '/zoho/connect')).toMatchObject({ status: 418, text: 'own' })
    })
  },
)

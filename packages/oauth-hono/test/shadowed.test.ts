import { Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { beforeEach, expect, it } from 'vitest'
import { useApp } from './app.ts'

// The guard is in front of the whole app, and another handler answers in place of the routes.

const { app, browser } = useApp()
const paths = ['/zoho/connect', '/zoho/callback', '/zoho/disconnect']
const secret = 'protected body'

let handlerRuns = 0
beforeEach(() => void (handlerRuns = 0))

const otherHandler: MiddlewareHandler = (c) => {
  handlerRuns++
  c.header('x-secret', secret)
  c.header('set-cookie', `secret=${secret}`)
  return Promise.resolve(c.text(secret))
}

/** Creates an app behind the guard, with or without `errorResponse`. */
const createGuardedApp = (addHandlers: (guarded: Hono) => unknown, hasErrorResponse = true) => {
  const guarded = new Hono()
  guarded.use(app().zoho.requireConnection())
  addHandlers(guarded)
  guarded.onError(
    (error, c) =>
      (hasErrorResponse && app().zoho.errorResponse(error, c)) || c.text('own error', 500),
  )
  return guarded
}

const addRoutesAfter = (handler: MiddlewareHandler) => (guarded: Hono) =>
  guarded.all('*', handler).route('/zoho', app().zoho.routes())

it.each([true, false])(
  'G1: withholds another handler’s response and reports it (with errorResponse: %s)',
  async (hasErrorResponse) => {
    const guarded = createGuardedApp(addRoutesAfter(otherHandler), hasErrorResponse)
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'HEAD']) {
        const response = await guarded.request(path, { method })
        expect([
          response.status,
          JSON.stringify([...response.headers]) + (await response.text()),
        ]).toEqual([500, expect.not.stringContaining('protected')])
      }
    }
    expect(app().events).toContainEqual({
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

it('G1: withholds an error of another handler', async () => {
  const guarded = createGuardedApp(
    addRoutesAfter(() => {
      throw new HTTPException(403, { message: secret, res: new Response(secret) })
    }),
  )
  expect(await (await guarded.request('/zoho/connect')).text()).not.toContain(secret)
})

it('G1: runs no handler of an app in which the routes are not mounted', async () => {
  for (const addHandlers of [
    (guarded: Hono) => guarded.all('*', otherHandler),
    (guarded: Hono) =>
      guarded
        .mount('/zoho', new Hono().route('/', app().zoho.routes()).fetch)
        .all('*', otherHandler),
  ]) {
    const guarded = createGuardedApp(addHandlers)
    for (const path of paths) expect((await guarded.request(path)).status).toBe(401)
  }
  expect(handlerRuns).toBe(0)
})

it('a connected user gets the other handler’s response', async () => {
  await browser().submit(await browser().open(`${app().origin}/zoho/connect`), {
    decision: 'approve',
  })
  expect(
    await (await createGuardedApp(addRoutesAfter(otherHandler)).request('/zoho/connect')).text(),
  ).toBe(secret)
})

it.each<[string, (guarded: Hono) => unknown]>([
  ['nested apps', (guarded) => guarded.route('/', new Hono().route('/zoho', app().zoho.routes()))],
  [
    'an app with its own error handler',
    (guarded) =>
      guarded.route(
        '/',
        new Hono().onError((_, c) => c.text('inner', 500)).route('/zoho', app().zoho.routes()),
      ),
  ],
  ['a base path', (guarded) => guarded.basePath('/zoho').route('/', app().zoho.routes())],
  [
    'middleware that calls next',
    (guarded) =>
      guarded
        .use(async (c, next) => {
          await next()
          c.header('x-own', '1')
        })
        .route('/zoho', app().zoho.routes()),
  ],
])('the routes stay reachable without a connection: %s', async (_, addRoutes) => {
  const guarded = createGuardedApp((inner) => {
    addRoutes(inner)
    return inner.all('*', otherHandler)
  })
  expect((await guarded.request('/zoho/connect')).headers.get('location')).toContain(
    '/oauth/v2/auth?',
  )
  expect((await guarded.request('/zoho/callback')).status).toBe(400)
  expect((await guarded.request('/zoho/disconnect', { method: 'POST' })).status).toBe(204)
  expect((await guarded.request('/zoho/else')).status).toBe(401)
  expect(handlerRuns).toBe(0)
})

it('the routes stay reachable when the router has its own `getPath`', async () => {
  const guarded = new Hono({ getPath: (request) => `/app.example${new URL(request.url).pathname}` })
  guarded.use(app().zoho.requireConnection()).route('/app.example/zoho', app().zoho.routes())
  expect((await guarded.request('/zoho/connect')).status).toBe(303)
})

it('an error in the app’s connectionFor is left to the app', async () => {
  app().session.principal = undefined
  Object.defineProperty(app().session, 'principal', {
    get: () => {
      throw new Error('own')
    },
  })
  const guarded = createGuardedApp((inner) => inner.route('/zoho', app().zoho.routes()))
  const response = await guarded.request('/zoho/connect')
  expect([response.status, await response.text()]).toEqual([500, 'own error'])
})

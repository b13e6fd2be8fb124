import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import {
  connectionOf,
  type AppOptions,
  type AppSettings,
  type RunningApp,
  type AdapterHarness,
} from '@zrecruit/oauth-conformance'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import Koa2 from 'koa-2'
import { createServer } from 'node:http'
import { zohoRecruit, type ZohoRecruit, type ZohoState } from '../src/index.ts'
import type { Mount } from './mounts.ts'

const start = async (app: Koa, settings: AppSettings, mounted: Mount): Promise<RunningApp> => {
  const store = memoryStore()
  const createClient = (options: AppOptions) =>
    zohoRecruit({ ...options, store, connectionFor: (ctx) => connectionOf(ctx.get('cookie')) })
  const zoho = createClient(settings.options)
  app.silent = true
  app.use(async (ctx, next) => {
    ctx.append('set-cookie', 'app=kept; Path=/')
    try {
      await next()
    } catch (error) {
      ctx.status = 500
      ctx.body = (error as Error).message
    }
    if (ctx.status === 404 && !ctx.body) Object.assign(ctx, { body: 'own 404', status: 404 })
  })
  app.use(zoho.errorHandler())
  if (settings.bodyParser) app.use(bodyParser())
  if (settings.catchAll !== undefined) app.use(zoho.requireConnection())
  if (settings.catchAll === 'handler-first') app.use(respondToEveryPath)
  for (const prefix of [settings.mount, settings.alsoMount]) {
    if (prefix !== undefined) mounted.use(app, zoho, prefix)
  }
  if (settings.catchAll === 'routes-first') app.use(respondToEveryPath)
  app.use(createRouter(zoho, settings).routes())
  if (settings.second) {
    const second = createClient(settings.second.options)
    mounted.use(app, second, settings.second.mount)
    for (const [path, client] of [
      [settings.mount, zoho],
      [settings.second.mount, second],
    ] as const)
      app.use(createClientRouter(path, client).routes())
    app.use(createRouterOfBoth(`${settings.second.mount}/both`, zoho, second).routes())
  }
  const server = createServer(mounted.serve?.(app) ?? app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Creates a router with the routes that each of two clients has below its mount path. */
const createClientRouter = (path: string, zoho: ZohoRecruit) => {
  const router = new Router({ prefix: path })
  router.get('/candidates', zoho.requireConnection(), candidates)
  router.get(
    '/connections',
    async (ctx) => void (ctx.body = (await zoho.connections()).connections.map(({ id }) => id)),
  )
  router.post('/forget', async (ctx) => {
    await zoho.connection('acme').forget()
    ctx.body = 'forgotten'
  })
  return router
}

const createRouterOfBoth = (path: string, zoho: ZohoRecruit, second: ZohoRecruit) =>
  new Router().get<ZohoState & ZohoState<'otherZoho'>>(
    path,
    zoho.requireConnection(),
    second.requireConnection({ as: 'otherZoho' }),
    async ({ state, response }) => {
      response.body = [await state.zoho.accessToken(), await state.otherZoho.accessToken()]
    },
  )

const createRouter = (zoho: ZohoRecruit, { bodyParser: hasBodyParser }: AppSettings) => {
  const router = new Router()
  router.get('/candidates', zoho.requireConnection(), candidates)
  router.get(
    '/users',
    zoho.requireConnection({ scopes: ['ZohoRecruit.users.READ'] }),
    (ctx) => void (ctx.body = 'users'),
  )
  router.get(
    '/account',
    zoho.requireConnection(),
    async (ctx) => void (ctx.body = (await ctx.state.zoho.status()).identity),
  )
  router.get('/guarded-failure', zoho.requireConnection(), throwOwnError)
  router.get('/failure', throwOwnError)
  router.get('/job', async (ctx) => {
    await zoho.connection('job').accessToken()
    ctx.body = 'token'
  })
  if (hasBodyParser) router.post('/echo', (ctx) => void (ctx.body = ctx.request.body))
  return router
}

const candidates = async (ctx: Koa.ParameterizedContext<ZohoState>) => {
  const response = await ctx.state.zoho.fetch('Candidates?per_page=2')
  ctx.status = response.status
  ctx.type = response.headers.get('content-type') ?? ''
  ctx.body = response.status === 204 ? null : Buffer.from(await response.arrayBuffer())
}
const respondToEveryPath: Koa.Middleware = (ctx) => void (ctx.body = 'protected body')

const throwOwnError = () => {
  throw new Error('own error')
}

/** Creates the harness for one version of Koa, with the routes mounted in this way. */
export const subjectOn = (version: 'Koa 2' | 'Koa 3', mounted: Mount): AdapterHarness => {
  const Framework = version === 'Koa 2' ? Koa2 : Koa
  return { name: version, start: (settings) => start(new Framework(), settings, mounted) }
}

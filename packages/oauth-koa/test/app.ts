import { createEmulator } from '@zrecruit/oauth-emulator'
import type Koa from 'koa'
import type { Context } from 'koa'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import {
  zohoRecruit,
  type RecruitOAuthEvent,
  type RecruitOAuthOptions,
  type ZohoRecruit,
} from '../src/index.ts'

interface Settings {
  /** Default: the callback at the loopback address of the app. */
  readonly redirectUri?: string
  readonly oauth?: Partial<RecruitOAuthOptions<Context>>
  /**
   * Adds the middleware of the app. Default: the error handler, the routes, and `GET /candidates`
   * behind the guard.
   */
  readonly addMiddleware?: (app: Koa, zoho: ZohoRecruit) => void
}

const addDefaultMiddleware = (app: Koa, zoho: ZohoRecruit) =>
  app.use(zoho.errorHandler()).use(zoho.routes()).use(candidatesMiddleware(zoho))

/** Creates the middleware of `GET /candidates`, behind the guard, without a router. */
export const candidatesMiddleware =
  (zoho: ZohoRecruit): Koa.Middleware =>
  async (ctx, next) => {
    if (ctx.path !== '/candidates') return next()
    await zoho.requireConnection()(ctx, async () => {
      ctx.body = { status: (await ctx.state.zoho.fetch('Candidates?per_page=2')).status }
    })
  }

/** Starts an emulator, and serves the Koa app on loopback, for one test. */
export const startApp = async (
  app: Koa,
  { redirectUri, oauth, addMiddleware = addDefaultMiddleware }: Settings = {},
) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const registered = redirectUri ?? `${origin}/zoho/callback`
  const emulator = createEmulator({ redirectUris: [registered] })
  await emulator.listen({ port: 0 })
  onTestFinished(async () => {
    server.close()
    await emulator.close()
  })
  const events: RecruitOAuthEvent[] = []
  const errors: unknown[] = []
  app.on('error', (error) => errors.push(error))
  const zoho = zohoRecruit({
    clientId: emulator.client.id,
    clientSecret: emulator.client.secret,
    redirectUri: registered,
    scopes: ['ZohoRecruit.modules.ALL'],
    dataCenters: emulator.dataCenters,
    connectionFor: () => ({ id: 'acme', principal: 'alice' }),
    onEvent: (event) => void events.push(event),
    ...oauth,
  })
  addMiddleware(app, zoho)
  server.on('request', app.callback())
  return { origin, server, emulator, zoho, events, errors }
}

/** Connects with the code of a Zoho Self Client, without a browser. */
export const connect = async (
  { emulator, zoho }: Pick<Awaited<ReturnType<typeof startApp>>, 'emulator' | 'zoho'>,
  id = 'acme',
) => {
  const { code } = emulator.issueSelfClientCode({
    scope: 'ZohoRecruit.modules.ALL',
    dataCenter: 'us',
  })
  await zoho.connection(id).exchangeSelfClientCode(code, { principal: 'alice' })
}

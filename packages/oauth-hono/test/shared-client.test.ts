import { memoryStore } from '@zrecruit/oauth-core/memory'
import { Hono, type Context } from 'hono'
import { handle as lambdaHandle } from 'hono/aws-lambda'
import { handle as netlifyHandle } from 'hono/netlify'
import { handle as vercelHandle } from 'hono/vercel'
import { describe, expect, it, vi } from 'vitest'
import { zohoRecruitFromBindings, type RecruitOAuthOptions } from '../src/index.ts'
import {
  constantOptions,
  createAppOnBindings,
  createBindings,
  page,
  script,
  type App,
  type Bindings,
} from './app-on-bindings.ts'

/** The `env` that an adapter passes with the second argument, for each request. */
const envsOfRequests: readonly (readonly [name: string, env: (values: Bindings) => object])[] = [
  ['a copy of the variables', (values) => ({ ...values })],
  [
    'hono/aws-lambda',
    (values) => ({ ...values, event: {}, requestContext: {}, lambdaContext: {} }),
  ],
  ['hono/lambda-edge', (values) => ({ ...values, event: {}, callback: () => {}, request: {} })],
  ['hono/netlify', (values) => ({ ...values, context: {} })],
  ['hono/cloudflare-pages', (values) => ({ ...values, eventContext: {} })],
  ['@hono/node-server', (values) => ({ ...values, incoming: {}, outgoing: {} })],
  ['Deno.serve', (values) => ({ ...values, remoteAddr: {}, completed: Promise.resolve() })],
  ['an object of a class', (values) => Object.assign(new (class Env {})(), values)],
]

describe('requests with an `env` of their own share one client', () => {
  it.each(envsOfRequests)('%s', async (_, createEnv) => {
    const { app, zoho, optionsFrom } = createAppOnBindings()
    const values = createBindings()
    const responses = await Promise.all(
      Array.from({ length: 20 }, async () =>
        app.request('/zoho/connect', page, createEnv(values) as Bindings),
      ),
    )
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([303]))
    zoho.with(values).connection('acme')
    expect(optionsFrom).toHaveBeenCalledTimes(1)
  })

  it.each<[string, (app: Hono<App>) => Promise<{ statusCode?: number; status?: number }>]>([
    [
      'hono/aws-lambda',
      (app) =>
        lambdaHandle(app)({
          version: '2.0',
          rawPath: '/zoho/connect',
          rawQueryString: '',
          headers: { accept: 'text/html' },
          requestContext: { domainName: 'app.example.com', http: { method: 'GET' } },
        } as never) as never,
    ],
    [
      'hono/netlify',
      async (app) =>
        netlifyHandle(app)(new Request('https://app.example.com/zoho/connect', page), {}),
    ],
    [
      'hono/vercel',
      async (app) => vercelHandle(app)(new Request('https://app.example.com/zoho/connect', page)),
    ],
  ])('on %s, with options that do not come from the bindings', async (_, send) => {
    const store = memoryStore()
    const optionsFrom = vi.fn<() => RecruitOAuthOptions<Context<App>>>(() => ({
      clientId: '1000.CLIENT',
      clientSecret: 'the-secret',
      redirectUri: 'https://app.example.com/zoho/callback',
      scopes: ['ZohoRecruit.modules.READ'],
      store,
      encryptionKeys: [Buffer.alloc(32, 7).toString('base64')],
      connectionFor: () => ({ id: 'acme', principal: 'alice' }),
    }))
    const app = new Hono<App>().route('/zoho', zohoRecruitFromBindings<App>(optionsFrom).routes())
    for (let count = 0; count < 15; count++) {
      const { status, statusCode } = await send(app)
      expect(status ?? statusCode).toBe(303)
    }
    expect(optionsFrom).toHaveBeenCalledTimes(1)
  })
})

describe('functions of the options', () => {
  /** Creates an app whose `connectionFor` reads a property of the bindings themselves. */
  const createAppThatReads = (property: 'event' | 'SECRET') => {
    const bindings = createBindings()
    const messages: string[] = []
    const zoho = zohoRecruitFromBindings<App>((env) => ({
      ...constantOptions,
      clientId: '1000.CLIENT',
      clientSecret: 'the-secret',
      store: env.STORE,
      async connectionFor() {
        await Promise.resolve()
        const value = (env as Record<string, unknown>)[property]
        return { id: 'acme', principal: String(value) }
      },
      onEvent: (event) =>
        void (
          event.type === 'request-refused' &&
          messages.push(`${event.error.code}: ${event.error.message}`)
        ),
    }))
    const app = new Hono<App>().get('/candidates', zoho.requireConnection())
    return async (user: string) => {
      await app.request('/candidates', script, { ...bindings, event: { user } })
      return messages.splice(0)
    }
  }

  it('read bindings that are the same for all requests', async () => {
    const read = createAppThatReads('SECRET')
    const messages = await Promise.all(['alice', 'bob', 'carol'].map(read))
    expect(messages.flat()).toEqual(Array(3).fill(expect.stringContaining('not-connected')))
  })

  it('never get a value of another request', async () => {
    const messages = await Promise.all(['alice', 'bob'].map(createAppThatReads('event')))
    const refused = expect.stringContaining('has read `event` from the bindings. Its value can')
    expect(messages.flat()).toEqual([refused, refused])
    // Here, the first request reads its own value, and the next ones get other clients.
    const read = createAppThatReads('event')
    for (const user of ['alice', 'bob', 'carol'])
      expect(await read(user)).toEqual([expect.stringContaining('not-connected')])
  })

  /**
   * Sends concurrent requests through a guard, then a middleware that sets `c.env.user`, then the
   * routes. `connectionFor` calls `readUser` with the bindings of the options function.
   */
  const sendAsUsers = async (readUser: (env: Record<string, unknown>) => unknown) => {
    const served: string[] = []
    const refusals: string[] = []
    const zoho = zohoRecruitFromBindings<App>((env) => ({
      ...constantOptions,
      clientId: '1000.CLIENT',
      clientSecret: 'the-secret',
      store: env.STORE,
      connectionFor(c) {
        const user = String(readUser(env as Record<string, unknown>))
        served.push(`${c.req.header('x-user')} as ${user}`)
        return { id: user, principal: user }
      },
      onEvent: (event) =>
        void (event.type === 'request-refused' && refusals.push(event.error.message)),
    }))
    const users = ['ann', 'bob']
    let arrived = 0
    let resume = () => {}
    const allArrived = new Promise<void>((resolve) => (resume = resolve))
    const app = new Hono<App>()
      .use(zoho.requireConnection())
      .use(async (c, next) => {
        arrived += 1
        if (arrived === users.length) resume()
        await allArrived
        Object.assign(c.env, { user: c.req.header('x-user') })
        await next()
      })
      .route('/zoho', zoho.routes())
    const bindings = createBindings()
    const responses = users.map(async (user) => {
      const init = { headers: { ...page.headers, 'x-user': user } }
      return (await app.request('/zoho/connect', init, { ...bindings })).status
    })
    return { statuses: await Promise.all(responses), served, refusals }
  }

  it.each<[string, (env: Record<string, unknown>) => unknown]>([
    ['read', (env) => env['user']],
    ['looked for', (env) => 'user' in env && 'somebody'],
    ['copied', (env) => ({ ...env })['user']],
    ['described', (env) => Object.getOwnPropertyDescriptor(env, 'user')?.value],
  ])('never get a value that a middleware has set for another request: %s', async (_, readUser) => {
    const { statuses, served, refusals } = await sendAsUsers(readUser)
    expect(statuses).toEqual([500, 500])
    expect(served).toEqual([])
    const refused = expect.stringContaining('has read `user` from the bindings. Its value can')
    expect(refusals).toEqual([refused, refused])
  })

  it('get the values that their client was created with', async () => {
    const clientIds: unknown[] = []
    const zoho = zohoRecruitFromBindings<App>((env) => ({
      clientId: env.CLIENT_ID!,
      clientSecret: env.SECRET!,
      redirectUri: 'https://app.example.com/zoho/callback',
      scopes: ['ZohoRecruit.modules.READ'],
      store: env.STORE,
      encryptionKeys: [Buffer.alloc(32, 7).toString('base64')],
      connectionFor() {
        clientIds.push({ ...env }.CLIENT_ID)
        return { id: 'acme', principal: 'alice' }
      },
    }))
    const app = new Hono<App>().route('/zoho', zoho.routes())
    const first = { ...createBindings(), CLIENT_ID: '1000.A' }
    const copy = { ...first }
    await app.request('/zoho/connect', page, first)
    first.CLIENT_ID = '1000.B'
    await app.request('/zoho/connect', page, copy)
    await app.request('/zoho/connect', page, first)
    expect(clientIds).toEqual(['1000.A', '1000.A', '1000.B'])
  })
})

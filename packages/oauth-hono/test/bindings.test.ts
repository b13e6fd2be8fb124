import { serve } from '@hono/node-server'
import { storedId } from '@zrecruit/oauth-core'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import { Hono, type Context } from 'hono'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  isRecruitOAuthError,
  zohoRecruit,
  type ConnectionStore,
  type RecruitOAuthOptions,
} from '../src/index.ts'

interface Bindings {
  readonly SECRET?: string
  readonly STORE?: ConnectionStore
}

type App = { Bindings: Bindings }

const createBindings = (): Bindings => ({ SECRET: 'the-secret', STORE: memoryStore() })
const script = { headers: { accept: 'application/json' } }
const page = { headers: { accept: 'text/html' } }

/** Creates an app as on Workers. Its options function is a spy. */
const createAppOnBindings = () => {
  const optionsFrom = vi.fn<(env: Bindings) => RecruitOAuthOptions<Context<App>>>(
    ({ SECRET, STORE }) => ({
      clientId: '1000.CLIENT',
      clientSecret: SECRET ?? '',
      redirectUri: 'https://app.example.com/zoho/callback',
      scopes: ['ZohoRecruit.modules.READ'],
      store: STORE,
      encryptionKeys: [Buffer.alloc(32, 7).toString('base64')],
      connectionFor: () => ({ id: 'acme', principal: 'alice' }),
    }),
  )
  const zoho = zohoRecruit<App>(optionsFrom)
  const app = new Hono<App>()
    .route('/zoho', zoho.routes())
    .get('/zoho/:page', (c) => c.text(`own ${c.req.param('page')}`))
    .get('/candidates', zoho.requireConnection(), (c) => c.text(c.var.zoho.id))
    .notFound((c) => c.text('own 404', 404))
    .onError(
      (error, c) =>
        zoho.errorResponse(error, c) ??
        c.text(isRecruitOAuthError(error) ? error.message : 'own error', 500),
    )
  return { app, zoho, optionsFrom }
}

afterEach(() => void vi.restoreAllMocks())

it('there is one client for each `env`, created at the first request that needs it', async () => {
  const { app, zoho, optionsFrom } = createAppOnBindings()
  const [first, second] = [createBindings(), createBindings()]
  await app.request('/else', page, first)
  expect(optionsFrom).toHaveBeenCalledTimes(0)
  const responses = await Promise.all(
    ['/zoho/connect', '/zoho/connect', '/candidates', '/zoho/callback'].map(async (path) =>
      app.request(path, page, first),
    ),
  )
  expect(responses.map(({ status }) => status)).toEqual([303, 303, 303, 400])
  expect(zoho.with(first).connection('acme').id).toBe('acme')
  expect(optionsFrom.mock.calls).toEqual([[first]])
  await app.request('/zoho/connect', page, second)
  expect(optionsFrom.mock.calls).toEqual([[first], [second]])
})

it('requests and `with(env)` have the same connection', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  const { app, zoho } = createAppOnBindings()
  const [first, second] = [createBindings(), createBindings()]
  await first.STORE?.write(
    await storedId('1000.CLIENT', 'acme'),
    { revision: 'r', status: 'active', envelope: 'not sealed by us' } as never,
    'absent',
  )
  expect(
    await zoho
      .with(first)
      .connection('acme')
      .status()
      .catch((error: { code: string }) => error.code),
  ).toBe('record-unreadable')
  expect((await app.request('/candidates', script, first)).status).toBe(503)
  expect(await zoho.with(second).connection('acme').status()).toMatchObject({ status: 'none' })
  expect((await app.request('/candidates', script, second)).status).toBe(401)
})

it('other routes are left to the app', async () => {
  const { app } = createAppOnBindings()
  const fetchText = async (path: string) => {
    const response = await app.request(path, page, createBindings())
    return [response.status, await response.text()]
  }
  expect(await fetchText('/zoho/else')).toEqual([200, 'own else'])
  expect(await fetchText('/zoho/%63onnect')).toEqual([200, 'own connect'])
  expect(await fetchText('/zoho/connect/more')).toEqual([404, 'own 404'])
  expect(await fetchText('/zoho')).toEqual([404, 'own 404'])
})

it('a request throws if the routes are not mounted at the path of `redirectUri`', async () => {
  const { zoho } = createAppOnBindings()
  const wronglyMountedApp = new Hono<App>()
    .route('/auth', zoho.routes())
    .onError((error, c) => c.text(error.message, 500))
  for (const path of ['/auth/connect', '/auth/callback', '/auth/disconnect'])
    expect(await (await wronglyMountedApp.request(path, page, createBindings())).text()).toContain(
      `received a request for ${path}. According to the option \`redirectUri\`, the callback is`,
    )
  expect((await wronglyMountedApp.request('/auth/else', page, createBindings())).status).toBe(404)
})

describe('refuses with `configuration-invalid`', () => {
  it.each<[string, unknown, RegExp]>([
    ['a wrong option', { ...createBindings(), SECRET: undefined }, /`clientSecret`/],
    ['a missing store', { SECRET: 'the-secret' }, /`store`/],
    ['no bindings at all', undefined, /bindings are missing, or new/],
    [
      'the `env` of Deno’s server',
      { ...createBindings(), remoteAddr: {}, completed: Promise.resolve() },
      /bindings are missing, or new/,
    ],
  ])('%s', async (_, env, message) => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const { app, zoho } = createAppOnBindings()
    for (const path of ['/zoho/connect', '/candidates']) {
      const response = await app.request(path, script, env as Bindings)
      expect([response.status, await response.text()]).toEqual([
        500,
        expect.stringMatching(message),
      ])
    }
    const logged = [expect.objectContaining({ message: expect.stringMatching(message) })]
    expect(log.mock.calls).toEqual([logged, logged])
    expect(() => zoho.with(env as Bindings)).toThrow(
      expect.objectContaining({ code: 'configuration-invalid' }),
    )
  })

  it('the `env` of Node’s server, which is new with each request', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const { app, optionsFrom } = createAppOnBindings()
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    await new Promise((resolve) => server.once('listening', resolve))
    const response = await fetch(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/zoho/connect`,
      script,
    )
    server.close()
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining('bindings are missing, or new with each request'),
    ])
    expect(optionsFrom).not.toHaveBeenCalled()
  })
})

it('a misspelt member of requireConnection is refused when the guard is created', () => {
  const zoho = zohoRecruit(() => ({}) as never)
  expect(() => zoho.requireConnection({ scope: ['ZohoRecruit.users.READ'] } as object)).toThrow(
    'The option `scope` is unknown. Did you mean `scopes`?',
  )
})

import { serve } from '@hono/node-server'
import { storedId } from '@zrecruit/oauth-core'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import { Hono } from 'hono'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { zohoRecruit, zohoRecruitFromBindings } from '../src/index.ts'
import {
  createAppOnBindings,
  createBindings,
  page,
  script,
  type App,
  type Bindings,
} from './app-on-bindings.ts'

afterEach(() => void vi.restoreAllMocks())

it('there is one client for each set of values, created at the first request', async () => {
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
    [
      'a wrong option, with the name of the missing binding',
      { ...createBindings(), SECRET: undefined },
      /`clientSecret`.* has read `SECRET`, and the bindings of this request do not have them/,
    ],
    [
      'a missing store',
      { ...createBindings(), STORE: undefined },
      /`store` is missing.* has read `STORE`, and/,
    ],
    [
      'no bindings at all',
      undefined,
      /has read `CLIENT_ID`, `SECRET`, `STORE`, and the bindings of this/,
    ],
    [
      'the `env` of Deno’s server',
      { remoteAddr: {}, completed: Promise.resolve() },
      /has read `CLIENT_ID`, `SECRET`, `STORE`, and the bindings of this request do not have them/,
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

  it('the `env` of Node’s server, which has no variables', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const { app } = createAppOnBindings()
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
    await new Promise((resolve) => server.once('listening', resolve))
    const response = await fetch(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/zoho/connect`,
      script,
    )
    server.close()
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringContaining(
        'has read `CLIENT_ID`, `SECRET`, `STORE`, and the bindings of this request do not',
      ),
    ])
  })

  it('bindings that give each request another client', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const { app } = createAppOnBindings()
    const first = createBindings()
    const send = async (env: Bindings) => app.request('/zoho/connect', page, env)
    expect((await send(first)).status).toBe(303)
    for (let count = 1; count < 10; count++)
      expect((await send({ ...first, STORE: memoryStore() })).status).toBe(303)
    const response = await send({ ...first, STORE: memoryStore() })
    expect([response.status, await response.text()]).toEqual([
      500,
      expect.stringMatching(/has read `STORE` from the bindings, and the values differ/),
    ])
    // The clients that exist still serve their requests.
    expect((await send({ ...first })).status).toBe(303)
  })

  it('options as a function for `zohoRecruit`', () => {
    expect(() => zohoRecruit((() => ({})) as never)).toThrow(/`zohoRecruitFromBindings`/)
  })
})

it('a misspelt member of requireConnection is refused when the guard is created', () => {
  const zoho = zohoRecruitFromBindings(() => ({}) as never)
  expect(() => zoho.requireConnection({ scope: ['ZohoRecruit.users.READ'] } as object)).toThrow(
    'The option `scope` is unknown. Did you mean `scopes`?',
  )
})

it('clients of many Zoho clients are not limited', async () => {
  const { app, optionsFrom } = createAppOnBindings()
  for (let tenant = 0; tenant < 25; tenant++) {
    const env = { ...createBindings(), CLIENT_ID: `1000.${tenant}` }
    const { status, headers } = await app.request('/zoho/connect', page, env)
    expect([status, headers.get('location')]).toEqual([
      303,
      expect.stringContaining(`client_id=1000.${tenant}&`),
    ])
  }
  expect(optionsFrom).toHaveBeenCalledTimes(25)
})

describe('an `env` that changes', () => {
  const clientIdOf = async (app: Hono<App>, env: Bindings) => {
    const { headers } = await app.request('/zoho/connect', page, env)
    return new URL(headers.get('location')!).searchParams.get('client_id')
  }

  it('gets the client of its new values, and its old client again', async () => {
    const { app, optionsFrom } = createAppOnBindings()
    const env = { ...createBindings(), CLIENT_ID: '1000.A' }
    for (const clientId of ['1000.A', '1000.B', '1000.A']) {
      env.CLIENT_ID = clientId
      expect(await clientIdOf(app, env)).toBe(clientId)
    }
    expect(optionsFrom).toHaveBeenCalledTimes(2)
  })

  it('does not lend the client of its old values to an `env` with the new ones', async () => {
    const { app } = createAppOnBindings()
    const first = { ...createBindings(), CLIENT_ID: '1000.A' }
    expect(await clientIdOf(app, first)).toBe('1000.A')
    first.CLIENT_ID = '1000.B'
    expect(await clientIdOf(app, { ...first })).toBe('1000.B')
    expect(await clientIdOf(app, { ...first, CLIENT_ID: '1000.A' })).toBe('1000.A')
  })
})

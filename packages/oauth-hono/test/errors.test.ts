import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { expect, it, vi } from 'vitest'
import type { Connection } from '../src/index.ts'
import { useApp } from './app.ts'

// Errors in apps without `onError`.

const { app, browser } = useApp()
const page = { headers: { accept: 'text/html' } }
const script = { headers: { accept: 'application/json' } }

const connect = async () => {
  const consent = await browser().open(`${app().origin}/zoho/connect`)
  await browser().submit(consent, { decision: 'approve' })
}

/** Creates an app whose guarded page loses its connection before the handler calls Zoho. */
const createAppWithLostConnection = () =>
  new Hono()
    .get('/candidates', app().zoho.requireConnection(), async (c) => {
      await app().zoho.connection('acme').forget()
      return c.var.zoho.fetch('Candidates?per_page=1')
    })
    .route('/zoho', app().zoho.routes())

it('a page gets the page of the library, and a script gets problem+json', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  for (const [init, type] of [
    [page, 'text/html'],
    [script, 'application/problem+json'],
  ] as const) {
    await connect()
    const response = await createAppWithLostConnection().request('/candidates', init)
    expect([response.status, response.headers.get('content-type')]).toEqual([
      401,
      expect.stringContaining(type),
    ])
    expect(await response.text()).toContain('not-connected')
  }
  expect(log).not.toHaveBeenCalled()
  expect(app().events.filter(({ type }) => type === 'request-refused')).toHaveLength(2)
})

it('the response keeps the headers and cookies of the app', async () => {
  await connect()
  const response = await new Hono()
    .use(async (c, next) => {
      c.header('x-own', '1')
      c.header('set-cookie', 'own=1')
      await next()
    })
    .route('/', createAppWithLostConnection())
    .request('/candidates', script)
  expect([
    response.status,
    response.headers.get('x-own'),
    response.headers.get('set-cookie'),
  ]).toEqual([401, '1', 'own=1'])
})

it.each<[string, (connection: Connection) => Promise<unknown>]>([
  ['accessToken', (connection) => connection.accessToken()],
  ['fetch', (connection) => connection.fetch('Candidates')],
  ['refresh', (connection) => connection.refresh()],
  ['startAuthorization', async () => app().zoho.startAuthorization({ id: '', principal: 'a' })],
  ['connection', async () => app().zoho.connection('')],
  ['connections', async () => app().zoho.connections({ limit: -1 })],
])('an error of `%s` without the guard is answered as problem+json', async (_, call) => {
  const response = await new Hono()
    .get('/', async (c) => c.json(await call(app().zoho.connection('other'))))
    .request('/', page)
  expect([response.status, response.headers.get('content-type')]).toEqual([
    expect.toSatisfy((status) => [400, 401].includes(status as number)),
    'application/problem+json',
  ])
  expect(await response.json()).toMatchObject({
    code: expect.stringMatching(/^(not-connected|argument-invalid)$/),
  })
})

it('a wrong mount path is answered by the library', async () => {
  const response = await new Hono()
    .route('/auth', app().zoho.routes())
    .request('/auth/connect', script)
  expect([response.status, await response.json()]).toEqual([
    500,
    expect.objectContaining({ code: 'configuration-invalid' }),
  ])
})

it('an own `onError` gets the error and decides', async () => {
  await connect()
  const guarded = createAppWithLostConnection().onError((error, c) => c.text(error.name, 418))
  const response = await guarded.request('/candidates', page)
  expect([response.status, await response.text()]).toEqual([418, 'RecruitOAuthError'])
})

it('other errors are left to Hono', async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  await connect()
  const guarded = new Hono()
    .use(app().zoho.requireConnection())
    .get('/own', () => {
      throw new Error('mine')
    })
    .get('/teapot', () => {
      throw new HTTPException(418)
    })
  expect((await guarded.request('/own', page)).status).toBe(500)
  expect((await guarded.request('/teapot', page)).status).toBe(418)
})

it('requests that share a failed refresh get responses to their own requests', async () => {
  await connect()
  app().emulator.addFault({ on: 'token', kind: 'status', status: 503 })
  const guarded = new Hono().get('/', app().zoho.requireConnection(), async (c) => {
    await c.var.zoho.refresh()
    return c.text('never')
  })
  const responses = await Promise.all(
    [page, script, page].map(async (init) => guarded.request('/', init)),
  )
  expect(responses.map(({ headers }) => headers.get('content-type')?.split(';')[0])).toEqual([
    'text/html',
    'application/problem+json',
    'text/html',
  ])
})

it('the error has no visible property for it', async () => {
  const error = await app()
    .zoho.connection('other')
    .accessToken()
    .catch((thrown: unknown) => thrown as Error)
  expect(Object.keys(error as Error)).not.toContain('getResponse')
  expect(JSON.stringify(error)).not.toContain('getResponse')
})

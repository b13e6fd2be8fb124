import { connectionOf, type AppOptions, type AppSettings } from '@zrecruit/oauth-conformance/app'
import type { ConnectionStore } from '@zrecruit/oauth-core'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import { Hono, type Context } from 'hono'
import { zohoRecruit, zohoRecruitFromBindings } from '../../src/index.ts'

// This program runs inside each runtime and serves many apps. It is bundled for all runtimes, so it
// must not import modules of Node or vitest.

/** The header with the id of the app that a request is for. */
export const appHeader = 'x-app'

const apps = new Map<string, Hono>()

/**
 * `POST /_apps` creates an app and responds with its id. `DELETE /_apps` removes the app whose id
 * is in the header. All other requests go to that app.
 */
const host = async (
  request: Request,
  env?: object,
  ctx?: { waitUntil(work: Promise<unknown>): void },
): Promise<Response> => {
  const id = request.headers.get(appHeader) ?? ''
  const isForHost = request.url.endsWith('/_apps')
  if (!isForHost)
    return (
      apps.get(id)?.fetch(request, env, ctx as never) ??
      new Response('no such app', { status: 410 })
    )
  if (request.method === 'DELETE') return Response.json(apps.delete(id))
  try {
    const createdId = crypto.randomUUID()
    // Only Workers pass an execution context. There, all requests have the same bindings.
    apps.set(createdId, createApp((await request.json()) as AppSettings, ctx && env))
    return Response.json({ id: createdId })
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    return Response.json({ code, message }, { status: 400 })
  }
}

const createApp = (settings: AppSettings, bindings: object | undefined): Hono => {
  const { options, mount, alsoMount, second, bodyParser, catchAll } = settings
  const store = memoryStore()
  const createClient = (given: AppOptions) =>
    bindings ? createFromBindings(given, store, bindings) : createFromOptions(given, store)
  const first = { ...createClient(options), mount }
  const { zoho, connection } = first
  const app = new Hono()
  app.use(async (c, next) => {
    if (bodyParser) await c.req.text()
    await next()
    c.header('set-cookie', 'app=kept; Path=/', { append: true })
  })
  if (catchAll !== undefined) app.use(zoho.requireConnection())
  if (catchAll === 'handler-first') app.all('*', (c) => c.text('protected body'))
  app.route(mount, zoho.routes())
  if (alsoMount !== undefined) app.route(alsoMount, zoho.routes())
  app.get('/candidates', zoho.requireConnection(), (c) => c.var.zoho.fetch('Candidates?per_page=2'))
  app.get('/users', zoho.requireConnection({ scopes: ['ZohoRecruit.users.READ'] }), (c) =>
    c.text('users'),
  )
  app.get('/account', zoho.requireConnection(), async (c) =>
    c.json((await c.var.zoho.status()).identity),
  )
  app.get('/guarded-failure', zoho.requireConnection(), throwOwnError)
  app.get('/failure', throwOwnError)
  app.get('/job', async (c) => {
    await connection('job').accessToken()
    return c.text('token')
  })
  if (bodyParser) app.post('/echo', async (c) => c.json(await c.req.json<unknown>()))
  const other = second && { ...createClient(second.options), mount: second.mount }
  if (other) app.route(other.mount, other.zoho.routes())
  for (const client of other ? [first, other] : []) {
    app.get(`${client.mount}/candidates`, client.zoho.requireConnection(), (c) =>
      c.var.zoho.fetch('Candidates?per_page=2'),
    )
    app.get(`${client.mount}/connections`, async (c) =>
      c.json((await client.connections()).connections.map(({ id }) => id)),
    )
    app.post(`${client.mount}/forget`, async (c) => {
      await client.connection('acme').forget()
      return c.text('forgotten')
    })
  }
  if (other)
    app.get(
      `${other.mount}/both`,
      zoho.requireConnection(),
      other.zoho.requireConnection({ as: 'otherZoho' }),
      async (c) => c.json([await c.var.zoho.accessToken(), await c.var.otherZoho.accessToken()]),
    )
  if (catchAll === 'routes-first') app.all('*', (c) => c.text('protected body'))
  app.notFound((c) => c.text('own 404', 404))
  app.onError((error, c) => zoho.errorResponse(error, c) ?? c.text('own error', 500))
  return app
}

const throwOwnError = () => {
  throw new Error('own error')
}

const connectionFor = (c: Context) => connectionOf(c.req.header('cookie'))

const createFromOptions = (options: AppOptions, store: ConnectionStore) => {
  const zoho = zohoRecruit({ ...options, store, connectionFor })
  return { zoho, connection: zoho.connection, connections: zoho.connections }
}

const createFromBindings = (options: AppOptions, store: ConnectionStore, bindings: object) => {
  const zoho = zohoRecruitFromBindings<{ Bindings: object }>(() => ({
    ...options,
    store,
    connectionFor,
  }))
  const { connection, connections } = zoho.with(bindings)
  return { zoho, connection, connections }
}

export default { fetch: host }

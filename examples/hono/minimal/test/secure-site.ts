import { serve } from '@hono/node-server'
import { createCertificate } from '@zrecruit-examples/shared-ui/test-support/chromium'
import { createEmulator } from '@zrecruit/oauth-emulator'
import { zohoRecruit, type RecruitOAuthOptions } from '@zrecruit/oauth-hono'
import { Hono, type Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A request that reached the app, and the status of its response. */
export interface AppRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Headers
  readonly status: number
}

let createdCertificate: ReturnType<typeof createCertificate> | undefined

/**
 * An app with sessions at https://app.test, and hostile sites at all other hosts below `.test`, on
 * one port. Zoho is the emulator at http://127.0.0.1, which is another site.
 */
export const createSecureSite = async (options: Partial<RecruitOAuthOptions<Context>> = {}) => {
  createdCertificate ??= createCertificate()
  const requests: AppRequest[] = []
  const pages = new Map<string, { html: string; headers?: [string, string][] }>()
  const tamper: { request: (headers: Headers) => void; response: (response: Response) => void } = {
    request: () => {},
    response: () => {},
  }
  /** While `callbacks` is set, the addresses of callbacks go there and not to the app. */
  const intercepted: { callbacks?: string[] | undefined } = {}
  const app = new Hono()
  const server = serve({
    fetch: (request: Request) => respond(request),
    port: 0,
    hostname: '127.0.0.1',
    createServer,
    serverOptions: createdCertificate,
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const originOf = (host: string) => `https://${host}:${port}`
  const origin = originOf('app.test')

  const respond = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    if (url.hostname !== 'app.test') {
      const { html = '', headers = [] } = pages.get(url.hostname + url.pathname) ?? {}
      return new Response(html, { headers: [['content-type', 'text/html'], ...headers] })
    }
    if (intercepted.callbacks && url.pathname === '/zoho/callback') {
      intercepted.callbacks.push(request.url)
      return new Response('intercepted')
    }
    const headers = new Headers(request.headers)
    tamper.request(headers)
    return app.fetch(new Request(request.url, { method: request.method, headers }))
  }
  const emulator = createEmulator({ redirectUris: [`${origin}/zoho/callback`] })
  await emulator.listen({ port: 0 })
  onTestFinished(async () => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
    await emulator.close()
  })

  const zoho = zohoRecruit({
    clientId: emulator.client.id,
    clientSecret: emulator.client.secret,
    redirectUri: `${origin}/zoho/callback`,
    scopes: ['ZohoRecruit.modules.ALL'],
    dataCenters: emulator.dataCenters,
    onEvent: () => {},
    connectionFor: (c) => {
      const principal =
        getCookie(c, 'session') ?? c.req.header('authorization')?.replace('Bearer ', '')
      return principal === undefined ? undefined : { id: 'acme', principal }
    },
    ...options,
  })
  app.use(async (c, next) => {
    await next()
    const url = new URL(c.req.url)
    requests.push({
      method: c.req.method,
      path: url.pathname,
      query: url.search,
      headers: new Headers(c.req.raw.headers),
      status: c.res.status,
    })
    tamper.response(c.res)
  })
  app.get('/login', (c) => {
    setCookie(c, 'session', c.req.query('as') ?? '', {
      httpOnly: true,
      secure: true,
      path: '/',
      sameSite: c.req.query('sameSite') === 'Strict' ? 'Strict' : 'Lax',
    })
    return c.redirect('/', 303)
  })
  app.route('/zoho', zoho.routes())
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.get('*', (c) =>
    c.html(
      pages.get(`app.test${c.req.path}`)?.html ??
        '<!doctype html><title>app</title><a href="/zoho/connect">Connect</a><form ' +
          'method="post" action="/zoho/disconnect"><button>Disconnect</button></form>',
    ),
  )
  return {
    origin,
    originOf,
    port,
    emulator,
    zoho,
    requests,
    pages,
    tamper,
    intercepted,
    callbacks: () => requests.filter(({ path }) => path === '/zoho/callback'),
  }
}

export type SecureSite = Awaited<ReturnType<typeof createSecureSite>>

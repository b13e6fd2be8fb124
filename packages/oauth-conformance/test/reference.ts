import {
  createRecruitOAuth,
  type Connection,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import { toRequest, writeResponse } from '@zrecruit/oauth-core/node'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  connectionOf,
  type AppOptions,
  type AppSettings,
  type AdapterHarness,
} from '../src/index.ts'

/** The replaceable parts of the adapter. */
export interface Parts {
  create(options: RecruitOAuthOptions<IncomingMessage>): RecruitOAuth<IncomingMessage>
  /** The response of the routes. */
  handle(message: IncomingMessage, app: App): Promise<Response | undefined>
  /** Converts the request of Node for core. */
  request(message: IncomingMessage, app: App): Request
  write(response: Response, target: ServerResponse, message: IncomingMessage): Promise<void> | void
  connectionFor(message: IncomingMessage): ReturnType<typeof connectionOf>
  /** The response to an error. `undefined` leaves the error to the app. */
  failed(error: unknown, request: Request, app: App): Response | undefined
  guard(
    message: IncomingMessage,
    app: App,
    scopes: readonly string[],
  ): Promise<Connection | Response>
}

export interface App {
  readonly zoho: RecruitOAuth<IncomingMessage>
  readonly settings: AppSettings
  readonly parts: Parts
}

export const correctParts: Parts = {
  create: (options) => createRecruitOAuth(options),
  connectionFor: (message) => connectionOf(message.headers.cookie),
  request: (message) => toRequest(message),
  write: writeResponse,
  failed: (error, request, { zoho }) => zoho.errorResponse(error, request),
  guard: (message, { zoho, parts }, scopes) =>
    zoho.requireConnection(parts.request(message, { zoho, parts } as App), {
      context: message,
      scopes: scopes as never,
    }),
  handle: (message, { zoho, parts, settings }) =>
    zoho.handle(parts.request(message, { zoho, parts, settings }), { context: message }),
}

/** An adapter and its app on `node:http`, with optional broken parts. */
export const reference = (name: string, broken: Partial<Parts> = {}): AdapterHarness => ({
  name,
  async start(settings) {
    const parts = { ...correctParts, ...broken }
    const store = settings.second && memoryStore()
    const createApp = (options: AppOptions): App => ({
      parts,
      settings,
      zoho: parts.create({
        ...options,
        ...(store && { store }),
        connectionFor: parts.connectionFor,
        onEvent: () => {},
      }),
    })
    const app = createApp(settings.options)
    const second = settings.second && {
      app: createApp(settings.second.options),
      mount: settings.second.mount,
    }
    const server = createServer(async (message, target) => {
      target.setHeader('set-cookie', ['app=kept; Path=/'])
      try {
        const isBoth = second !== undefined && message.url === `${second.mount}/both`
        const response = isBoth
          ? await handleBoth(message, app, second.app)
          : second &&
            (await handleClientRoutes(
              message,
              message.url?.startsWith(`${second.mount}/`) ? second : { app, mount: settings.mount },
            ))
        await parts.write(response ?? (await handleAppRequest(message, app)), target, message)
      } catch (error) {
        try {
          await parts.write(
            parts.failed(error, toRequest(message), app) ??
              new Response('own error', { status: 500 }),
            target,
            message,
          )
        } catch {
          target.destroy()
        }
      }
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return {
      origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async close() {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  },
})

/** The additional routes of two clients, and the routes of the second client. */
const handleClientRoutes = async (
  message: IncomingMessage,
  { app, mount }: { readonly app: App; readonly mount: string },
): Promise<Response | undefined> => {
  const { zoho, parts } = app
  const route = (message.url ?? '').slice(mount.length)
  if (route === '/connections')
    return Response.json((await zoho.connections()).connections.map(({ id }) => id))
  if (route === '/forget') {
    await zoho.connection('acme').forget()
    return new Response('forgotten')
  }
  if (route !== '/candidates') return parts.handle(message, app)
  const connection = await parts.guard(message, app, [])
  return connection instanceof Response ? connection : connection.fetch('Candidates?per_page=2')
}

/** The handler behind the guards of two clients. */
const handleBoth = async (message: IncomingMessage, ...apps: readonly App[]): Promise<Response> => {
  const tokens: string[] = []
  for (const app of apps) {
    const connection = await app.parts.guard(message, app, [])
    if (connection instanceof Response) return connection
    tokens.push(await connection.accessToken())
  }
  return Response.json(tokens)
}

const handleAppRequest = async (message: IncomingMessage, app: App): Promise<Response> => {
  const response = await app.parts.handle(message, app)
  if (response) return response
  if (app.settings.catchAll !== undefined) {
    // The routes were tried before, so the guard needs no exceptions.
    const connection = await app.parts.guard(message, app, [])
    return connection instanceof Response ? connection : new Response('protected body')
  }
  const path = (message.url ?? '').split('?')[0]
  if (path === '/failure') throw new Error('own error')
  if (path === '/job') {
    await app.zoho.connection('job').accessToken()
    return new Response('token')
  }
  if (path === '/echo' && message.method === 'POST' && app.settings.bodyParser)
    return new Response(await readBody(message), {
      headers: { 'content-type': 'application/json' },
    })
  const guarded = {
    '/candidates': [],
    '/users': ['ZohoRecruit.users.READ'],
    '/account': [],
    '/guarded-failure': [],
  }[path ?? '']
  if (!guarded || !['GET', 'HEAD'].includes(message.method ?? ''))
    return new Response('own 404', { status: 404 })
  const connection = await app.parts.guard(message, app, guarded)
  if (connection instanceof Response) return connection
  if (path === '/guarded-failure') throw new Error('own error')
  if (path === '/account') return Response.json((await connection.status()).identity)
  return path === '/users' ? new Response('users') : connection.fetch('Candidates?per_page=2')
}

const readBody = async (message: IncomingMessage): Promise<string> => {
  let body = ''
  for await (const chunk of message) body += String(chunk)
  return body
}

import {
  createRecruitOAuth,
  type Connection,
  type RecruitOAuthOptions,
  type RecruitScope,
} from '@zrecruit/oauth-core'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import { toRequest, writeResponse } from '@zrecruit/oauth-core/node'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
} from 'express'
import type { AddressInfo } from 'node:net'
import { connectionOf, type AppOptions, type AdapterHarness } from '../src/index.ts'

/** An adapter for Express as a user could write it: three functions over the API of core. */
const zohoRecruit = (options: RecruitOAuthOptions<Request>) => {
  const oauth = createRecruitOAuth<Request>(options)
  const routes: RequestHandler = async (req, res, next) => {
    const response = await oauth.handle(toRequest(req), { context: req })
    return response ? writeResponse(response, res) : next()
  }
  const requireConnection =
    (scopes: readonly RecruitScope[] = []): RequestHandler =>
    async (req, res, next) => {
      const response = await oauth.requireConnection(toRequest(req), { context: req, scopes })
      if (response instanceof Response) return writeResponse(response, res)
      res.locals['zoho'] = response
      next()
    }
  const errors: ErrorRequestHandler = (error, req, res, next) => {
    const response = oauth.errorResponse(error, toRequest(req))
    return response ? writeResponse(response, res) : next(error)
  }
  return {
    connection: oauth.connection,
    connections: oauth.connections,
    routes,
    requireConnection,
    errors,
  }
}

/** The app under test with Express. */
export const express5: AdapterHarness = {
  name: 'Express 5',
  async start({ options, mount, alsoMount, second, bodyParser, catchAll }) {
    const store = memoryStore()
    const createClient = (appOptions: AppOptions) =>
      zohoRecruit({
        ...appOptions,
        store,
        connectionFor: (req) => connectionOf(req.headers.cookie),
        onEvent: () => {},
      })
    const zoho = createClient(options)
    const app: Express = express().disable('x-powered-by').disable('etag')
    app.use((_, res, next) => {
      res.append('set-cookie', 'app=kept; Path=/')
      next()
    })
    if (bodyParser) app.use(express.json(), express.urlencoded())
    // The routes come first, so that the guard needs no exceptions.
    if (catchAll !== undefined) app.use(zoho.routes, zoho.requireConnection())
    if (catchAll === 'handler-first') app.all('/{*path}', everyPath)
    for (const path of [mount, alsoMount]) if (path !== undefined) app.use(path, zoho.routes)
    if (catchAll === 'routes-first') app.all('/{*path}', everyPath)
    app.get('/candidates', zoho.requireConnection(), candidates)
    app.get(
      '/users',
      zoho.requireConnection(['ZohoRecruit.users.READ']),
      (_, res) => void res.send('users'),
    )
    app.get(
      '/account',
      zoho.requireConnection(),
      async (_, res) => void res.json((await (res.locals['zoho'] as Connection).status()).identity),
    )
    app.get('/guarded-failure', zoho.requireConnection(), failure)
    app.get('/failure', failure)
    app.get(
      '/job',
      async (_, res) => void res.send((await zoho.connection('job').accessToken()) && 'token'),
    )
    const other = second && { zoho: createClient(second.options), mount: second.mount }
    if (other) app.use(other.mount, other.zoho.routes)
    for (const client of other ? [{ zoho, mount }, other] : []) {
      app.get(`${client.mount}/candidates`, client.zoho.requireConnection(), candidates)
      app.get(
        `${client.mount}/connections`,
        async (_, res) =>
          void res.json((await client.zoho.connections()).connections.map(({ id }) => id)),
      )
      app.post(`${client.mount}/forget`, async (_, res) => {
        await client.zoho.connection('acme').forget()
        res.send('forgotten')
      })
    }
    if (other)
      app.get(
        `${other.mount}/both`,
        zoho.requireConnection(),
        keepFirstConnection,
        other.zoho.requireConnection(),
        async (_, res) => {
          const both = [res.locals['first'], res.locals['zoho']] as Connection[]
          res.json(await Promise.all(both.map(async (each) => each.accessToken())))
        },
      )
    if (bodyParser) app.post('/echo', (req, res) => void res.json(req.body))
    app.use((_, res) => void res.status(404).send('own 404'))
    app.use(
      zoho.errors,
      ((_error, _req, res, _next) => void res.status(500).send('own error')) as ErrorRequestHandler,
    )
    const server = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    return {
      origin: `http://127.0.0.1:${port}`,
      close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
    }
  },
}

const candidates: RequestHandler = async (_, res) =>
  writeResponse(await (res.locals['zoho'] as Connection).fetch('Candidates?per_page=2'), res)
const keepFirstConnection: RequestHandler = (_, res, next) => {
  res.locals['first'] = res.locals['zoho'] as Connection
  next()
}
const everyPath: RequestHandler = (_, res) => void res.send('protected body')

const failure = () => {
  throw new Error('own error')
}

import { Controller, Get, Module, UseGuards, type INestApplication } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import express from 'express'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ZohoConnectionGuard, ZohoRecruitModule } from '../src/index.ts'
import { optionsFor, platforms, startEmulator, startNest } from './start-nest.ts'
import { loadPlatform } from './subject/platform.ts'

@Controller()
class CandidatesController {
  @Get('candidates')
  @UseGuards(ZohoConnectionGuard)
  list() {
    return 'candidates'
  }
}

type Rewrite = (url: string) => string
type Settings = Readonly<{ uri: string; mountPath?: string; globalPrefix?: string; path?: string }>

const importsFor = async ({ uri, mountPath, path }: Settings) => [
  ZohoRecruitModule.forRoot({
    ...optionsFor(await startEmulator([uri]), { redirectUri: uri, mountPath }),
    path,
  }),
]

const page = { headers: { accept: 'text/html', 'x-user': 'alice' }, redirect: 'manual' } as const

/** The status of a request whose path `fetch` would normalize. */
const rawStatus = (origin: string, target: string) =>
  new Promise<number>((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1')
    socket.on('error', reject)
    socket.once('data', (data) => {
      resolve(Number(data.toString().split(' ')[1]))
      socket.destroy()
    })
    socket.write(`GET ${target} HTTP/1.1\r\nhost: localhost\r\nx-user: alice\r\n\r\n`)
  })

/** Starts the app behind a middleware of Express that rewrites `req.url`. */
const startBehindMiddleware = async (rewrite: Rewrite, settings: Settings) => {
  return startNest({
    imports: await importsFor(settings),
    controllers: [CandidatesController],
    main: (app) => {
      if (settings.globalPrefix !== undefined) app.setGlobalPrefix(settings.globalPrefix)
      app.use((request: IncomingMessage, _: unknown, next: () => void) => {
        request.url = rewrite(request.url ?? '/')
        next()
      })
    },
  })
}

/** The parent of a Nest app at `/outer`. Express cannot have an app of Fastify in it. */
const createParent = async (nest: INestApplication): Promise<RequestListener> => {
  const instance = nest.getHttpAdapter().getInstance() as RequestListener | FastifyInstance
  if (typeof instance === 'function') return express().use('/outer', instance)
  await instance.ready()
  return (request, response) => {
    const { url = '/' } = request
    Object.assign(request, { originalUrl: url, url: stripPrefix('/outer')(url) })
    if (request.url === url) response.writeHead(404).end()
    else instance.routing(request, response)
  }
}

interface FastifyInstance {
  ready(): Promise<void>
  readonly routing: RequestListener
}

const stripPrefix =
  (prefix: string): Rewrite =>
  (url) =>
    url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : url

describe.each(platforms)('mounted in another app, with Nest on %s', (platform) => {
  const start = async (settings: Settings) => {
    const { adapter } = await loadPlatform(platform)
    class AppModule {}
    Module({ imports: await importsFor(settings), controllers: [CandidatesController] })(AppModule)
    const nest: INestApplication = await NestFactory.create(AppModule, adapter, {
      logger: false,
      abortOnError: false,
    })
    onTestFinished(() => nest.close())
    if (settings.globalPrefix !== undefined) nest.setGlobalPrefix(settings.globalPrefix)
    await nest.init()
    const server = createServer(await createParent(nest)).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return { origin, send: (path: string) => fetch(origin + path, page) }
  }

  it.each<[string, Settings, string]>([
    [
      'without a prefix',
      { uri: 'https://app.example.com/outer/zoho/callback', mountPath: '/zoho' },
      '/outer/zoho/connect',
    ],
    [
      'with a global prefix',
      {
        uri: 'https://app.example.com/outer/v1/zoho/callback',
        mountPath: '/v1/zoho',
        globalPrefix: 'v1',
      },
      '/outer/v1/zoho/connect',
    ],
    [
      'at the root of the Nest app',
      { uri: 'https://app.example.com/outer/callback', mountPath: '/', path: '/' },
      '/outer/connect',
    ],
  ])('`mountPath` is the path inside of the Nest app: %s', async (_, settings, path) => {
    const { send } = await start(settings)
    expect((await send(path)).status).toBe(303)
  })

  it('the guard’s redirect comes back to the path that the browser has sent', async () => {
    const { send } = await start({
      uri: 'https://app.example.com/outer/zoho/callback',
      mountPath: '/zoho',
    })
    expect((await send('/outer/candidates?page=2')).headers.get('location')).toBe(
      '/outer/zoho/connect?returnTo=%2Fouter%2Fcandidates%3Fpage%3D2',
    )
  })

  it('the error at start names the `mountPath` that works', async () => {
    const uri = 'https://app.example.com/outer/zoho/callback'
    await expect(start({ uri })).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining("set `mountPath: '/zoho'`"),
    })
  })

  it('no other spelling of a path becomes a route', async () => {
    const { origin } = await start({
      uri: 'https://app.example.com/outer/zoho/callback',
      mountPath: '/zoho',
    })
    expect(await rawStatus(origin, '/outer/zoho/connect')).toBe(303)
    for (const target of [
      '/outer/zoho/%63onnect',
      '/outer/zoho/CONNECT',
      '/outer/%7Aoho/connect',
      '/outer/x/../zoho/connect',
      '/outer/./zoho/connect',
      '/outer//zoho/connect',
      '/outer/%2e%2e/outer/zoho/connect',
      '/outer/zoho/connect/',
      '/zoho/connect',
      '/outer/outer/zoho/connect',
    ])
      expect([target, await rawStatus(origin, target)]).toEqual([target, 404])
  })
})

describe('behind a middleware of Express that rewrites `req.url`', () => {
  it('`mountPath` is the path after a prefix was removed', async () => {
    const { send } = await startBehindMiddleware(stripPrefix('/v1'), {
      uri: 'https://app.example.com/v1/zoho/callback',
      mountPath: '/zoho',
    })
    expect((await send('/v1/zoho/connect')).status).toBe(303)
    expect((await send('/v1/candidates?page=2', page)).headers.get('location')).toBe(
      '/v1/zoho/connect?returnTo=%2Fv1%2Fcandidates%3Fpage%3D2',
    )
  })

  it('a language in front needs no setting, and the guard’s redirect keeps it', async () => {
    const { send } = await startBehindMiddleware(stripPrefix('/de'), {
      uri: 'https://app.example.com/zoho/callback',
    })
    expect((await send('/de/zoho/connect')).status).toBe(303)
    expect((await send('/zoho/connect')).status).toBe(303)
    expect((await send('/de/candidates', page)).headers.get('location')).toBe(
      '/zoho/connect?returnTo=%2Fde%2Fcandidates',
    )
  })

  it('a proxy and a middleware may each remove a part of the path', async () => {
    // The proxy has removed `/shop` from the paths that are sent here.
    const { send } = await startBehindMiddleware(stripPrefix('/v1'), {
      uri: 'https://app.example.com/shop/v1/zoho/callback',
      mountPath: '/zoho',
    })
    expect((await send('/v1/zoho/connect')).status).toBe(303)
    expect((await send('/v1/candidates', page)).headers.get('location')).toBe(
      '/shop/v1/zoho/connect?returnTo=%2Fshop%2Fv1%2Fcandidates',
    )
  })

  it('the callback reads the query as Zoho sent it', async () => {
    const withoutQuery: Rewrite = (url) => stripPrefix('/v1')(url).split('?', 1)[0] as string
    const { consent } = await startBehindMiddleware(withoutQuery, {
      uri: 'https://app.example.com/v1/zoho/callback',
      mountPath: '/zoho',
    })
    expect((await consent('/v1/zoho')).headers.get('location')).toBe('/')
  })

  it('a middleware that decodes or normalizes paths does not make them routes', async () => {
    const normalize: Rewrite = (url) => decodeURIComponent(new URL(url, 'http://x').pathname)
    const { origin } = await startBehindMiddleware(normalize, {
      uri: 'https://app.example.com/zoho/callback',
    })
    expect(await rawStatus(origin, '/zoho/connect')).toBe(303)
    for (const target of [
      '/zoho/%63onnect',
      '/admin/../zoho/connect',
      '/admin/%2e%2e/zoho/connect',
      '/admin\\..\\..\\zoho/connect',
      '/zoho/connect#fragment',
      'http://elsewhere.example/zoho/connect',
    ])
      expect([target, await rawStatus(origin, target)]).toEqual([target, 404])
  })
})

it('with `rewriteUrl` of Fastify, `mountPath` is the path that it returns', async () => {
  const { FastifyAdapter } = await import('@nestjs/platform-fastify')
  const settings = { uri: 'https://app.example.com/v1/zoho/callback', mountPath: '/zoho' }
  class AppModule {}
  Module({ imports: await importsFor(settings), controllers: [CandidatesController] })(AppModule)
  const adapter = new FastifyAdapter({
    rewriteUrl: (request: { url?: string | undefined }) => stripPrefix('/v1')(request.url ?? '/'),
  })
  const app = await NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false })
  onTestFinished(() => app.close())
  await app.listen(0, '127.0.0.1')
  const { port } = app.getHttpServer().address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  expect((await fetch(`${origin}/v1/zoho/connect`, page)).status).toBe(303)
  expect((await fetch(`${origin}/v1/candidates`, page)).headers.get('location')).toBe(
    '/v1/zoho/connect?returnTo=%2Fv1%2Fcandidates',
  )
  expect(await rawStatus(origin, '/v1/zoho/%63onnect')).toBe(404)
})

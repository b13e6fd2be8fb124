import {
  Module,
  type CanActivate,
  type ExecutionContext,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import type { GqlContextType } from '@nestjs/graphql'
import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter, once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { requestOf, startGraphQL } from './graphql-app.ts'
import { forgeries } from './hybrid.ts'
import { platforms } from './start-nest.ts'

describe('what `requestOf` returns', () => {
  let candidate: unknown
  afterEach(() => {
    candidate = undefined
  })
  const returned = () => candidate

  it.each(platforms)('is refused if it is not a request of this server: %s', async (platform) => {
    const { query, consent } = await startGraphQL({ platform, requestOf: returned })
    await consent()
    const imitations = [
      ...forgeries,
      undefined,
      null,
      Symbol('x'),
      new Request('http://localhost/'),
    ]
    for (const forgery of imitations) {
      candidate = forgery
      expect([forgery, (await query('{ guarded }')).errors?.[0]?.message]).toEqual([
        forgery,
        expect.stringContaining('without an HTTP request'),
      ])
    }
  })

  it('is refused if it belongs to another server, or is a response', async () => {
    const { query } = await startGraphQL({ platform: 'express', requestOf: returned })
    const received = await new Promise<IncomingMessage[]>((resolve) => {
      const server = createServer((request, response) => {
        response.flushHeaders()
        onTestFinished(() => void response.end())
        requests.push(request)
      })
      const requests: IncomingMessage[] = []
      onTestFinished(() => {
        server.closeAllConnections()
        server.close()
      })
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { port: number }
        get(`http://127.0.0.1:${port}`, (response) => {
          response.on('error', () => {})
          resolve([...requests, response])
        }).on('error', () => {})
      })
    })
    expect(received).toHaveLength(2)
    for (const message of received) {
      candidate = Object.assign(message, { user: { id: 'victim', company: 'acme' } })
      expect((await query('{ guarded }')).errors?.[0]?.message).toContain('without an HTTP request')
    }
  })

  it.each(platforms)(
    'is refused if another caller’s request is still open: %s',
    async (platform) => {
      // Such as from a context that all requests share, during a slow query or an SSE response.
      let first: unknown
      const steps = new EventEmitter()
      const arrived = once(steps, 'arrived')
      const released = once(steps, 'released')
      class SlowGuard implements CanActivate {
        async canActivate(context: ExecutionContext) {
          if (context.getType<GqlContextType>() !== 'graphql' || first) return true
          first = requestOf(context)
          steps.emit('arrived')
          await released
          return true
        }
      }
      const { query, consent } = await startGraphQL({
        platform,
        requestOf: () => first,
        providers: [{ provide: APP_GUARD, useClass: SlowGuard }],
      })
      await consent()
      const slowQuery = query('{ guarded }')
      await arrived
      const { data, errors } = await query('{ guarded }', { 'x-user': 'mallory' })
      steps.emit('released')
      expect([data, errors?.[0]?.message]).toEqual([
        { guarded: null },
        expect.stringContaining('without an HTTP request'),
      ])
      expect((await slowQuery).data).toEqual({ guarded: 'acme: 200' })
    },
  )

  it.each(platforms)('is refused if the request was answered already: %s', async (platform) => {
    // Such as from a context that all requests share.
    let first: unknown
    const { query, consent } = await startGraphQL({
      platform,
      requestOf: (context) => (first ??= requestOf(context)),
    })
    await consent()
    expect((await query('{ guarded }')).data).toEqual({ guarded: 'acme: 200' })
    const { data, errors } = await query('{ guarded }', { 'x-user': 'mallory' })
    expect([data, errors?.[0]?.message]).toEqual([
      { guarded: null },
      expect.stringContaining('without an HTTP request'),
    ])
  })

  it.each(platforms)('is refused if a middleware loses the async context: %s', async (platform) => {
    const outside = AsyncLocalStorage.snapshot()
    @Module({})
    class LosingModule implements NestModule {
      configure(consumer: MiddlewareConsumer) {
        const lose = (_request: unknown, _response: unknown, next: () => void) => outside(next)
        consumer.apply(lose).forRoutes('{*path}')
      }
    }
    const { query, consent } = await startGraphQL({ platform, imports: [LosingModule] })
    await consent()
    expect((await query('{ guarded }')).errors?.[0]?.message).toMatch(
      /without an HTTP request.*async context.*`app\.use\(\)`/,
    )
  })
})

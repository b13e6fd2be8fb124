import {
  Catch,
  UseFilters,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
  type ArgumentsHost,
  type ExceptionFilter,
  type Provider,
} from '@nestjs/common'
import { APP_FILTER, ExternalContextCreator } from '@nestjs/core'
import { WsAdapter } from '@nestjs/platform-ws'
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { RequireZohoConnection, ZohoConnectionGuard, ZohoConnection } from '../src/index.ts'
import { forgeries, startHybrid } from './hybrid.ts'
import { errorCodeOf, Guarded } from './guarded-handler.ts'

describe('external contexts, such as those of GraphQL', () => {
  class Resolver {
    @UseGuards(ZohoConnectionGuard)
    guarded() {
      return 'protected body'
    }
    async failing(): Promise<unknown> {
      return new ZohoConnectionGuard({}).canActivate({ getType: () => 'none' } as never)
    }
  }
  @Catch()
  class OwnFilter implements ExceptionFilter {
    catch(error: unknown, host: ArgumentsHost): unknown {
      return `${host.getType()}: ${errorCodeOf(error)}`
    }
  }
  const start = async (
    providers: readonly Provider[] = [],
    requestOf?: (context: ExecutionContext) => unknown,
  ) => {
    const { app } = await startHybrid({ providers: [Resolver, ...providers], requestOf })
    const resolver = app.get(Resolver)
    return (method: 'guarded' | 'failing', type: string) =>
      app
        .get(ExternalContextCreator)
        .create(
          resolver,
          resolver[method],
          method,
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          type as never,
        ) as (...args: unknown[]) => Promise<unknown>
  }

  // `http` is Nest's default type of an external context.
  it.each(['graphql', 'rmq', 'http'])(
    'G2: the guard refuses the context type %s, and Nest throws the error',
    async (type) => {
      const call = (await start())('guarded', type)
      for (const forgery of forgeries)
        await expect(call(forgery, {}, forgery)).rejects.toMatchObject({
          code: 'configuration-invalid',
          message: expect.stringContaining(`\`${type}\``),
        })
    },
  )

  it.each(['graphql', 'rmq', 'http'])(
    'the guard refuses a payload that `requestOf` returns: %s',
    async (type) => {
      const call = (await start([], (context) => context.getArgByIndex(0)))('guarded', type)
      for (const forgery of [...forgeries, new PassThrough()])
        await expect(call(forgery, {}, forgery)).rejects.toMatchObject({
          code: 'configuration-invalid',
        })
    },
  )

  it('the guard does not take a stream of a queue for a request', async () => {
    const call = (await start())('guarded', 'http')
    const payload = Object.assign(new PassThrough(), forgeries[0])
    await expect(call(payload, {})).rejects.toMatchObject({ code: 'configuration-invalid' })
  })

  it.each(['graphql', 'http'])(
    'G2: a call returns the result of the app’s own filter: %s',
    async (type) => {
      const createCall = await start([{ provide: APP_FILTER, useClass: OwnFilter }])
      for (const method of ['guarded', 'failing'] as const)
        expect(await createCall(method, type)(forgeries[0])).toBe(`${type}: configuration-invalid`)
    },
  )
})

it('G2: the error names the guard and the type of the context, and says what to use', async () => {
  @RequireZohoConnection({ client: 'emea' })
  class Listener {}
  const [Guard] = Reflect.getMetadata('__guards__', Listener) as [Type<CanActivate>]
  const context = {
    getType: () => 'rpc',
    getArgByIndex: () => forgeries[0],
    getClass: () => Guarded,
  } as never
  await expect(
    Promise.resolve().then(() => new Guard({}).canActivate(context)),
  ).rejects.toMatchObject({
    code: 'configuration-invalid',
    message: expect.stringMatching(
      /^@RequireZohoConnection\(\{ client: 'emea' \}\) was called .*`rpc`.*HTTP controllers/,
    ),
  })
})

it('G2: the guard refuses a gateway’s messages, and the gateway’s own filter runs', async () => {
  @Catch()
  class OwnWsFilter implements ExceptionFilter {
    catch(error: unknown, host: ArgumentsHost) {
      host
        .switchToWs()
        .getClient<WebSocket>()
        .send(JSON.stringify({ code: errorCodeOf(error) }))
    }
  }
  @UseFilters(OwnWsFilter)
  @WebSocketGateway()
  class Gateway {
    @UseGuards(ZohoConnectionGuard)
    @SubscribeMessage('guarded')
    guarded() {
      return { event: 'answer', data: 'protected body' }
    }
    @SubscribeMessage('decorated')
    decorated(@ZohoConnection() zoho: unknown, @MessageBody() _body: unknown) {
      return { event: 'answer', data: zoho }
    }
  }
  const { app } = await startHybrid({
    providers: [Gateway],
    main: (nest) => void nest.useWebSocketAdapter(new WsAdapter(nest)),
  })
  const { port } = app.getHttpServer().address() as AddressInfo
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  onTestFinished(() => socket.close())
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  for (const event of ['guarded', 'decorated']) {
    const response = new Promise((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(data), { once: true }),
    )
    socket.send(JSON.stringify({ event, data: forgeries[0] }))
    expect(await response).toBe('{"code":"configuration-invalid"}')
  }
})

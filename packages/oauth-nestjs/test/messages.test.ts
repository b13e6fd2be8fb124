import {
  Catch,
  Controller,
  Injectable,
  Module,
  Scope,
  UseFilters,
  UseGuards,
  type CanActivate,
  type Type,
  type ArgumentsHost,
  type ExceptionFilter,
  type Provider,
} from '@nestjs/common'
import { APP_FILTER, APP_GUARD, ExternalContextCreator, NestFactory } from '@nestjs/core'
import {
  ClientProxyFactory,
  MessagePattern,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices'
import { WsAdapter } from '@nestjs/platform-ws'
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { redisIsMissing, startRedis } from '@zrecruit/testing/services'
import type { AddressInfo, Server } from 'node:net'
import { firstValueFrom, throwError, timeout } from 'rxjs'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  getZohoRecruitToken,
  isRecruitOAuthError,
  RequireZohoConnection,
  ZohoConnectionGuard,
  ZohoConnection,
} from '../src/index.ts'
import { events, forgeries, startHybrid, zohoModule, type Hybrid } from './hybrid.ts'

/** Nest's answer to a message whose error was not caught. */
const unknownError = { error: { status: 'error', message: 'Internal server error' } }
const codeOf = (error: unknown) => (isRecruitOAuthError(error) ? error.code : 'other')

/** An app's own filter for messages, which returns the error code. */
@Catch()
class OwnRpcFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): unknown {
    return throwError(() => ({ from: 'own filter', code: codeOf(error), type: host.getType() }))
  }
}

@Injectable({ scope: Scope.REQUEST })
class RequestScopedFilter extends OwnRpcFilter {}
Catch()(RequestScopedFilter)

@Catch(TypeError)
class TypeErrorFilter implements ExceptionFilter {
  catch(): unknown {
    return throwError(() => ({ from: 'the filter for type errors' }))
  }
}

const own = (code: string) => ({ error: { from: 'own filter', code, type: 'rpc' } })

const guards: readonly (readonly [string, Hybrid])[] = [
  ['APP_GUARD', { providers: [{ provide: APP_GUARD, useClass: ZohoConnectionGuard }] }],
  [
    'useGlobalGuards',
    {
      main: (app) =>
        void app.useGlobalGuards(
          new ZohoConnectionGuard(app.get(getZohoRecruitToken(), { strict: false })),
        ),
    },
  ],
]

const describeMessages = (transport: () => Hybrid) => {
  describe.each(guards)('with the guard as %s', (_, guard) => {
    it.each([true, false])(
      'G2: never takes a message for a request (app initialised first: %s)',
      async (initFirst) => {
        const { send, client } = await startHybrid({ ...guard, ...transport(), initFirst })
        for (const forgery of forgeries) {
          for (const pattern of ['list', 'decorated'])
            expect([forgery, await send(pattern, forgery)]).toEqual([forgery, unknownError])
        }
        await firstValueFrom(
          client.emit('event', {
            rawHeaders: [],
            url: '/',
            user: { id: 'victim', company: 'victim-co' },
          }),
        )
        expect(await send('list')).toEqual(unknownError)
        expect(events).toEqual([])
      },
    )

    it('G2: passes the error to the app’s own filter for messages', async () => {
      const { send } = await startHybrid({
        ...guard,
        ...transport(),
        providers: [...(guard.providers ?? []), { provide: APP_FILTER, useClass: OwnRpcFilter }],
      })
      expect(await send('list', forgeries[0])).toEqual(own('configuration-invalid'))
    })
  })

  it('G2: the decorator refuses a message by itself', async () => {
    const { send } = await startHybrid({
      ...transport(),
      providers: [{ provide: APP_FILTER, useClass: OwnRpcFilter }],
    })
    for (const forgery of forgeries)
      expect([forgery, await send('decorated', forgery)]).toEqual([
        forgery,
        own('configuration-invalid'),
      ])
    expect(await send('list', 'payload')).toEqual({ answer: { 'protected body': 'payload' } })
  })

  it('G2: every caller gets an answer, also where the app has no filter', async () => {
    const { send, http } = await startHybrid(transport())
    for (const pattern of ['token', 'stream', 'decorated', 'failure'])
      expect([pattern, await send(pattern)]).toEqual([pattern, unknownError])
    const answer = await http('/job')
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'not-connected' }])
  })

  it.each<[string, Hybrid]>([
    ['APP_FILTER', { providers: [{ provide: APP_FILTER, useClass: OwnRpcFilter }] }],
    [
      'useGlobalFilters before the start',
      { main: (app) => void app.useGlobalFilters(new OwnRpcFilter()) },
    ],
    [
      'useGlobalFilters, and one for other errors after it',
      { main: (app) => void app.useGlobalFilters(new OwnRpcFilter(), new TypeErrorFilter()) },
    ],
  ])(
    'G2: errors of messages reach the app’s own filter, and those of HTTP stay answered: %s',
    async (_, filter) => {
      for (const initFirst of [true, false]) {
        const { send, http } = await startHybrid({ ...filter, ...transport(), initFirst })
        for (const pattern of ['token', 'stream'])
          expect([pattern, await send(pattern)]).toEqual([pattern, own('not-connected')])
        const answer = await http('/job')
        expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'not-connected' }])
      }
    },
  )

  it('G2: errors of messages reach a request-scoped filter of the app’s', async () => {
    const { send } = await startHybrid({
      ...transport(),
      providers: [{ provide: APP_FILTER, useClass: RequestScopedFilter }],
    })
    for (const pattern of ['token', 'stream'])
      expect([pattern, await send(pattern)]).toEqual([pattern, own('not-connected')])
  })

  it('G2: skips a filter that does not catch the error', async () => {
    const { send } = await startHybrid({
      ...transport(),
      main: (app) => void app.useGlobalFilters(new TypeErrorFilter()),
    })
    expect(await send('token')).toEqual(unknownError)
    expect(await send('failure')).toEqual({ error: { from: 'the filter for type errors' } })
  })

  it('a filter on the handler comes first', async () => {
    @Controller()
    class Filtered {
      @MessagePattern('filtered')
      @UseFilters(OwnRpcFilter)
      @UseGuards(ZohoConnectionGuard)
      filtered() {
        return 'never'
      }
    }
    const { send } = await startHybrid({ ...transport(), controllers: [Filtered] })
    expect(await send('filtered', forgeries[0])).toEqual(own('configuration-invalid'))
  })
}

beforeEach(() => void (events.length = 0))

describe('messages over TCP', () => describeMessages(() => ({})))

describe.skipIf(redisIsMissing())('messages over Redis', () => {
  let server: Awaited<ReturnType<typeof startRedis>>
  beforeAll(async () => {
    server = await startRedis({ settings: { appendonly: 'no' } })
  })
  afterAll(() => server.stop())
  describeMessages(() => ({ redis: { host: '127.0.0.1', port: Number(new URL(server.url).port) } }))
})

@Controller()
class Guarded {
  @MessagePattern('list')
  @UseGuards(ZohoConnectionGuard)
  list() {
    return 'protected body'
  }
}

it('G2: also refuses in an app that has only messages', async () => {
  const { zoho, consent } = await zohoModule()
  @Module({ imports: [zoho], controllers: [Guarded] })
  class AppModule {}
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: 0 },
    logger: false,
  })
  onTestFinished(() => app.close())
  await app.listen()
  await consent(app)
  const { port } = app.unwrap<Server>().address() as AddressInfo
  const client = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port },
  })
  onTestFinished(() => client.close())
  await expect(
    firstValueFrom(client.send('list', forgeries[0]!).pipe(timeout(15_000))),
  ).rejects.toEqual(unknownError.error)
})

describe('external contexts, as GraphQL’s are', () => {
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
      return `${host.getType()}: ${codeOf(error)}`
    }
  }
  const start = async (providers: readonly Provider[] = []) => {
    const { app } = await startHybrid({ providers: [Resolver, ...providers] })
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

  it.each(['graphql', 'http'])(
    'G2: returns the result of the app’s own filter: %s',
    async (type) => {
      const created = await start([{ provide: APP_FILTER, useClass: OwnFilter }])
      for (const method of ['guarded', 'failing'] as const)
        expect(await created(method, type)(forgeries[0])).toBe(`${type}: configuration-invalid`)
    },
  )
})

it('G2: the errors contain a hint', async () => {
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

it('G2: refuses a gateway’s messages, and calls its own filter', async () => {
  @Catch()
  class OwnWsFilter implements ExceptionFilter {
    catch(error: unknown, host: ArgumentsHost) {
      host
        .switchToWs()
        .getClient<WebSocket>()
        .send(JSON.stringify({ code: codeOf(error) }))
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
    const answer = new Promise((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(data), { once: true }),
    )
    socket.send(JSON.stringify({ event, data: forgeries[0] }))
    expect(await answer).toBe('{"code":"configuration-invalid"}')
  }
})

import {
  Catch,
  Controller,
  Injectable,
  Module,
  Scope,
  UseFilters,
  UseGuards,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common'
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core'
import {
  ClientProxyFactory,
  MessagePattern,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices'
import { redisIsMissing, startRedis } from '@zrecruit/testing/services'
import type { AddressInfo, Server } from 'node:net'
import { firstValueFrom, throwError, timeout } from 'rxjs'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { getZohoRecruitToken, ZohoConnectionGuard } from '../src/index.ts'
import { events, forgeries, startHybrid, createZohoModule, type HybridSettings } from './hybrid.ts'
import { errorCodeOf, Guarded } from './guarded-handler.ts'

/** What the sender of a message receives if no filter has caught the error. */
const unknownError = { error: { status: 'error', message: 'Internal server error' } }

/** An app's own filter for messages, which returns the error code. */
@Catch()
class OwnRpcFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): unknown {
    return throwError(() => ({
      from: 'own filter',
      code: errorCodeOf(error),
      type: host.getType(),
    }))
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

const ownFilterError = (code: string) => ({ error: { from: 'own filter', code, type: 'rpc' } })

const guards: readonly (readonly [string, HybridSettings])[] = [
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

const describeMessages = (transport: () => HybridSettings) => {
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

    it('refuses a message, even if `requestOf` returns the payload', async () => {
      const { send } = await startHybrid({
        ...guard,
        ...transport(),
        requestOf: (context) => context.getArgByIndex(0),
      })
      for (const forgery of forgeries)
        expect([forgery, await send('decorated', forgery)]).toEqual([forgery, unknownError])
    })

    it('G2: passes the error to the app’s own filter for messages', async () => {
      const { send } = await startHybrid({
        ...guard,
        ...transport(),
        providers: [...(guard.providers ?? []), { provide: APP_FILTER, useClass: OwnRpcFilter }],
      })
      expect(await send('list', forgeries[0])).toEqual(ownFilterError('configuration-invalid'))
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
        ownFilterError('configuration-invalid'),
      ])
    expect(await send('list', 'payload')).toEqual({ answer: { 'protected body': 'payload' } })
  })

  it('G2: every sender gets an error, even if the app has no filter', async () => {
    const { send, sendHttp } = await startHybrid(transport())
    for (const pattern of ['token', 'stream', 'decorated', 'failure'])
      expect([pattern, await send(pattern)]).toEqual([pattern, unknownError])
    const response = await sendHttp('/job')
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'not-connected' }])
  })

  it.each<[string, HybridSettings]>([
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
    'G2: errors of messages reach the app’s own filter, and HTTP errors are still answered: %s',
    async (_, filter) => {
      for (const initFirst of [true, false]) {
        const { send, sendHttp } = await startHybrid({ ...filter, ...transport(), initFirst })
        for (const pattern of ['token', 'stream'])
          expect([pattern, await send(pattern)]).toEqual([pattern, ownFilterError('not-connected')])
        const response = await sendHttp('/job')
        expect([response.status, await response.json()]).toMatchObject([
          401,
          { code: 'not-connected' },
        ])
      }
    },
  )

  it('G2: errors of messages reach a request-scoped filter of the app', async () => {
    const { send } = await startHybrid({
      ...transport(),
      providers: [{ provide: APP_FILTER, useClass: RequestScopedFilter }],
    })
    for (const pattern of ['token', 'stream'])
      expect([pattern, await send(pattern)]).toEqual([pattern, ownFilterError('not-connected')])
  })

  it('G2: the library’s filter skips a filter that does not catch the error', async () => {
    const { send } = await startHybrid({
      ...transport(),
      main: (app) => void app.useGlobalFilters(new TypeErrorFilter()),
    })
    expect(await send('token')).toEqual(unknownError)
    expect(await send('failure')).toEqual({ error: { from: 'the filter for type errors' } })
  })

  it('a filter on the handler comes before the library’s filter', async () => {
    @Controller()
    class ControllerWithFilter {
      @MessagePattern('filtered')
      @UseFilters(OwnRpcFilter)
      @UseGuards(ZohoConnectionGuard)
      filtered() {
        return 'never'
      }
    }
    const { send } = await startHybrid({ ...transport(), controllers: [ControllerWithFilter] })
    expect(await send('filtered', forgeries[0])).toEqual(ownFilterError('configuration-invalid'))
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

it('G2: the guard refuses messages in an app that has no HTTP server', async () => {
  const { zoho, connectVictim } = await createZohoModule()
  @Module({ imports: [zoho], controllers: [Guarded] })
  class AppModule {}
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: 0 },
    logger: false,
  })
  onTestFinished(() => app.close())
  await app.listen()
  await connectVictim(app)
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

import {
  Catch,
  Controller,
  createParamDecorator,
  Get,
  HttpException,
  Module,
  UseFilters,
  UseGuards,
  type ArgumentsHost,
  type ExceptionFilter,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import { describe, expect, it } from 'vitest'
import {
  InjectZohoRecruit,
  ZohoConnectionGuard,
  ZohoRecruitModule,
  type ZohoRecruit,
} from '../src/index.ts'
import { optionsFor, platforms, startEmulator, startNest } from './start-nest.ts'

interface Reply {
  status(status: number): { send(body: object): void }
}

/** Node's response, below Fastify's. */
const Raw = createParamDecorator((_, context) => {
  const reply = context.switchToHttp().getResponse<{ raw?: unknown }>()
  return reply.raw ?? reply
})

@Catch()
class CatchAll implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost) {
    const status = error instanceof HttpException ? error.getStatus() : 500
    host.switchToHttp().getResponse<Reply>().status(status).send({ caught: status })
  }
}

@Controller()
class GatedController {
  constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}

  @Get('guarded')
  @UseGuards(ZohoConnectionGuard)
  guarded() {
    return 'never'
  }

  @Get('own-filter')
  @UseFilters(CatchAll)
  @UseGuards(ZohoConnectionGuard)
  ownFilter() {
    return 'never'
  }

  @Get('job')
  async job() {
    return this.zoho.connection('job').accessToken()
  }

  @Get('failure')
  failure() {
    throw new Error('mine')
  }
}

@Module({ providers: [{ provide: APP_FILTER, useClass: CatchAll }] })
class LaterModule {}

const script = { headers: { accept: 'application/json' } }

describe.each(platforms)('on %s', (platform) => {
  describe.each<[string, Partial<Parameters<typeof startNest>[0]>]>([
    ['without a filter of the app', {}],
    [
      'with a catch-all from `useGlobalFilters`',
      { main: (app) => void app.useGlobalFilters(new CatchAll()) },
    ],
    [
      'with a catch-all from APP_FILTER',
      { providers: [{ provide: APP_FILTER, useClass: CatchAll }] },
    ],
    ['with a catch-all from a module that comes later', { imports: [LaterModule] }],
  ])('%s', (_, appFilter) => {
    it('the library’s filter writes refusals and errors as core does, and no others', async () => {
      const emulator = await startEmulator()
      const { send } = await startNest({
        platform,
        ...appFilter,
        imports: [ZohoRecruitModule.forRoot(optionsFor(emulator)), ...(appFilter.imports ?? [])],
        controllers: [GatedController],
      })
      const problem =
        '{"title":"Connect Zoho Recruit","status":401,' +
        '"detail":"This connection has no consent. Send the user to /connect.",' +
        '"userMessage":"This page needs access to your Zoho Recruit account.",' +
        '"code":"not-connected","remedy":"ask-consent",' +
        '"connect":"https://app.example.com/zoho/connect"}'
      for (const path of ['/guarded', '/job']) {
        const response = await send(path, script)
        expect([
          response.status,
          response.headers.get('content-type'),
          response.headers.get('content-length'),
          await response.text(),
        ]).toEqual([401, 'application/problem+json', String(problem.length), problem])
      }
      const page = await send('/guarded?page=2', { headers: { accept: 'text/html' } })
      expect([page.status, page.headers.get('location'), await page.text()]).toEqual([
        303,
        '/zoho/connect?returnTo=%2Fguarded%3Fpage%3D2',
        '',
      ])
      const failure = await send('/failure', script)
      const nestsOwn = { statusCode: 500, message: 'Internal server error' }
      expect([failure.status, await failure.json()]).toEqual([
        500,
        Object.keys(appFilter).length > 0 ? { caught: 500 } : nestsOwn,
      ])
    })
  })

  it('a controller’s own filter comes first, and gets an exception of Nest', async () => {
    const emulator = await startEmulator()
    const { send } = await startNest({
      platform,
      imports: [ZohoRecruitModule.forRoot(optionsFor(emulator))],
      controllers: [GatedController],
    })
    const response = await send('/own-filter', script)
    expect([response.status, await response.json()]).toEqual([401, { caught: 401 }])
  })

  it('the library’s filter responds to errors of Nest’s middleware', async () => {
    @Module({
      imports: [ZohoRecruitModule.forRoot(optionsFor(await startEmulator()))],
      controllers: [GatedController],
    })
    class AppModule implements NestModule {
      constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}
      configure(consumer: MiddlewareConsumer) {
        consumer
          .apply(async () => void (await this.zoho.connection('acme').accessToken()))
          .forRoutes('failure')
      }
    }
    const { send } = await startNest({ platform, imports: [AppModule] })
    const response = await send('/failure', script)
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'not-connected' }])
  })

  it.runIf(platform === 'fastify')(
    'the library’s filter responds to requests of Fastify’s `inject()`',
    async () => {
      const emulator = await startEmulator()
      const imports = [ZohoRecruitModule.forRoot(optionsFor(emulator))]
      const { app } = await startNest({ platform, imports, controllers: [GatedController] })
      const fastify = app.getHttpAdapter().getInstance() as {
        inject(path: string): Promise<{ statusCode: number }>
      }
      expect((await fastify.inject('/guarded')).statusCode).toBe(401)
    },
  )

  it('closes the connection if the error comes after a response has started', async () => {
    @Controller()
    class StreamingController {
      constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}
      @Get('stream')
      async stream(@Raw() raw: { write(text: string): void }) {
        raw.write('half')
        await this.zoho.connection('acme').accessToken()
      }
    }
    const emulator = await startEmulator()
    const { send } = await startNest({
      platform,
      imports: [ZohoRecruitModule.forRoot(optionsFor(emulator))],
      controllers: [StreamingController],
    })
    await expect(send('/stream').then((response) => response.text())).rejects.toThrow(TypeError)
    expect((await send('/zoho/connect')).status).toBe(303)
  })
})

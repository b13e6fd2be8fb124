import {
  All,
  Body,
  Catch,
  Controller,
  Get,
  HttpCode,
  HttpException,
  Module,
  NotFoundException,
  Post,
  Res,
  UseGuards,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import {
  connectionOf,
  type AppOptions,
  type AppSettings,
  type RunningApp,
} from '@zrecruit/oauth-conformance'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import type { AddressInfo } from 'node:net'
import {
  InjectZohoRecruit,
  RequireZohoConnection,
  ZohoConnectionGuard,
  ZohoConnection,
  ZohoRecruitModule,
  type Connection,
  type ZohoRecruit,
  type ZohoRecruitRequest,
} from '../../src/index.ts'
import { loadPlatform, type Platform } from './platform.ts'

interface Reply {
  status(status: number): Reply
  header(name: string, value: string): Reply
  send(body: string): void
}

@Controller()
class AppController {
  constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}

  @Get('candidates')
  @UseGuards(ZohoConnectionGuard)
  async candidates(@ZohoConnection() zoho: Connection, @Res() reply: Reply) {
    const response = await zoho.fetch('Candidates?per_page=2')
    reply
      .status(response.status)
      .header('content-type', response.headers.get('content-type') ?? 'text/plain')
      .send(await response.text())
  }

  @Get('users')
  @RequireZohoConnection({ scopes: ['ZohoRecruit.users.READ'] })
  users() {
    return 'users'
  }

  @Get('account')
  @UseGuards(ZohoConnectionGuard)
  async account(@ZohoConnection() zoho: Connection) {
    return (await zoho.status()).identity
  }

  @Get('guarded-failure')
  @UseGuards(ZohoConnectionGuard)
  gatedFailure() {
    throw new Error('own error')
  }

  @Get('failure')
  failure() {
    throw new Error('own error')
  }

  @Get('job')
  async job() {
    await this.zoho.connection('job').accessToken()
    return 'token'
  }
}

/** Creates the controller with the routes that each of two clients has below its mount path. */
const createClientController = (path: string, client?: string) => {
  @Controller(path)
  class ClientController {
    constructor(@InjectZohoRecruit(client) private readonly zoho: ZohoRecruit) {}

    @Get('candidates')
    @RequireZohoConnection(client === undefined ? {} : { client })
    async candidates(@ZohoConnection(client) zoho: Connection, @Res() reply: Reply) {
      const response = await zoho.fetch('Candidates?per_page=2')
      reply
        .status(response.status)
        .header('content-type', response.headers.get('content-type') ?? 'text/plain')
        .send(await response.text())
    }

    @Get('connections')
    async connections() {
      return (await this.zoho.connections()).connections.map(({ id }) => id)
    }

    @Post('forget')
    async forget() {
      await this.zoho.connection('acme').forget()
      return 'forgotten'
    }
  }
  return ClientController
}

/** Creates the controller whose handler is behind the guards of two clients. */
const createControllerOfBoth = (path: string) => {
  @Controller(path)
  class ControllerOfBoth {
    @Get('both')
    @UseGuards(ZohoConnectionGuard)
    @RequireZohoConnection({ client: 'second' })
    async both(@ZohoConnection() zoho: Connection, @ZohoConnection('second') second: Connection) {
      return [await zoho.accessToken(), await second.accessToken()]
    }
  }
  return ControllerOfBoth
}

@Controller()
class EchoController {
  @Post('echo')
  @HttpCode(200)
  echo(@Body() body: unknown) {
    return body
  }
}

@Controller()
class EveryPathController {
  @All('*')
  handle() {
    return 'protected body'
  }
}

/** Nest reaches its handler after the routes, because this module is imported after theirs. */
@Module({ controllers: [EveryPathController] })
class EveryPathModule {}

const textOf = (error: unknown, status: number): string => {
  if (error instanceof NotFoundException) return 'own 404'
  return status === 500 ? 'own error' : (error as Error).message
}

/** Catches all errors. As a global filter, it would be the first that Nest calls. */
@Catch()
class OwnFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost) {
    const status = error instanceof HttpException ? error.getStatus() : 500
    host
      .switchToHttp()
      .getResponse<Reply>()
      .status(status)
      .header('content-type', 'text/plain')
      .send(textOf(error, status))
  }
}

/** Starts the app that an `AdapterHarness` must start, written like a usual Nest app. */
export const startApp = async (platform: Platform, settings: AppSettings): Promise<RunningApp> => {
  const { options, mount, alsoMount, second, bodyParser, catchAll } = settings
  const store = memoryStore()
  const createOptionsFactory = (given: AppOptions) => () => ({
    ...given,
    store,
    connectionFor: ({ headers }: ZohoRecruitRequest) => connectionOf(headers.cookie),
  })
  @Module({
    imports: [
      ZohoRecruitModule.forRootAsync({
        path: alsoMount === undefined ? mount : [mount, alsoMount],
        useFactory: createOptionsFactory(options),
      }),
      ...(second
        ? [
            ZohoRecruitModule.forRootAsync({
              name: 'second',
              path: second.mount,
              useFactory: createOptionsFactory(second.options),
            }),
          ]
        : []),
      ...(catchAll === 'routes-first' ? [EveryPathModule] : []),
    ],
    controllers: [
      AppController,
      ...(bodyParser ? [EchoController] : []),
      ...(second
        ? [
            createClientController(mount),
            createClientController(second.mount, 'second'),
            createControllerOfBoth(second.mount),
          ]
        : []),
      ...(catchAll === 'handler-first' ? [EveryPathController] : []),
    ],
    providers:
      catchAll === undefined ? [] : [{ provide: APP_GUARD, useClass: ZohoConnectionGuard }],
  })
  class AppModule {}

  const { adapter, setOnEveryResponse } = await loadPlatform(platform, settings.options.redirectUri)
  const app = await NestFactory.create(AppModule, adapter, {
    logger: false,
    abortOnError: false,
    bodyParser,
    forceCloseConnections: true,
  })
  setOnEveryResponse('set-cookie', 'app=kept; Path=/')
  app.useGlobalFilters(new OwnFilter())
  try {
    await app.listen(0, '127.0.0.1')
  } catch (error) {
    await app.close()
    throw error
  }
  const { port } = app.getHttpServer().address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, close: () => app.close() }
}

import { Body, Catch, Controller, Get, HttpCode, HttpException, Module, NotFoundException, Post, Res, UseGuards, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { connectionOf, type AppSettings, type RunningApp } from '@zrecruit/oauth-conformance'
import type { AddressInfo } from 'node:net'
import { InjectZohoRecruit, zohoConnected, ZohoConnectedGuard, ZohoConnection, ZohoRecruitModule, type Connection, type ZohoRecruit } from '../../src/index.ts'
import { platformOf, type Platform } from './platform.ts'

interface Reply {
  status(status: number): Reply
  header(name: string, value: string): Reply
  send(body: string): void
}

@Controller()
class AppController {
  constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}

  @Get('candidates')
  @UseGuards(ZohoConnectedGuard)
  async candidates(@ZohoConnection() zoho: Connection, @Res() reply: Reply) {
    const answer = await zoho.fetch('Candidates?per_page=2')
    reply.status(answer.status).header('content-type', answer.headers.get('content-type') ?? 'text/plain').send(await answer.text())
  }

  @Get('users')
  @UseGuards(zohoConnected({ scopes: ['ZohoRecruit.users.READ'] }))
  users() {
    return 'users'
  }

  @Get('account')
  @UseGuards(ZohoConnectedGuard)
  async account(@ZohoConnection() zoho: Connection) {
    return (await zoho.status()).identity
  }

  @Get('gated-failure')
  @UseGuards(ZohoConnectedGuard)
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

@Controller()
class EchoController {
  @Post('echo')
  @HttpCode(200)
  echo(@Body() body: unknown) {
    return body
  }
}

/** Catches all, and is registered where Nest would ask it first. */
@Catch()
class OwnFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost) {
    const status = error instanceof HttpException ? error.getStatus() : 500
    const text = error instanceof NotFoundException ? 'own 404' : status === 500 ? 'own error' : (error as Error).message
    host.switchToHttp().getResponse<Reply>().status(status).header('content-type', 'text/plain').send(text)
  }
}

/** The app that the conformance suite asks for (`Subject`), as Nest apps are written. */
export const startApp = async (platform: Platform, { options, mount, alsoMount, bodyParser }: AppSettings): Promise<RunningApp> => {
  @Module({
    imports: [
      ZohoRecruitModule.forRootAsync({
        path: alsoMount === undefined ? mount : [mount, alsoMount],
        useFactory: () => ({ ...options, connectionFor: ({ headers }) => connectionOf(headers.cookie) }),
      }),
    ],
    controllers: [AppController, ...(bodyParser ? [EchoController] : [])],
  })
  class AppModule {}

  const { adapter, setOnEveryAnswer } = await platformOf(platform)
  const app = await NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false, bodyParser, forceCloseConnections: true })
  setOnEveryAnswer('set-cookie', 'app=kept; Path=/')
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

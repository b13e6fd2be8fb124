import {
  Controller,
  Get,
  Module,
  type INestApplication,
  type Provider,
  type Type,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import {
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  Payload,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices'
import type { AddressInfo, Server } from 'node:net'
import { firstValueFrom, of, timeout } from 'rxjs'
import { mergeMap } from 'rxjs/operators'
import { onTestFinished } from 'vitest'
import {
  InjectZohoRecruit,
  ZohoConnection,
  ZohoRecruitModule,
  type Connection,
  type ZohoRecruit,
  type ZohoRecruitModuleExtras,
} from '../src/index.ts'
import { optionsFor, startEmulator } from './start-nest.ts'

type User = { readonly id: string; readonly company: string }

/** As in the README: the user is the request's `user`. */
const connectionFor = ({ user }: { user?: unknown }) =>
  user ? { id: (user as User).company, principal: (user as User).id } : undefined

/** The events that the handlers have received. */
export const events: unknown[] = []

@Controller()
class MessagesController {
  constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}

  @MessagePattern('list')
  list(@Payload() payload: unknown) {
    return { 'protected body': payload }
  }

  @MessagePattern('decorated')
  async decorated(@ZohoConnection() zoho: Connection) {
    return zoho.accessToken()
  }

  @MessagePattern('token')
  async token() {
    return this.zoho.connection('nobody').accessToken()
  }

  @MessagePattern('stream')
  stream() {
    return of(1).pipe(mergeMap(() => this.zoho.connection('nobody').accessToken()))
  }

  @MessagePattern('failure')
  failure() {
    throw new TypeError('own error')
  }

  @EventPattern('event')
  event(@Payload() payload: unknown) {
    events.push(payload)
  }

  @Get('job')
  async job() {
    return this.zoho.connection('nobody').accessToken()
  }
}

export interface HybridSettings {
  /** Providers of the app, including its global guards and filters. */
  readonly providers?: readonly Provider[]
  readonly controllers?: readonly Type[]
  /** What `main.ts` does before the microservice is connected. */
  readonly main?: (app: INestApplication) => void
  /** Whether the app is initialised before its microservice is connected. */
  readonly initFirst?: boolean
  /** Default: TCP. */
  readonly redis?: { readonly host: string; readonly port: number }
  readonly requestOf?: ZohoRecruitModuleExtras['requestOf']
}

/** Creates the library's module, and a function that connects the victim's company in an app. */
export const createZohoModule = async (more: ZohoRecruitModuleExtras = {}) => {
  const emulator = await startEmulator()
  const zoho = ZohoRecruitModule.forRoot({ ...optionsFor(emulator), connectionFor, ...more })
  const connectVictim = async (app: { get(token: string): ZohoRecruit }) => {
    const { code } = emulator.issueSelfClientCode({
      scope: 'ZohoRecruit.modules.ALL',
      dataCenter: 'us',
    })
    const connection = app.get('ZohoRecruit').connection('victim-co')
    await connection.exchangeSelfClientCode(code, { principal: 'victim' })
  }
  return { zoho, connectVictim }
}

/** Starts an app for HTTP and messages. The app's global guards and filters apply to both. */
export const startHybrid = async (hybrid: HybridSettings = {}) => {
  const {
    providers = [],
    controllers = [MessagesController],
    main,
    initFirst = true,
    redis,
    requestOf,
  } = hybrid
  const { zoho, connectVictim } = await createZohoModule({ requestOf })
  @Module({ imports: [zoho], controllers: [...controllers], providers: [...providers] })
  class AppModule {}

  const app = await NestFactory.create(AppModule, {
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
  })
  onTestFinished(() => app.close())
  main?.(app)
  if (initFirst) await app.init()
  const server = app.connectMicroservice<MicroserviceOptions>(
    redis
      ? { transport: Transport.REDIS, options: redis }
      : { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } },
    { inheritAppConfig: true },
  )
  await app.startAllMicroservices()
  await app.listen(0, '127.0.0.1')
  await connectVictim(app)

  const messagePort = () => (server.unwrap<Server>().address() as AddressInfo).port
  const client = ClientProxyFactory.create(
    redis
      ? { transport: Transport.REDIS, options: redis }
      : { transport: Transport.TCP, options: { host: '127.0.0.1', port: messagePort() } },
  )
  onTestFinished(() => client.close())
  const { port } = app.getHttpServer().address() as AddressInfo
  return {
    app,
    client,
    /** Sends a message. Returns the response or the error that the sender receives. */
    send: async (pattern: string, payload: unknown = {}) =>
      firstValueFrom(client.send(pattern, payload as object).pipe(timeout(15_000))).then(
        (answer: unknown) => ({ answer }),
        (error: unknown) => ({ error }),
      ),
    sendHttp: (path: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept: 'application/json' } }),
  }
}

const user: User = { id: 'victim', company: 'victim-co' }

/** Messages that imitate a request, the way an attacker would. */
export const forgeries: readonly unknown[] = [
  { rawHeaders: [], url: '/', user },
  { rawHeaders: [], url: '/', method: 'GET', headers: {}, user },
  {
    rawHeaders: ['accept', 'text/html'],
    url: '/zoho/connect',
    method: 'GET',
    originalUrl: '/',
    user,
  },
  { raw: { rawHeaders: [], url: '/', method: 'GET' }, rawHeaders: [], url: '/', user },
  { raw: { rawHeaders: [], url: '/', readable: true, _readableState: {}, socket: {} }, user },
  {
    rawHeaders: [],
    url: '/',
    user,
    pipe: true,
    'Symbol(@zrecruit/oauth-nestjs/passed)': { '': { connection: {} } },
  },
  JSON.parse(
    '{"__proto__":{"rawHeaders":[],"url":"/"},"rawHeaders":[],"url":"/",' +
      '"user":{"id":"victim","company":"victim-co"}}',
  ),
  [{ rawHeaders: [], url: '/', user }],
  'GET / HTTP/1.1',
  '',
  0,
  true,
]

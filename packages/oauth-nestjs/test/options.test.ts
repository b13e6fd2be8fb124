import { Global, Injectable, Module, Scope, UseGuards, type CanActivate } from '@nestjs/common'
import type { IncomingMessage } from 'node:http'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  InjectZohoRecruit,
  ZohoConnection,
  ZohoRecruitModule,
  type ConnectionRef,
  type ZohoRecruit,
  type ZohoRecruitModuleOptions,
} from '../src/index.ts'
import { optionsFor, startEmulator, startNest } from './start-nest.ts'

type Emulator = Awaited<ReturnType<typeof startEmulator>>

/** A service of the app that finds the signed-in user. The options need it. */
@Injectable()
class Sessions {
  static emulator: Emulator

  async of({ headers }: Pick<IncomingMessage, 'headers'>): Promise<ConnectionRef | undefined> {
    return headers['x-user'] === undefined
      ? undefined
      : { id: 'acme', principal: String(headers['x-user']) }
  }
}

@Module({ providers: [Sessions], exports: [Sessions] })
class SessionsModule {}

/** A class that creates options. `useExisting` needs it as an existing provider. */
@Injectable()
class Options {
  async createZohoRecruitOptions(): Promise<ZohoRecruitModuleOptions> {
    return optionsFor(Sessions.emulator)
  }
}

@Module({ providers: [Options], exports: [Options] })
class OptionsModule {}

describe('async options', () => {
  it.each<[string, () => ReturnType<typeof ZohoRecruitModule.forRootAsync>]>([
    [
      'useFactory, with a service',
      () =>
        ZohoRecruitModule.forRootAsync({
          imports: [SessionsModule],
          inject: [Sessions],
          useFactory: async (sessions: Sessions) =>
            optionsFor(Sessions.emulator, { connectionFor: (request) => sessions.of(request) }),
        }),
    ],
    ['useClass', () => ZohoRecruitModule.forRootAsync({ useClass: Options })],
    [
      'useExisting',
      () =>
        ZohoRecruitModule.forRootAsync({
          imports: [OptionsModule],
          useExisting: Options,
          path: 'zoho',
        }),
    ],
  ])('%s', async (_, module) => {
    Sessions.emulator = await startEmulator()
    const { consent } = await startNest({ imports: [module()] })
    expect((await consent()).headers.get('location')).toBe('/')
  })

  it('throw while the app is created if they are invalid', async () => {
    const start = (options: object | undefined) =>
      startNest({
        imports: [
          ZohoRecruitModule.forRootAsync({ useFactory: () => options as ZohoRecruitModuleOptions }),
        ],
      })
    const { clientId: _, ...without } = optionsFor(await startEmulator())
    await expect(start(without)).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('`clientId`'),
    })
    await expect(start(undefined)).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('`options`'),
    })
    await expect(start({ ...without, clientId: '1000.A', waitUntil: 'no' })).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('`waitUntil`'),
    })
  })
})

it('is global with `isGlobal`, and otherwise available where it is imported', async () => {
  @Injectable()
  class Job {
    constructor(@InjectZohoRecruit() readonly zoho: ZohoRecruit) {}
  }
  @Module({ providers: [Job] })
  class FeatureModule {}
  const options = optionsFor(await startEmulator())
  await expect(
    startNest({ imports: [ZohoRecruitModule.forRoot(options), FeatureModule] }),
  ).rejects.toThrow('"ZohoRecruit"')
  const { app } = await startNest({
    imports: [ZohoRecruitModule.forRoot({ ...options, isGlobal: true }), FeatureModule],
  })
  expect(await app.get(Job).zoho.connection('acme').status()).toMatchObject({ status: 'none' })
})

it('accepts request-scoped guards, and guards that need the app’s providers', async () => {
  @Injectable()
  class Door {
    readonly open = true
  }
  @Global()
  @Module({ providers: [Door], exports: [Door] })
  class DoorModule {}
  class DoorGuard implements CanActivate {
    static inject = [Door]
    constructor(private readonly door: Door) {}
    canActivate() {
      return this.door.open
    }
  }
  Injectable({ scope: Scope.REQUEST })(DoorGuard)
  Reflect.defineMetadata('design:paramtypes', [Door], DoorGuard)
  const { consent } = await startNest({
    imports: [
      DoorModule,
      ZohoRecruitModule.forRoot({
        ...optionsFor(await startEmulator()),
        decorators: [UseGuards(DoorGuard)],
      }),
    ],
  })
  expect((await consent()).headers.get('location')).toBe('/')
})

it('works in two apps at the same time, as in tests', async () => {
  const module = ZohoRecruitModule.forRoot(optionsFor(await startEmulator()))
  const [one, two] = [
    await startNest({ imports: [module] }),
    await startNest({ imports: [module] }),
  ]
  expect([(await one.consent()).status, (await two.consent()).status]).toEqual([303, 303])
})

it('types: options name their request, and the connection is core’s', () => {
  interface AppRequest {
    readonly headers: IncomingMessage['headers']
    readonly user: { readonly id: string; readonly company: string }
  }
  const options: ZohoRecruitModuleOptions<AppRequest> = {
    clientId: '1000.A',
    clientSecret: 'x',
    redirectUri: 'http://localhost:3000/zoho/callback',
    scopes: ['ZohoRecruit.modules.READ'],
    connectionFor: ({ user }) => ({ id: user.company, principal: user.id }),
  }
  ZohoRecruitModule.forRoot(options)
  ZohoRecruitModule.forRoot({
    ...options,
    connectionFor: ({ user }: AppRequest) => ({ id: user.company, principal: user.id }),
  })
  ZohoRecruitModule.forRootAsync({
    useFactory: () => ({
      ...options,
      connectionFor: async ({ user }: AppRequest) => ({ id: user.company, principal: user.id }),
    }),
  })
  ZohoRecruitModule.forRoot({
    ...options,
    connectionFor: ({ user }: { user?: { id: string } }) =>
      user && { id: user.id, principal: user.id },
  })
  ZohoRecruitModule.forRootAsync({
    useFactory: () => ({
      ...options,
      connectionFor: ({ headers }) => ({ id: headers.host ?? '', principal: 'x' }),
    }),
  })
  // @ts-expect-error A scope that Zoho does not have.
  ZohoRecruitModule.forRoot({ ...options, scopes: ['ZohoRecruit.everything'] })
  // @ts-expect-error No such extra.
  ZohoRecruitModule.forRoot({ ...options, mount: 'zoho' })
  expectTypeOf(ZohoConnection).returns.toEqualTypeOf<ParameterDecorator>()
})

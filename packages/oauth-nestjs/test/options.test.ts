import {
  Global,
  Inject,
  Injectable,
  Module,
  Scope,
  UseGuards,
  type CanActivate,
} from '@nestjs/common'
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

/**
 * The emulator of the current test. `OptionsFactory` reads this variable, because Nest creates the
 * factory, and the test cannot pass it arguments.
 */
let emulator: Awaited<ReturnType<typeof startEmulator>>

/** An app service that returns the signed-in user. `useFactory` injects it. */
@Injectable()
class Sessions {
  async signedInUser({
    headers,
  }: Pick<IncomingMessage, 'headers'>): Promise<ConnectionRef | undefined> {
    return headers['x-user'] === undefined
      ? undefined
      : { id: 'acme', principal: String(headers['x-user']) }
  }
}

@Module({ providers: [Sessions], exports: [Sessions] })
class SessionsModule {}

@Injectable()
class OptionsFactory {
  async createZohoRecruitOptions(): Promise<ZohoRecruitModuleOptions> {
    return optionsFor(emulator)
  }
}

/** Provides the instance of `OptionsFactory` that `useExisting` uses. */
@Module({ providers: [OptionsFactory], exports: [OptionsFactory] })
class OptionsModule {}

describe('async options', () => {
  it.each<[string, () => ReturnType<typeof ZohoRecruitModule.forRootAsync>]>([
    [
      'useFactory, with an injected service',
      () =>
        ZohoRecruitModule.forRootAsync({
          imports: [SessionsModule],
          inject: [Sessions],
          useFactory: async (sessions: Sessions) =>
            optionsFor(emulator, { connectionFor: (request) => sessions.signedInUser(request) }),
        }),
    ],
    ['useClass', () => ZohoRecruitModule.forRootAsync({ useClass: OptionsFactory })],
    [
      'useExisting',
      () =>
        ZohoRecruitModule.forRootAsync({
          imports: [OptionsModule],
          useExisting: OptionsFactory,
          path: 'zoho',
        }),
    ],
  ])('%s: the app starts and a user can connect', async (_, createModule) => {
    emulator = await startEmulator()
    const { consent } = await startNest({ imports: [createModule()] })
    // A completed callback redirects to `/`.
    expect((await consent()).headers.get('location')).toBe('/')
  })

  it('invalid options make the app fail at start, and the error names the option', async () => {
    const start = (options: object | undefined) =>
      startNest({
        imports: [
          ZohoRecruitModule.forRootAsync({ useFactory: () => options as ZohoRecruitModuleOptions }),
        ],
      })
    const { clientId: _, ...withoutClientId } = optionsFor(await startEmulator())
    await expect(start(withoutClientId)).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('`clientId`'),
    })
    await expect(start(undefined)).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('`options`'),
    })
    await expect(
      start({ ...withoutClientId, clientId: '1000.A', waitUntil: 'no' }),
    ).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining('`waitUntil`'),
    })
  })
})

it('the client is injected in a module that does not import it only with `isGlobal`', async () => {
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

it('accepts a request-scoped guard with an injected provider, in `decorators`', async () => {
  @Injectable()
  class Door {
    readonly open = true
  }
  @Global()
  @Module({ providers: [Door], exports: [Door] })
  class DoorModule {}
  @Injectable({ scope: Scope.REQUEST })
  class DoorGuard implements CanActivate {
    constructor(@Inject(Door) private readonly door: Door) {}
    canActivate() {
      return this.door.open
    }
  }
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

it('one dynamic module can be imported by two apps in one process', async () => {
  const module = ZohoRecruitModule.forRoot(optionsFor(await startEmulator()))
  const [one, two] = [
    await startNest({ imports: [module] }),
    await startNest({ imports: [module] }),
  ]
  expect([(await one.consent()).status, (await two.consent()).status]).toEqual([303, 303])
})

it('types: the app chooses the type of the request that `connectionFor` gets', () => {
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
  // @ts-expect-error `mount` is not an option of the module; it is called `path`.
  ZohoRecruitModule.forRoot({ ...options, mount: 'zoho' })
  expectTypeOf(ZohoConnection).returns.toEqualTypeOf<ParameterDecorator>()
})

import { Inject, Injectable, Module, Scope, type DynamicModule } from '@nestjs/common'
import { ContextIdFactory, NestFactory, REQUEST, type ContextIdStrategy } from '@nestjs/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { getZohoRecruitToken, ZohoRecruitModule, type ZohoRecruit } from '../src/index.ts'
import { optionsFor, platforms, startEmulator, startNest } from './start-nest.ts'
import { loadPlatform } from './subject/platform.ts'

let emulator: Awaited<ReturnType<typeof startEmulator>>

@Injectable({ scope: Scope.REQUEST })
class Tenant {
  readonly name = 'acme'
}
@Injectable({ scope: Scope.REQUEST, durable: true })
class DurableTenant extends Tenant {}
@Injectable({ scope: Scope.TRANSIENT })
class TransientTenant extends Tenant {}
/** Not request-scoped itself. */
@Injectable()
class Settings {
  constructor(@Inject(Tenant) readonly tenant: Tenant) {}
}
const tenants = [Tenant, DurableTenant, TransientTenant, Settings]
@Module({ providers: tenants, exports: tenants })
class TenantsModule {}

@Injectable({ scope: Scope.REQUEST })
class OptionsFactory {
  createZohoRecruitOptions() {
    return optionsFor(emulator)
  }
}
@Module({ providers: [OptionsFactory], exports: [OptionsFactory] })
class OptionsModule {}

const useFactory = () => optionsFor(emulator)
const imports = [TenantsModule]

describe.each(platforms)('options that belong to a request, on %s', (platform) => {
  it.each<[string, () => DynamicModule]>([
    ['Tenant', () => ZohoRecruitModule.forRootAsync({ imports, inject: [Tenant], useFactory })],
    [
      'DurableTenant',
      () => ZohoRecruitModule.forRootAsync({ imports, inject: [DurableTenant], useFactory }),
    ],
    ['Tenant', () => ZohoRecruitModule.forRootAsync({ imports, inject: [Settings], useFactory })],
    ['REQUEST', () => ZohoRecruitModule.forRootAsync({ inject: [REQUEST], useFactory })],
    ['OptionsFactory', () => ZohoRecruitModule.forRootAsync({ useClass: OptionsFactory })],
    [
      'OptionsFactory',
      () =>
        ZohoRecruitModule.forRootAsync({ imports: [OptionsModule], useExisting: OptionsFactory }),
    ],
  ])('are refused at start, and the error names the provider: %s', async (name, createModule) => {
    emulator = await startEmulator()
    await expect(startNest({ platform, imports: [createModule()] })).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringMatching(
        new RegExp(`forRootAsync.*\`${name}\`.*request-scoped.*connectionFor`),
      ),
    })
  })

  it('may come from a transient provider', async () => {
    emulator = await startEmulator()
    const { consent } = await startNest({
      platform,
      imports: [ZohoRecruitModule.forRootAsync({ imports, inject: [TransientTenant], useFactory })],
    })
    expect((await consent()).headers.get('location')).toBe('/')
  })
})

it('options that belong to a request are also refused in a worker without a server', async () => {
  emulator = await startEmulator()
  @Module({
    imports: [ZohoRecruitModule.forRootAsync({ imports, inject: [Tenant], useFactory })],
  })
  class WorkerModule {}
  await expect(
    NestFactory.createApplicationContext(WorkerModule, { logger: false, abortOnError: false }),
  ).rejects.toMatchObject({ code: 'configuration-invalid' })
})

it('a strategy for durable providers does not change that', async () => {
  const strategy: ContextIdStrategy = {
    attach: (contextId) => ({ resolve: () => contextId, payload: {} }),
  }
  ContextIdFactory.apply(strategy)
  onTestFinished(() => ContextIdFactory.apply(undefined as unknown as ContextIdStrategy))
  emulator = await startEmulator()
  const zoho = ZohoRecruitModule.forRootAsync({ imports, inject: [DurableTenant], useFactory })
  await expect(startNest({ imports: [zoho] })).rejects.toMatchObject({
    code: 'configuration-invalid',
  })
})

describe.each(['deep-hash', 'reference'] as const)('two clients in one app, by %s', (algorithm) => {
  const start = async (modules: DynamicModule[]) => {
    @Module({ imports: modules })
    class AppModule {}
    const { adapter } = await loadPlatform('express')
    const app = await NestFactory.create(AppModule, adapter, {
      logger: false,
      abortOnError: false,
      moduleIdGeneratorAlgorithm: algorithm,
    })
    onTestFinished(() => app.close())
    await app.listen(0, '127.0.0.1')
    return { app, origin: await app.getUrl() }
  }
  /** As a helper of an app would. Only values of this function differ between its results. */
  const createClient = (path: string, more: { name?: string } = {}) =>
    ZohoRecruitModule.forRootAsync({
      ...more,
      path,
      useFactory: () =>
        optionsFor(emulator, { redirectUri: `https://app.example.com/${path}/callback` }),
    })
  const statusOf = async (origin: string, path: string) =>
    (await fetch(origin + path, { redirect: 'manual', headers: { 'x-user': 'alice' } })).status

  it('are refused without a name of their own', async () => {
    emulator = await startEmulator()
    for (const [one, two] of [
      [createClient('zoho'), createClient('zoho-emea')],
      [createClient('zoho'), createClient('zoho')],
      [createClient('zoho', { name: 'a' }), createClient('zoho-emea', { name: 'a' })],
    ] as const)
      await expect(start([one, two])).rejects.toMatchObject({
        code: 'configuration-invalid',
        message: expect.stringMatching(/two .*`name`/i),
      })
    const options = optionsFor(emulator)
    await expect(
      start([
        ZohoRecruitModule.forRoot(options),
        ZohoRecruitModule.forRoot({ ...options, clientId: '1000.B' }),
      ]),
    ).rejects.toMatchObject({ code: 'configuration-invalid' })
  })

  it('work with names', async () => {
    emulator = await startEmulator()
    const { app, origin } = await start([
      createClient('zoho'),
      createClient('zoho-emea', { name: 'emea' }),
    ])
    expect(await statusOf(origin, '/zoho/connect')).toBe(303)
    expect(await statusOf(origin, '/zoho-emea/connect')).toBe(303)
    expect(app.get<ZohoRecruit>(getZohoRecruitToken('emea'), { strict: false })).not.toBe(
      app.get<ZohoRecruit>(getZohoRecruitToken(), { strict: false }),
    )
  })

  it('one module may be imported several times', async () => {
    emulator = await startEmulator()
    const zoho = createClient('zoho')
    @Module({ imports: [zoho] })
    class FeatureModule {}
    const feature = { module: FeatureModule }
    const { origin } = await start([zoho, feature, zoho])
    expect(await statusOf(origin, '/zoho/connect')).toBe(303)
  })
})

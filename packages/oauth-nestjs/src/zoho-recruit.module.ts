import { All, ConfigurableModuleBuilder, Inject, Module } from '@nestjs/common'
import type {
  ConfigurableModuleAsyncOptions,
  DynamicModule,
  MiddlewareConsumer,
  NestModule,
  OnApplicationShutdown,
  OnModuleInit,
  Type,
} from '@nestjs/common'
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core'
import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { createClient, type Client } from './client.ts'
import { CLIENT, getZohoRecruitToken, OPTIONS } from './constants.ts'
import type {
  ZohoRecruitModuleExtras,
  ZohoRecruitModuleOptions,
  ZohoRecruitRequest,
} from './options.ts'
import { createController, ignoreBody } from './zoho-recruit.controller.ts'
import { createFilter } from './zoho-recruit.filter.ts'

/** Longer than a refresh, which takes 9 s at most. */
const shutdownLimitMs = 10_000

interface ConfigurableZohoRecruitModule {
  new (): object
  /** `Request` is the type of the parameter of the app's `connectionFor`. */
  forRoot<Request = ZohoRecruitRequest>(
    options: ZohoRecruitModuleOptions<Request> & ZohoRecruitModuleExtras,
  ): DynamicModule
  forRootAsync<Request = ZohoRecruitRequest>(
    options: ConfigurableModuleAsyncOptions<
      ZohoRecruitModuleOptions<Request>,
      'createZohoRecruitOptions'
    > &
      ZohoRecruitModuleExtras,
  ): DynamicModule
}

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<ZohoRecruitModuleOptions>({
  optionsInjectionToken: OPTIONS,
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createZohoRecruitOptions')
  .setExtras<ZohoRecruitModuleExtras>(
    // Nest takes the names of the extras from these defaults.
    { isGlobal: undefined, path: undefined, name: undefined, decorators: undefined },
    (
      { providers = [], ...definition },
      { isGlobal = false, path = 'zoho', name, decorators = [] },
    ) => {
      const controller = createController(path, decorators)
      const useFactory = (options: ZohoRecruitModuleOptions) => {
        const client = createClient(options)
        // The callback's path is known only when the options are known. Nest maps routes after it
        // has created all providers, so the handler can still be decorated here.
        All(Object.values(client.paths))(
          controller.prototype,
          'answer',
          Object.getOwnPropertyDescriptor(controller.prototype, 'answer')!,
        )
        return { ...client, controller }
      }
      const token = getZohoRecruitToken(name)
      return {
        ...definition,
        global: isGlobal,
        controllers: [controller],
        providers: [
          ...providers,
          { provide: CLIENT, useFactory, inject: [OPTIONS] },
          { provide: token, useExisting: CLIENT },
        ],
        exports: [token],
      }
    },
  )
  .build()

/**
 * Zoho Recruit OAuth for a Nest app: `forRoot(options)`, or `forRootAsync({ inject, useFactory })`
 * for options from the app's configuration and services. An invalid option is reported as
 * `configuration-invalid` while the app is created or initialised.
 */
export class ZohoRecruitModule
  extends (ConfigurableModuleClass as ConfigurableZohoRecruitModule)
  implements NestModule, OnModuleInit, OnApplicationShutdown
{
  declare protected readonly client: Client & { readonly controller: Type }
  declare protected readonly options: ZohoRecruitModuleOptions
  declare protected readonly host: HttpAdapterHost
  declare protected readonly config: ApplicationConfig

  /** Nest calls this after `main.ts` has configured the app, and before it maps the routes. */
  configure(consumer: MiddlewareConsumer): void {
    // Nest tries the last global filter first. Added here, the library's filter comes before all
    // filters of the app, however they were registered.
    this.config.useGlobalFilters(createFilter(this.client, () => this.config.getGlobalFilters()))
    if (this.host.httpAdapter.getType() === 'fastify')
      consumer.apply(ignoreBody).forRoutes(this.client.controller)
  }

  /**
   * Checks that the server has the routes at the paths that `redirectUri` needs. Only the server
   * knows the final paths, after the module's path, prefix, versions and exclusions are applied.
   * @throws `configuration-invalid`
   */
  onModuleInit(): void {
    const { redirectUri, mountPath } = this.options
    const parentOfCallback = new URL(redirectUri).pathname.replace(/\/[^/]*$/, '')
    const basePath = (mountPath ?? parentOfCallback).replace(/\/$/, '')
    const server: {
      hasRoute?(route: { method: string; url: string }): boolean // Fastify
      router?: { stack: { route?: { path: unknown } }[] } // Express
    } = this.host.httpAdapter?.getInstance() ?? {}
    const hasRoute = (url: string): boolean =>
      server.hasRoute?.({ method: 'GET', url }) ??
      server.router?.stack.some(({ route }) => route?.path === url) ??
      true
    const paths = Object.values(this.client.paths).map((path) => basePath + path)
    if (paths.every(hasRoute)) return
    throw new RecruitOAuthError('configuration-invalid', {
      summary:
        `According to the option \`redirectUri\`, the routes are ${paths.join(', ')}. This app ` +
        'has them at other paths.',
      hint:
        "Correct the module's `path`, which follows the app's global prefix (here: " +
        `${this.config.getGlobalPrefix() || 'none'}), or exclude the routes from that prefix. ` +
        'Behind a proxy that strips a prefix, set `mountPath`.',
    })
  }

  /** Waits for the work that continues after responses were sent, until a time limit. */
  async onApplicationShutdown(): Promise<void> {
    let isOverdue = false
    const limit = new Promise<void>((resolve) => {
      const stopWaiting = () => {
        isOverdue = true
        resolve()
      }
      setTimeout(stopWaiting, shutdownLimitMs).unref()
    })
    // Pending work may start more work.
    while (this.client.pending.size > 0 && !isOverdue)
      await Promise.race([Promise.all(this.client.pending), limit])
  }
}
Module({})(ZohoRecruitModule)
for (const [key, token] of Object.entries({
  client: CLIENT,
  options: OPTIONS,
  host: HttpAdapterHost,
  config: ApplicationConfig,
}))
  Inject(token)(ZohoRecruitModule.prototype, key)

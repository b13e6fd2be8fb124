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
import { HttpAdapterHost, ModuleRef } from '@nestjs/core'
import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { createClient, getZohoRecruitToken, type Client } from './client.ts'
import { createFilter } from './zoho-recruit.filter.ts'
import type {
  ZohoRecruitModuleExtras,
  ZohoRecruitModuleOptions,
  ZohoRecruitRequest,
} from './options.ts'
import { CLIENT, createRoutes, withoutBody } from './zoho-recruit.controller.ts'

const OPTIONS = 'ZohoRecruitModuleOptions'
const none = { isGlobal: undefined, path: undefined, name: undefined, decorators: undefined }

interface Configurable {
  // `Request` is what the app's own `connectionFor` takes.
  new (): object
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
    none,
    (
      { providers = [], ...definition },
      { isGlobal = false, path = 'zoho', name, decorators = [] },
    ) => {
      const routes = createRoutes(path, decorators)
      const useFactory = (options: ZohoRecruitModuleOptions) => {
        const client = createClient(options)
        // The callback's name comes with the options. Nest maps routes once all providers stand.
        All(Object.values(client.paths))(
          routes.prototype,
          'answer',
          Object.getOwnPropertyDescriptor(routes.prototype, 'answer')!,
        )
        return { ...client, routes }
      }
      const own = { provide: CLIENT, useFactory, inject: [OPTIONS] }
      const shared = { provide: getZohoRecruitToken(name), useExisting: CLIENT }
      return {
        ...definition,
        global: isGlobal,
        controllers: [routes],
        providers: [...providers, own, shared],
        exports: [shared.provide],
      }
    },
  )
  .build()

/**
 * Zoho Recruit OAuth for a Nest app: `forRoot(options)`, or `forRootAsync({ inject, useFactory })`
 * for options that come from the app's configuration and services. A wrong option is
 * `configuration-invalid`, while the app is created or initialised.
 */
export class ZohoRecruitModule
  extends (ConfigurableModuleClass as Configurable)
  implements NestModule, OnModuleInit, OnApplicationShutdown
{
  declare protected readonly client: Client & { readonly routes: Type }
  declare protected readonly options: ZohoRecruitModuleOptions
  declare protected readonly host: HttpAdapterHost
  declare protected readonly module: ModuleRef

  /** Nest asks when `main.ts` has set the app up, and before it maps the routes. */
  configure(consumer: MiddlewareConsumer): void {
    // Of the global filters, the last is asked first: so ours stands before the app's, however
    // those were registered.
    const config = this.module['container'].applicationConfig
    config?.useGlobalFilters(createFilter(this.client, () => config.getGlobalFilters()))
    if (this.host.httpAdapter.getType() === 'fastify')
      consumer.apply(withoutBody).forRoutes(this.client.routes)
  }

  /**
   * Asks the server itself where the routes are: it alone knows what path, prefix, versions and
   * exclusions have come to.
   */
  onModuleInit(): void {
    const { redirectUri, mountPath = new URL(redirectUri).pathname.replace(/\/[^/]*$/, '') } =
      this.options
    const server: {
      hasRoute?(route: { method: string; url: string }): boolean
      router?: { stack: { route?: { path: unknown } }[] }
    } = this.host.httpAdapter?.getInstance() ?? {}
    const paths = Object.values(this.client.paths).map(
      (path) => mountPath.replace(/\/$/, '') + path,
    )
    if (
      paths.every(
        (url) =>
          server.hasRoute?.({ method: 'GET', url }) ??
          server.router?.stack.some(({ route }) => route?.path === url) ??
          true,
      )
    )
      return
    throw new RecruitOAuthError('configuration-invalid', {
      summary:
        `By the option \`redirectUri\`, the routes are ${paths.join(', ')}; this app has them ` +
        'elsewhere.',
      hint:
        "Correct the module's `path`, which follows the app's global prefix (here: " +
        `${this.module['container'].applicationConfig?.getGlobalPrefix() || 'none'}), or ` +
        'exclude them from that. Behind a proxy that strips a prefix, set `mountPath`.',
    })
  }

  /**
   * The server has given its last answer. What goes on behind answers may end: a refresh takes 9 s
   * at most.
   */
  async onApplicationShutdown(): Promise<void> {
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, 10_000, true).unref())
    while (
      this.client.pending.size > 0 &&
      !(await Promise.race([Promise.all(this.client.pending).then(() => false), late]))
    ); // Work may begin more.
  }
}
Module({})(ZohoRecruitModule)
for (const [key, token] of Object.entries({
  client: CLIENT,
  options: OPTIONS,
  host: HttpAdapterHost,
  module: ModuleRef,
}))
  Inject(token)(ZohoRecruitModule.prototype, key)

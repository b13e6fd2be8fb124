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
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core'
import { checkModules, type ModuleIdentity } from './check-modules.ts'
import { checkPaths, type Server } from './check-paths.ts'
import { createClient, type Client } from './client.ts'
import {
  CLIENT,
  getRequestFinderToken,
  getZohoRecruitToken,
  IDENTITY,
  MODULES_CHECK,
  OPTIONS,
} from './constants.ts'
import type {
  ZohoRecruitModuleExtras,
  ZohoRecruitModuleOptions,
  ZohoRecruitRequest,
} from './options.ts'
import { createRequestFinder } from './request-finder.ts'
import { createController, ignoreBody } from './zoho-recruit.controller.ts'
import { createFilter } from './zoho-recruit.filter.ts'

/** Longer than a refresh, which takes 9 s at most. */
const shutdownLimitMs = 10_000

let lastModuleId = 0
const nextModuleId = (): number => ++lastModuleId

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
    // Nest passes only these keys to the function below, whose parameters have the defaults.
    {
      isGlobal: undefined,
      path: undefined,
      name: undefined,
      decorators: undefined,
      requestOf: undefined,
    },
    (
      { providers = [], ...definition },
      { isGlobal = false, path = 'zoho', name, decorators = [], requestOf },
    ) => {
      const controller = createController(path, decorators)
      const requestFinder = requestOf && createRequestFinder(requestOf)
      const useFactory = (options: ZohoRecruitModuleOptions) => {
        const client = createClient(options, requestFinder)
        // The callback's path is known only when the options are known. Nest maps routes after it
        // has created all providers, so the handler can still be decorated here.
        All(Object.values(client.paths))(
          controller.prototype,
          'answer',
          Object.getOwnPropertyDescriptor(controller.prototype, 'answer')!,
        )
        // `configure` needs the controller.
        return { ...client, controller }
      }
      const token = getZohoRecruitToken(name)
      const finderToken = getRequestFinderToken(name)
      return {
        ...definition,
        global: isGlobal,
        controllers: [controller],
        providers: [
          ...providers,
          { provide: CLIENT, useFactory, inject: [OPTIONS] },
          { provide: token, useExisting: CLIENT },
          { provide: finderToken, useValue: requestFinder },
          { provide: IDENTITY, useValue: { id: nextModuleId(), name } satisfies ModuleIdentity },
          {
            provide: MODULES_CHECK,
            useFactory: (modules: ModulesContainer): OnModuleInit => ({
              onModuleInit: () => checkModules(modules),
            }),
            inject: [ModulesContainer],
          },
        ],
        exports: [token, finderToken],
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
  declare protected readonly client: (Client & { readonly controller: Type }) | undefined
  declare protected readonly options: ZohoRecruitModuleOptions
  declare protected readonly adapterHost: HttpAdapterHost
  declare protected readonly appConfig: ApplicationConfig

  /** Nest calls this after `main.ts` has configured the app, and before it maps the routes. */
  configure(consumer: MiddlewareConsumer): void {
    // Nothing is injected if the options depend on a request. `checkModules` reports that.
    if (!this.client) return
    // Nest tries the global filter that was added last first. The app has added its own filters by
    // now, so the library's filter is tried before them.
    this.appConfig.useGlobalFilters(
      createFilter(this.client, () => this.appConfig.getGlobalFilters()),
    )
    const { requestFinder } = this.client
    // Before the routes of GraphQL, which its module adds later, in `onModuleInit`.
    if (requestFinder) this.adapterHost.httpAdapter.use(requestFinder.track)
    if (this.adapterHost.httpAdapter.getType() === 'fastify')
      consumer.apply(ignoreBody).forRoutes(this.client.controller)
  }

  onModuleInit(): void {
    if (!this.client) return
    checkPaths(this.client, this.options, {
      server: this.adapterHost.httpAdapter?.getInstance<Server>(),
      globalPrefix: this.appConfig.getGlobalPrefix(),
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
    const pending = this.client?.pending ?? new Set()
    while (pending.size > 0 && !isOverdue) await Promise.race([Promise.all(pending), limit])
  }
}

// Decorators, applied as functions. The keys are those of the fields above.
Module({})(ZohoRecruitModule)
for (const [key, token] of Object.entries({
  client: CLIENT,
  options: OPTIONS,
  adapterHost: HttpAdapterHost,
  appConfig: ApplicationConfig,
}))
  Inject(token)(ZohoRecruitModule.prototype, key)

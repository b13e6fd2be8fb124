import type { ConnectionRef, RecruitOAuthOptions } from '@zrecruit/oauth-core'
import type { IncomingHttpHeaders } from 'node:http'
import type { RequestOf } from './request-finder.ts'

/** The properties of Express's and Fastify's requests that can say who is signed in. */
export type ZohoRecruitRequest = Readonly<{
  headers: IncomingHttpHeaders
  user?: unknown
  session?: unknown
}>

/** Core's options, with `connectionFor` for the framework's request. */
export interface ZohoRecruitModuleOptions<Request = ZohoRecruitRequest> extends Omit<
  RecruitOAuthOptions,
  'connectionFor'
> {
  /**
   * The connection of the signed-in user, read from the framework's request as the app's
   * middleware and guards have left it; `undefined` when nobody is signed in. Declare the type
   * that your platform uses: `(request: FastifyRequest) => …`.
   */
  connectionFor(request: Request): ConnectionRef | undefined | Promise<ConnectionRef | undefined>
}

/** Settings that Nest needs while it builds modules, before async options are resolved. */
export interface ZohoRecruitModuleExtras {
  /** Makes the client injectable everywhere. Default: only where the module is imported. */
  readonly isGlobal?: boolean | undefined
  /** The path of the routes, below the app's global prefix. Default `zoho`. */
  readonly path?: string | string[] | undefined
  /** The client's name, if the app has several clients: `@InjectZohoRecruit('emea')`. */
  readonly name?: string | undefined
  /**
   * Decorators for the controller of the routes, such as `UseGuards(SessionGuard)`, the app's own
   * `Public()`, or `ApiExcludeController()`.
   */
  readonly decorators?: readonly ClassDecorator[] | undefined
  /**
   * Finds the HTTP request of a context that is not an HTTP controller's, so that the guard and
   * `@ZohoConnection()` work in GraphQL resolvers:
   * `(context) => GqlExecutionContext.create(context).getContext().req`. Only a request that this
   * app's server is answering is accepted. It is not called for messages and WebSockets.
   */
  readonly requestOf?: RequestOf | undefined
}

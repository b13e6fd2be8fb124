import type { ConnectionRef, RecruitOAuthOptions } from '@zrecruit/oauth-core'
import type { IncomingHttpHeaders } from 'node:http'

/** What Express's and Fastify's requests have in common, as far as it tells who is signed in. */
export type ZohoRecruitRequest = Readonly<{
  headers: IncomingHttpHeaders
  user?: unknown
  session?: unknown
}>

/** Core's options. */
export interface ZohoRecruitModuleOptions<Request = ZohoRecruitRequest> extends Omit<
  RecruitOAuthOptions,
  'connectionFor'
> {
  /**
   * Who asks, from the framework's request as the app's middleware and guards have left it;
   * `undefined` when nobody is signed in. Its type is yours to name: `(request: FastifyRequest) =>
   * …`.
   */
  connectionFor(request: Request): ConnectionRef | undefined | Promise<ConnectionRef | undefined>
}

/** What is known while modules are built, before options that come async. */
export interface ZohoRecruitModuleExtras {
  /** The client can be injected everywhere. Default: where the module is imported. */
  readonly isGlobal?: boolean | undefined
  /** Where the routes are, below the app's global prefix. Default `zoho`. */
  readonly path?: string | string[] | undefined
  /** Tells several clients of one app apart: `@InjectZohoRecruit('emea')`. */
  readonly name?: string | undefined
  /**
   * For the controller of the routes: `UseGuards(SessionGuard)`, the app's `Public()`,
   * `ApiExcludeController()`.
   */
  readonly decorators?: readonly ClassDecorator[] | undefined
}

import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common'
import {
  RecruitOAuthError,
  refuseUnknownOptions,
  type Connection,
  type RecruitScope,
} from '@zrecruit/oauth-core'
import type { Client } from './client.ts'
import {
  getRequestFinderToken,
  getZohoRecruitToken,
  passedGuards,
  routesMark,
} from './constants.ts'
import { httpRequestOf, type FrameworkRequest } from './http.ts'
import { createHttpRefusal, createResolverRefusal } from './refusal.ts'
import type { RequestFinder } from './request-finder.ts'
import { toSentRequest } from './request-path.ts'

/** A request with the guards it has passed, by the name of their client. */
export type GuardedRequest = FrameworkRequest & {
  [passedGuards]?: Readonly<Record<string, PassedGuard>>
}
type PassedGuard = Readonly<{ client: Client; connection: Connection }>

/** Requirements of a handler, beyond a signed-in user. */
export interface ZohoConnectionRequirement {
  /** Scopes that must have been granted. Default: none, so any connection is enough. */
  readonly scopes?: readonly RecruitScope[]
  /** The name of the client, if the app has several. */
  readonly client?: string
}

/** @throws `configuration-invalid` for an unknown member, while the app's module is loaded */
export const createGuard = (requirement: ZohoConnectionRequirement): Type<CanActivate> => {
  refuseUnknownOptions(requirement, ['scopes', 'client'])
  const { scopes, client: name } = requirement
  const guardName =
    name === undefined ? 'ZohoConnectionGuard' : `@RequireZohoConnection({ client: '${name}' })`
  class ZohoConnectionGuard implements CanActivate {
    readonly client: Client
    /** The client's own finder, also if a test has replaced the client with a fake. */
    declare readonly injectedFinder: RequestFinder | undefined

    constructor(client: Client) {
      this.client = client
    }

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const httpRequest = httpRequestOf<GuardedRequest>(context)
      const finder = this.injectedFinder ?? this.client.requestFinder
      const request = httpRequest ?? requireRequest(context, finder, guardName)
      // Checks the class and not the path: only the library's own controller has this mark.
      if (httpRequest && routesMark in context.getClass()) return true
      const sentRequest = toSentRequest(request, this.client.strippedPrefix)
      const connection = await this.client.requireConnection(
        httpRequest ? sentRequest : asScript(sentRequest),
        { context: request, scopes },
      )
      if (connection instanceof Response)
        throw await (httpRequest
          ? createHttpRefusal(connection)
          : createResolverRefusal(connection))
      request[passedGuards] = {
        ...request[passedGuards],
        [name ?? '']: { client: this.client, connection },
      }
      if (!httpRequest) rememberFinder(context.getClass(), name, finder)
      return true
    }
  }
  Inject(getZohoRecruitToken(name))(ZohoConnectionGuard, undefined, 0)
  Optional()(ZohoConnectionGuard.prototype, 'injectedFinder')
  Inject(getRequestFinderToken(name))(ZohoConnectionGuard.prototype, 'injectedFinder')
  Injectable()(ZohoConnectionGuard)
  return ZohoConnectionGuard
}

/**
 * The guard of the client without a name, for any scopes: `@UseGuards(ZohoConnectionGuard)`, or as
 * `APP_GUARD` for the whole app. The guard never blocks the library's own routes. It is for HTTP,
 * and with the module's option `requestOf` for GraphQL over HTTP. It refuses messages of other
 * transports.
 */
export const ZohoConnectionGuard = createGuard({})

/**
 * The HTTP request of a context that is not an HTTP controller's. A message has none, so the
 * signed-in user is unknown there.
 * @param usedBy the guard or decorator, for the error message
 * @throws `configuration-invalid` where the context holds no HTTP request
 */
export const requireRequest = (
  context: ExecutionContext,
  finder: RequestFinder | undefined,
  usedBy: string,
): GuardedRequest => {
  const request = finder?.find(context)
  if (request) return request
  throw new RecruitOAuthError('configuration-invalid', {
    summary:
      `${usedBy} was called in a context of the type \`${context.getType()}\`, without an HTTP ` +
      'request that is being answered.',
    hint:
      'It is for HTTP controllers, and for resolvers of GraphQL over HTTP if the module has the ' +
      'option `requestOf`, which has to return the request of the current caller. Put the guard ' +
      'on these with @UseGuards(). A middleware that loses the async context (AsyncLocalStorage) ' +
      'has to be added with `app.use()` before the app is initialised. In handlers of messages ' +
      'use `zoho.connection(id)`, with an id that the sender cannot choose.',
  })
}

/** A resolver's caller gets a problem and never a redirect, even if a browser opens the URL. */
const asScript = (request: Request): Request => {
  const headers = new Headers(request.headers)
  headers.set('accept', 'application/json')
  headers.delete('sec-fetch-dest')
  headers.delete('sec-fetch-mode')
  return new Request(request.url, { method: request.method, headers })
}

// A parameter decorator gets a context and nothing injected. So the guard, which runs before it,
// leaves the finder of its client as metadata of the handler's class.

const rememberFinder = (
  target: object,
  name: string | undefined,
  finder: RequestFinder | undefined,
): void => metadata.defineMetadata(finderKey(name), finder, target)

/** The finder of a client whose guard has allowed a resolver of this class. */
export const finderOf = (target: object, name: string | undefined): RequestFinder | undefined =>
  metadata.getMetadata(finderKey(name), target) as RequestFinder | undefined

const finderKey = (name = ''): string => `@zrecruit/oauth-nestjs/request-finder/${name}`

/** Nest has loaded `reflect-metadata`. */
const metadata = Reflect as unknown as {
  defineMetadata(key: string, value: unknown, target: object): void
  getMetadata(key: string, target: object): unknown
}

import { isErrorCode } from './errors/codes.ts'
import { isRecruitOAuthError } from './errors/recruit-oauth-error.ts'
import { createConnectionAdmin, type ConnectionAdmin } from './client/admin.ts'
import {
  validateScopeNames,
  validateRequest,
  readMembers,
  readOptions,
  readWaitUntil,
} from './client/arguments.ts'
import { createConnection, type Connection } from './client/connection.ts'
import {
  beginAuthorization,
  type AuthorizationOptions,
  type AuthorizationRequest,
} from './client/consent/begin.ts'
import { createClientContext } from './client/context.ts'
import { configure } from './config/configure.ts'
import type { ConnectionRef, RecruitOAuthOptions } from './config/options.ts'
import type { RecruitScope } from './domain/scopes.ts'
import { visitedPath } from './routes/addresses.ts'
import { bindingCookie } from './routes/cookies.ts'
import { requireConnection } from './routes/guard.ts'
import { handle, pathsOf, routeOf } from './routes/handler.ts'
import { problemResponse } from './routes/problem.ts'
import type { RouteContext } from './routes/request.ts'
import type { WaitUntil } from './config/host.ts'

/** What an app in a framework passes together with a request. */
export interface RequestContext<Context> {
  /** The framework's own context: the argument of `connectionFor`. */
  readonly context: Context
  /** Keeps the runtime alive for work after the response. */
  readonly waitUntil?: WaitUntil | undefined
}

/**
 * Without a framework, the `Request` is itself the context, so the argument is optional. Otherwise
 * it is required.
 */
type FromArgument<Context, Extra = unknown> = Request extends Context
  ? [from?: Partial<RequestContext<Context>> & Extra]
  : [from: RequestContext<Context> & Extra]

interface RequiredScopes {
  /** The scopes that the connection must have. */
  readonly scopes?: readonly RecruitScope[] | undefined
}

const requestContextNames = ['context', 'waitUntil', 'scopes'] as const satisfies readonly (
  keyof RequestContext<unknown> | keyof RequiredScopes
)[]

/** Zoho Recruit OAuth for one registered client. */
export interface RecruitOAuth<Context = Request> extends ConnectionAdmin {
  /**
   * Returns the connection with this id: one customer's consent. The app chooses `id`. This call
   * does not read the store; the methods of the connection do. @throws `argument-invalid`,
   * synchronously
   */
  connection(id: string, runtime?: { readonly waitUntil?: WaitUntil | undefined }): Connection
  /**
   * Answers requests to the routes: `GET` and `POST …/connect`, `GET` of the callback, and `POST
   * …/disconnect`. The callback has the path of `redirectUri`, and the others are beside it (see
   * `mountPath`). Other methods get a 405. `undefined` if the path is not a route.
   */
  handle(request: Request, ...from: FromArgument<Context>): Promise<Response | undefined>
  /** The connection of the signed-in user, or a response to send instead. */
  requireConnection(
    request: Request,
    ...from: FromArgument<Context, RequiredScopes>
  ): Promise<Connection | Response>
  /**
   * A response for an error of this library; `undefined` for any other error. Call it in the error
   * handler of a framework.
   */
  errorResponse(error: unknown, request: Request): Response | undefined
  /**
   * Starts an authorization request without the `connect` route: redirect the browser to `url`,
   * with `setCookie` as a `Set-Cookie` header. The callback route completes it, within ten minutes.
   * @throws `argument-invalid`, `data-center-unknown`, `codes-exhausted`, `store-unavailable`
   */
  startAuthorization(
    ref: ConnectionRef,
    options?: AuthorizationOptions,
  ): Promise<AuthorizationRequest & { readonly setCookie: string }>
  /**
   * Is the path of the request, byte for byte, one of the three routes? Do not use it to skip
   * `requireConnection`: the app's router may match another path than the one in `request.url`. To
   * protect a whole app, call `handle` first, and `requireConnection` for all other requests.
   */
  isRoute(request: Request): boolean
  /** The paths of the routes, relative to their mount path. */
  readonly paths: {
    readonly connect: string
    readonly callback: string
    readonly disconnect: string
  }
}

/**
 * OAuth 2.0 for the Zoho Recruit API.
 * @throws `configuration-invalid`, naming the invalid option and how to correct it
 */
export const createRecruitOAuth = <Context = Request>(
  options: RecruitOAuthOptions<Context>,
): RecruitOAuth<Context> => {
  const config = configure(options)
  const client = createClientContext(config)
  const createRouteContext = (
    request: Request,
    from: Partial<RequestContext<Context>> = {},
  ): RouteContext => {
    const { context = request } = readOptions('from', from, requestContextNames)
    return {
      client,
      request: validateRequest(request),
      connectionFor: async () => options.connectionFor(context as Context),
      waitUntil: readWaitUntil('from', from) ?? config.waitUntil,
    }
  }
  return {
    connection: (id, runtime) =>
      createConnection(client, id, readWaitUntil('runtime', runtime) ?? config.waitUntil),
    handle: async (request, ...[from]) => handle(createRouteContext(request, from)),
    async requireConnection(request, ...[from]) {
      const { scopes } = readMembers('from', from ?? {}, ['scopes'])
      return requireConnection(
        createRouteContext(request, from),
        validateScopeNames('scopes', scopes) as readonly RecruitScope[],
      )
    },
    // An error can come from another installed version of this package. If this version does not
    // know its code, it has no response for it.
    errorResponse(error, request) {
      if (!isRecruitOAuthError(error) || !isErrorCode(error.code)) return undefined
      const here = visitedPath(config, validateRequest(request))
      return problemResponse(client, request, 'error-handler', error, { returnTo: here, here })
    },
    async startAuthorization(ref, authorizationOptions) {
      const authorization = await beginAuthorization(client, ref, authorizationOptions)
      const setCookie = bindingCookie(authorization.cookie, config.hasSecureCookies)
      return { ...authorization, setCookie }
    },
    isRoute: (request) => routeOf(config, validateRequest(request)) !== undefined,
    paths: pathsOf(config),
    ...createConnectionAdmin(client),
  }
}

import { isErrorCode } from './errors/codes.ts'
import { isRecruitOAuthError } from './errors/recruit-oauth-error.ts'
import { createConnectionAdmin, type ConnectionAdmin } from './client/admin.ts'
import { checkedNames, checkedRequest, readMembers, readWaitUntil } from './client/arguments.ts'
import { createConnection, type Connection } from './client/connection.ts'
import {
  beginAuthorization,
  type AuthorizationOptions,
  type AuthorizationRequest,
} from './client/consent/begin.ts'
import { createClientContext as createClient } from './client/context.ts'
import { configure } from './config/configure.ts'
import type { ConnectionRef, RecruitOAuthOptions } from './config/options.ts'
import type { RecruitScope } from './domain/scopes.ts'
import type { RouteContext } from './routes/context.ts'
import { bindingCookie } from './routes/cookies.ts'
import { requireConnection } from './routes/guard.ts'
import { handle, pathsOf, routeOf } from './routes/handler.ts'
import { problemResponse } from './routes/problem.ts'
import type { WaitUntil } from './config/host.ts'

/**
 * Where a request comes from: the framework's own context, which `connectionFor` is asked with, and
 * what keeps its runtime awake.
 */
export interface RequestContext<Context> {
  readonly context: Context
  readonly waitUntil?: WaitUntil | undefined
}

/** Without a framework, the request itself is the context. */
type FromArgument<Context, More = unknown> = Request extends Context
  ? [from?: Partial<RequestContext<Context>> & More]
  : [from: RequestContext<Context> & More]

/** Scopes that a request needs, beyond a connection. */
interface Need {
  readonly scopes?: readonly RecruitScope[] | undefined
}

/** Zoho Recruit OAuth for one registered client. */
export interface RecruitOAuth<Context = Request> extends ConnectionAdmin {
  /**
   * One customer's consent, by the app's own name for it. Costs nothing until one of its methods is
   * called. @throws `argument-invalid`, at once
   */
  connection(id: string, runtime?: { readonly waitUntil?: WaitUntil | undefined }): Connection
  /**
   * Answers `GET` and `POST …/connect`, `GET …/callback` and `POST …/disconnect` beside
   * `redirectUri`; `undefined` for all else.
   */
  handle(request: Request, ...from: FromArgument<Context>): Promise<Response | undefined>
  /** The connection of the signed-in user, or the response to send instead. */
  requireConnection(
    request: Request,
    ...from: FromArgument<Context, Need>
  ): Promise<Connection | Response>
  /**
   * An error of this library as a response; `undefined` for any other error. For a framework's
   * error handler.
   */
  errorResponse(error: unknown, request: Request): Response | undefined
  /**
   * Begins an authorization request without the routes: send the browser to `url`, with `setCookie`
   * as a `Set-Cookie` header, within ten minutes. The callback route ends it.
   * @throws `argument-invalid`, `data-center-unknown`, `codes-exhausted`, `store-unavailable`
   */
  startAuthorization(
    ref: ConnectionRef,
    options?: AuthorizationOptions,
  ): Promise<AuthorizationRequest & { readonly setCookie: string }>
  /**
   * Is the path of the request one of the three routes, byte for byte as it was sent?
   * Not a permission to skip `connected`: the app's router may see another path than `request.url`
   * has. To protect a whole app, call `handle` first and `connected` for all that it leaves.
   */
  isRoute(request: Request): boolean
  /** Where the routes are below their mount. */
  readonly paths: {
    readonly connect: string
    readonly callback: string
    readonly disconnect: string
  }
}

/**
 * OAuth 2.0 for the Zoho Recruit API.
 * @throws `configuration-invalid`, naming the option that is wrong and the cure.
 */
export const createRecruitOAuth = <Context = Request>(
  options: RecruitOAuthOptions<Context>,
): RecruitOAuth<Context> => {
  const config = configure(options)
  const client = createClient(config)
  const visit = (request: Request, from: Partial<RequestContext<Context>> = {}): RouteContext => {
    const { context = request } = readMembers('from', from, ['context'])
    return {
      client,
      request: checkedRequest(request),
      connectionFor: async () => options.connectionFor(context as Context),
      waitUntil: readWaitUntil('from', from) ?? config.waitUntil,
    }
  }
  return {
    connection: (id, runtime) =>
      createConnection(client, id, readWaitUntil('runtime', runtime) ?? config.waitUntil),
    handle: async (request, ...[from]) => handle(visit(request, from)),
    async requireConnection(request, ...[from]) {
      const { scopes } = readMembers('from', from ?? {}, ['scopes'])
      return requireConnection(
        visit(request, from),
        checkedNames('scopes', scopes) as readonly RecruitScope[],
      )
    },
    // Another version of this package may have codes that this one does not know.
    errorResponse: (error, request) =>
      isRecruitOAuthError(error) && isErrorCode(error.code)
        ? problemResponse(client, checkedRequest(request), error)
        : undefined,
    async startAuthorization(ref, begin) {
      const authorization = await beginAuthorization(client, ref, begin)
      return { ...authorization, setCookie: bindingCookie(authorization.cookie) }
    },
    isRoute: (request) => routeOf(config, checkedRequest(request)) !== undefined,
    paths: pathsOf(config),
    ...createConnectionAdmin(client),
  }
}

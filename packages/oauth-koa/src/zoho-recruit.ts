import {
  createRecruitOAuth,
  RecruitOAuthError,
  refuseUnknownOptions,
  type ConnectionAdmin,
  type Connection,
  type RecruitOAuth,
  type RecruitOAuthOptions,
  type RecruitScope,
} from '@zrecruit/oauth-core'
import { toRequest } from '@zrecruit/oauth-core/node'
import type { DefaultContext, DefaultState, Middleware, ParameterizedContext } from 'koa'
import {
  discardResponse,
  isPathRewritten,
  isUnanswered,
  otherHandlerError,
} from './other-handlers.ts'
import { withFailureStatus } from './failure-status.ts'

/** The state that `requireConnection()` sets: `ctx.state.zoho`, or the name in `as`. */
export type ZohoState<Name extends string = 'zoho'> = { [Key in Name]: Connection }

interface Requirements<Name extends string> {
  /** The scopes that the connection must have. Without one of them, the response is a 403. */
  readonly scopes?: readonly RecruitScope[] | undefined
  /** The name in `ctx.state`, for apps with several clients. Default `zoho`. */
  readonly as?: Name | undefined
}

/** Zoho Recruit OAuth for a Koa app. */
export interface ZohoRecruit<StateT = DefaultState, ContextT = DefaultContext> extends Pick<
  RecruitOAuth<ParameterizedContext<StateT, ContextT>>,
  'connection' | 'startAuthorization' | keyof ConnectionAdmin
> {
  /**
   * The middleware for `GET` and `POST /connect`, `GET /callback` and `POST /disconnect`. Other
   * methods on these paths get a 405, and requests for other paths go to the next middleware. The
   * full paths come from `redirectUri`, so add it without a prefix: `app.use(zoho.routes())`.
   */
  routes(): Middleware<StateT, ContextT>
  /**
   * Lets a connected user through, and sets `ctx.state.zoho`. Without a connection, a page is
   * redirected to connect, and a script gets 401. If a scope is missing, the response is 403.
   */
  requireConnection<Name extends string = 'zoho'>(
    need?: Requirements<Name>,
  ): Middleware<StateT & ZohoState<Name>, ContextT>
  /**
   * Responds to this library's errors and rethrows all others: `app.use(zoho.errorHandler())`,
   * before the middleware that may throw them.
   */
  errorHandler(): Middleware<StateT, ContextT>
}

/** @throws `configuration-invalid`, naming the invalid option and how to correct it. */
export const zohoRecruit = <StateT = DefaultState, ContextT = DefaultContext>(
  options: RecruitOAuthOptions<NoInfer<ParameterizedContext<StateT, ContextT>>>,
): ZohoRecruit<StateT, ContextT> => {
  const oauth = createRecruitOAuth<ParameterizedContext<StateT, ContextT>>(options)
  // The requests to a route that reached `routes()`. `requireConnection()` lets every request with
  // the path of a route through. But the app's router may read the path in another way, and run
  // another handler. So a response to a request that is not in this set is sent only if the user is
  // connected.
  const reachedRequests = new WeakSet<ParameterizedContext['req']>()
  /** The connections that the guard of this client has set in `ctx.state`. */
  const ownConnections = new WeakSet<Connection>()
  return {
    // The return type hides the members that take a web `Request`, such as `handle`.
    ...oauth,
    routes() {
      // The mount path is checked until the routes have answered once, or an error was reported.
      let shouldCheckMount = true
      return withFailureStatus(async (ctx, next) => {
        const request = requestOf(ctx)
        if (oauth.isRoute(request)) reachedRequests.add(ctx.req)
        const response = await oauth.handle(request, { context: ctx })
        if (response) {
          shouldCheckMount = false
          return write(ctx, response)
        }
        await next()
        const { pathname } = new URL(request.url)
        const looksLikeRoute = Object.values(oauth.paths).some((path) => pathname.endsWith(path))
        if (!shouldCheckMount || ctx.status !== 404 || !looksLikeRoute) return
        // No handler knows this path, and the routes have not answered any request so far. So the
        // routes are probably mounted at another path. The response stays a 404.
        shouldCheckMount = false
        ctx.app.emit('error', mountPathError(pathname, options.redirectUri), ctx)
      })
    },
    requireConnection: <Name extends string = 'zoho'>(need: Requirements<Name> = {}) => {
      refuseUnknownOptions(need, ['scopes', 'as'])
      const { scopes, as: name = 'zoho' } = need
      return withFailureStatus<StateT & ZohoState<Name>, ContextT>(async (ctx, next) => {
        const request = requestOf(ctx)
        const check = () => oauth.requireConnection(request, { context: ctx, scopes })
        const { pathname } = new URL(request.url)
        // A guard in front of the whole app must not block the routes that connect.
        if (oauth.isRoute(request) && !isPathRewritten(ctx, pathname)) {
          const earlierHeaders = structuredClone(ctx.res.getHeaders())
          const failure = await next().then(
            () => undefined,
            (error: unknown) => ({ error }),
          )
          // Another handler may have responded, or failed, before `routes()` ran. Only a connected
          // user gets its response or error.
          const hasResponse = failure !== undefined || !isUnanswered(ctx)
          const isByOtherHandler = hasResponse && !reachedRequests.has(ctx.req)
          const isAllowed = !isByOtherHandler || !((await check()) instanceof Response)
          if (isAllowed && failure) throw failure.error
          if (isAllowed) return
          if (failure) ctx.app.emit('error', failure.error, ctx)
          discardResponse(ctx, earlierHeaders)
          return write(ctx, oauth.errorResponse(otherHandlerError(pathname), request)!)
        }
        const state = ctx.state as Record<string, unknown>
        const present = state[name]
        const isForeign = present !== undefined && !ownConnections.has(present as Connection)
        if (isForeign) return write(ctx, oauth.errorResponse(stateTakenError(name), request)!)
        const connection = await check()
        if (connection instanceof Response) return write(ctx, connection)
        ownConnections.add(connection)
        state[name] = connection
        await next()
      })
    },
    errorHandler: () =>
      withFailureStatus(async (ctx, next) => {
        try {
          await next()
        } catch (error) {
          const response = ctx.headerSent ? undefined : oauth.errorResponse(error, requestOf(ctx))
          if (!response) throw error
          // Removes the headers of the body that the failed middleware had prepared, such as its
          // ETag, but not Content-Security-Policy.
          for (const name of Object.keys(ctx.response.headers))
            if (/^(content-(?!security)|etag$|last-modified$)/.test(name)) ctx.remove(name)
          await write(ctx, response)
        }
      }),
  }
}

type Ctx = Pick<ParameterizedContext, 'req' | 'originalUrl' | 'response'>

/** The request with the path that the browser sent: koa-mount shortens `ctx.path`. */
const requestOf = ({ req, originalUrl }: Ctx): Request => toRequest(req, { originalUrl })

/**
 * Writes through Koa, so that other middleware sees the response. Cookies are written as headers,
 * because `ctx.cookies` refuses `Secure` cookies behind a proxy that terminates TLS.
 */
const write = async ({ response: koaResponse }: Ctx, response: Response): Promise<void> => {
  koaResponse.remove('content-type') // Koa 3 would turn an empty body into a JSON `null`.
  koaResponse.body = response.body && (await response.text())
  // The status comes after the body, because setting an empty body makes the status 204.
  koaResponse.status = response.status
  // If an empty response has no length, Koa 2 closes the connection.
  if (!response.body && response.status !== 204) koaResponse.length = 0
  for (const [name, value] of response.headers) {
    if (name === 'vary') koaResponse.vary(value)
    else if (name !== 'set-cookie') koaResponse.set(name, value)
  }
  for (const cookie of response.headers.getSetCookie()) koaResponse.append('set-cookie', cookie)
}

const mountPathError = (path: string, redirectUri: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary:
      `No handler answered ${path}. According to the option \`redirectUri\`, the callback is at ` +
      `${new URL(redirectUri).pathname}, and the other routes are next to it.`,
    hint:
      'If the request was meant for the routes, correct `redirectUri`. If a proxy strips a ' +
      'prefix of the path, set `mountPath`. Mount `routes()` so that these requests reach it.',
  })

const stateTakenError = (name: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary: `\`ctx.state.${name}\` is already set, by the app or by the guard of another client.`,
    hint:
      "Give the guard another name: `requireConnection({ as: 'otherZoho' })` sets " +
      '`ctx.state.otherZoho`.',
  })

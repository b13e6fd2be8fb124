import {
  createRecruitOAuth,
  RecruitOAuthError,
  type ConnectionAdmin,
  type Connection,
  type RecruitOAuth,
  type RecruitOAuthOptions,
  type RecruitScope,
} from '@zrecruit/oauth-core'
import { toRequest } from '@zrecruit/oauth-core/node'
import type { DefaultContext, DefaultState, Middleware, ParameterizedContext } from 'koa'
import { answeredByAnother, discardAnswer, isUnanswered, seesPath } from './own-routes.ts'

/** What `requireConnection()` puts into the state: `ctx.state.zoho`. */
export interface ZohoState {
  zoho: Connection
}

/** Zoho Recruit OAuth for a Koa app. */
export interface ZohoRecruit<StateT = DefaultState, ContextT = DefaultContext> extends Pick<
  RecruitOAuth<ParameterizedContext<StateT, ContextT>>,
  'connection' | 'startAuthorization' | keyof ConnectionAdmin
> {
  /**
   * `GET` and `POST /connect`, `GET /callback` and `POST /disconnect`, beside `redirectUri`; all
   * else goes on: `app.use(zoho.routes())`, wherever that stands.
   */
  routes(): Middleware<StateT, ContextT>
  /**
   * Lets a connected user through, with `ctx.state.zoho`; a page is sent to connect, a script gets
   * 401, missing scopes get 403.
   */
  requireConnection(need?: {
    readonly scopes?: readonly RecruitScope[] | undefined
  }): Middleware<StateT & ZohoState, ContextT>
  /**
   * Answers this library's errors, and hands on every other: `app.use(zoho.errorHandler())`, before what
   * may throw them.
   */
  errorHandler(): Middleware<StateT, ContextT>
}

/** @throws `configuration-invalid`, naming the option that is wrong and the cure. */
export const zohoRecruit = <StateT = DefaultState, ContextT = DefaultContext>(
  options: RecruitOAuthOptions<NoInfer<ParameterizedContext<StateT, ContextT>>>,
): ZohoRecruit<StateT, ContextT> => {
  const oauth = createRecruitOAuth<ParameterizedContext<StateT, ContextT>>(options)
  const { connection, startAuthorization, connections, recover, revokeAll, reencryptAll } = oauth
  // The requests that reached the library's handler. The gate lets a request through by its path,
  // then checks that it is in this set: a router may read a path in another way than the gate.
  const reached = new WeakSet<ParameterizedContext['req']>()
  return {
    connection,
    startAuthorization,
    connections,
    recover,
    revokeAll,
    reencryptAll,
    routes() {
      let settled = false
      return async (ctx, next) => {
        const request = requestOf(ctx)
        if (oauth.isRoute(request)) reached.add(ctx.req)
        const answer = await oauth.handle(request, { context: ctx })
        settled ||= answer !== undefined
        if (answer) return write(ctx, answer)
        await next()
        // Nobody knew this path, and it ends like one of ours, none of which was ever asked for:
        // told once, answered as it was.
        const { pathname } = new URL(request.url)
        if (
          settled ||
          ctx.status !== 404 ||
          !Object.values(oauth.paths).some((path) => pathname.endsWith(path))
        )
          return
        settled = true
        ctx.app.emit('error', mountedElsewhere(pathname, options.redirectUri), ctx)
      }
    },
    requireConnection: (need) => async (ctx, next) => {
      const request = requestOf(ctx)
      const connect = () => oauth.requireConnection(request, { context: ctx, ...need })
      const { pathname } = new URL(request.url)
      // A gate before the whole app must not stand before the way in.
      if (oauth.isRoute(request) && seesPath(ctx, pathname)) {
        const headers = structuredClone(ctx.res.getHeaders())
        const failure = await next().then(
          () => undefined,
          (error: unknown) => ({ error }),
        )
        // A handler before ours may have answered. Its answer is for connected users alone.
        const isHarmless = reached.has(ctx.req) || (!failure && isUnanswered(ctx))
        const isAllowed = isHarmless || !((await connect()) instanceof Response)
        if (isAllowed && failure) throw failure.error
        if (isAllowed) return
        if (failure) ctx.app.emit('error', failure.error, ctx)
        discardAnswer(ctx, headers)
        return write(ctx, oauth.errorResponse(answeredByAnother(pathname), request)!)
      }
      const answer = await connect()
      if (answer instanceof Response) return write(ctx, answer)
      ctx.state.zoho = answer
      await next()
    },
    errorHandler: () => async (ctx, next) => {
      try {
        await next()
      } catch (error) {
        const answer = ctx.headerSent ? undefined : oauth.errorResponse(error, requestOf(ctx))
        if (!answer) throw error
        // What the handler said of its own body is not true of this one: it is no attachment, and
        // has another ETag.
        for (const name of Object.keys(ctx.response.headers))
          if (/^(content-(?!security)|etag$|last-modified$)/.test(name)) ctx.remove(name)
        await write(ctx, answer)
      }
    },
  }
}

type Ctx = Pick<ParameterizedContext, 'req' | 'originalUrl' | 'response'>

/** By the path as the browser sent it: koa-mount shortens `ctx.path`. */
const requestOf = ({ req, originalUrl }: Ctx): Request => toRequest(req, { originalUrl })

/**
 * Through Koa, so that what stands around sees it; the cookies not by `ctx.cookies`, which refuses
 * `Secure` ones where a proxy ends TLS.
 */
const write = async ({ response: to }: Ctx, response: Response): Promise<void> => {
  to.remove('content-type') // Koa 3 would make a JSON `null` of no body.
  to.body = response.body && (await response.text())
  to.status = response.status // After the body: no body makes it 204.
  // Koa 2 would say no length, and end the connection.
  if (!response.body && response.status !== 204) to.length = 0
  for (const [name, value] of response.headers) if (name !== 'set-cookie') to.set(name, value)
  for (const cookie of response.headers.getSetCookie()) to.append('set-cookie', cookie)
}

const mountedElsewhere = (path: string, redirectUri: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary:
      `Nobody answered ${path}. The routes are where the option \`redirectUri\` says: beside ` +
      `${new URL(redirectUri).pathname}.`,
    hint:
      'If they were meant, correct `redirectUri`, or set `mountPath` where a proxy strips a ' +
      'prefix, and mount `routes()` above that path.',
  })

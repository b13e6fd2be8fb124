import type {
  ConnectionAdmin,
  Connection,
  RecruitOAuth,
  RecruitOAuthOptions,
  RecruitScope,
} from '@zrecruit/oauth-core'
import { Hono, type Context, type Env, type Handler, type MiddlewareHandler } from 'hono'
import {
  createClient,
  createClientCache,
  configurationError,
  type Client,
  type Options,
} from './clients.ts'
import { answeredByAnother, ownRoutes, replaceAnswer } from './own-routes.ts'

/** What `requireConnection()` puts into the context: `c.var.zoho`. */
export interface ZohoVariables {
  zoho: Connection
}

interface RequestApi<E extends Env> {
  /**
   * `GET` and `POST /connect`, `GET /callback` and `POST /disconnect`, to be mounted where
   * `redirectUri` says: `app.route('/zoho', zohoRecruit.routes())`.
   */
  routes(): Hono<E>
  /**
   * Lets a connected user through, with `c.var.zoho`; a page is sent to connect, a script gets 401,
   * missing scopes get 403.
   */
  requireConnection(need?: {
    readonly scopes?: readonly RecruitScope[] | undefined
  }): MiddlewareHandler<{ Variables: ZohoVariables }>
  /** This library's errors as answers, for `app.onError`; `undefined` for any other error. */
  errorResponse(error: unknown, c: Context): Response | undefined
}

type ClientApi<E extends Env> = Pick<
  RecruitOAuth<Context<E>>,
  'connection' | 'startAuthorization' | keyof ConnectionAdmin
>

/** Zoho Recruit OAuth for a Hono app. */
export type ZohoRecruit<E extends Env = Env> = RequestApi<E> & ClientApi<E>

/** Zoho Recruit OAuth for a Hono app whose options come from its bindings. */
export interface ZohoRecruitOnBindings<E extends Env = Env> extends RequestApi<E> {
  /**
   * Outside of a request, or without the gate: `zoho.with(env).connection('acme', ctx)`. @throws
   * `configuration-invalid`
   */
  with(env: E['Bindings']): ClientApi<E>
}

/**
 * Options from the bindings of Cloudflare Workers: `zohoRecruit<App>((env) => ({ … }))`. Asked for
 * once for each `env`, at its first request.
 * @throws `configuration-invalid`, then: also without a `store`, and where each request brings an
 * `env` of its own, as on Node and Deno
 */
export function zohoRecruit<E extends Env = Env>(
  options: (env: E['Bindings']) => RecruitOAuthOptions<Context<E>>,
): ZohoRecruitOnBindings<E>
/** @throws `configuration-invalid`, naming the option that is wrong and the cure. */
export function zohoRecruit<E extends Env = Env>(
  options: RecruitOAuthOptions<Context<E>>,
): ZohoRecruit<E>
export function zohoRecruit<E extends Env>(
  options: Options<E> | ((env: E['Bindings']) => Options<E>),
): ZohoRecruit<E> | ZohoRecruitOnBindings<E> {
  if (typeof options === 'function') {
    const clientOf = createClientCache(options)
    return { ...requestApi(clientOf), with: clientOf }
  }
  const client = createClient(options)
  const { connection, startAuthorization, connections, recover, revokeAll, reencryptAll } = client
  return {
    ...requestApi(() => client),
    connection,
    startAuthorization,
    connections,
    recover,
    revokeAll,
    reencryptAll,
  }
}

const requestApi = <E extends Env>(clientOf: (env: E['Bindings']) => Client<E>): RequestApi<E> => {
  const own = ownRoutes()
  return {
    routes() {
      const handler: Handler<E> = async (c, next) => {
        const client = clientOf(c.env)
        if (client.isRoute(c.req.raw)) own.markReached(c)
        const answer = await client.handle(c.req.raw, requestContext(c))
        if (answer) return answer
        // Hono's own path is decoded. A path that was not sent like this is not ours.
        const [address = ''] = c.req.url.split(/[?#]/, 1)
        if (!Object.values(client.paths).some((path) => address.endsWith(path))) return next()
        const { pathname: configured } = new URL(client.redirectUri)
        throw configurationError(
          `The routes were asked for ${c.req.path}, but the option \`redirectUri\` says ` +
            `${configured}.`,
          'Mount them there, or set `mountPath`.',
        )
      }
      own.add(handler)
      return new Hono<E>().all('/:zoho', handler)
    },
    requireConnection: (need) => async (c, next) => {
      const client = clientOf(c.env as E['Bindings'])
      const connect = () =>
        client.requireConnection(c.req.raw, { ...requestContext(c as Context), ...need })
      // A gate before the whole app must not stand before the way in.
      if (client.isRoute(c.req.raw) && own.isMatched(c)) {
        await next()
        // A handler before ours may have answered. Its answer is for connected users alone.
        if (own.isReached(c) || !((await connect()) instanceof Response)) return
        return replaceAnswer(c, client.errorResponse(answeredByAnother(c.req.path), c.req.raw)!)
      }
      const answer = await connect()
      if (answer instanceof Response) return answer
      c.set('zoho', answer)
      return next()
    },
    errorResponse(error, c) {
      try {
        return clientOf(c.env).errorResponse(error, c.req.raw)
      } catch (wrongOptions) {
        console.error(wrongOptions) // There is no client yet to answer or to observe.
        return undefined
      }
    },
  }
}

/** Where a request comes from. Hono's getter throws where the runtime has no execution context. */
const requestContext = <E extends Env>(context: Context<E>) => {
  try {
    const { executionCtx } = context
    return { context, waitUntil: executionCtx.waitUntil.bind(executionCtx) }
  } catch {
    return { context }
  }
}

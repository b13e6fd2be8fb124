import {
  refuseUnknownOptions,
  type Connection,
  type ConnectionAdmin,
  type RecruitOAuth,
  type RecruitOAuthOptions,
  type RecruitScope,
} from '@zrecruit/oauth-core'
import { Hono, type Context, type Env, type Handler, type MiddlewareHandler } from 'hono'
import {
  configurationError,
  createClient,
  createClientCache,
  type Client,
  type Options,
} from './clients.ts'
import { createRouteRegistry, otherHandlerError, replaceResponse } from './library-routes.ts'

/** The variable that `requireConnection()` sets: `c.var.zoho`. */
export interface ZohoVariables {
  zoho: Connection
}

interface RequestApi<E extends Env> {
  /**
   * The routes `GET` and `POST /connect`, `GET /callback` and `POST /disconnect`. Mount them at the
   * path of `redirectUri` without its last segment: `app.route('/zoho', zoho.routes())`.
   */
  routes(): Hono<E>
  /**
   * Lets a connected user through, and sets `c.var.zoho`. Without a connection, a page is
   * redirected to connect, and a script gets 401. If a scope is missing, the response is 403.
   */
  requireConnection(need?: {
    readonly scopes?: readonly RecruitScope[] | undefined
  }): MiddlewareHandler<{ Variables: ZohoVariables }>
  /** The response for this library's errors, for `app.onError`; `undefined` for other errors. */
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
   * The client for jobs and for handlers without the guard:
   * `zoho.with(env).connection('acme', ctx)`.
   * @throws `configuration-invalid`
   */
  with(env: E['Bindings']): ClientApi<E>
}

/**
 * Zoho Recruit OAuth with options from the bindings of Cloudflare Workers:
 * `zohoRecruit<App>((env) => ({ … }))`. The function is called once for each `env`, at its first
 * request.
 * @throws `configuration-invalid` at that request if an option is invalid, if there is no `store`,
 * or if each request has its own `env`, as on Node and Deno
 */
export function zohoRecruit<E extends Env = Env>(
  options: (env: E['Bindings']) => RecruitOAuthOptions<Context<E>>,
): ZohoRecruitOnBindings<E>
/** @throws `configuration-invalid`, naming the invalid option and how to correct it. */
export function zohoRecruit<E extends Env = Env>(
  options: RecruitOAuthOptions<Context<E>>,
): ZohoRecruit<E>
export function zohoRecruit<E extends Env>(
  options: Options<E> | ((env: E['Bindings']) => Options<E>),
): ZohoRecruit<E> | ZohoRecruitOnBindings<E> {
  if (typeof options === 'function') {
    const clientOf = createClientCache(options)
    return { ...createRequestApi(clientOf), with: clientOf }
  }
  const client = createClient(options)
  // The return type hides the other members of the client: a Hono app uses `routes()`.
  return { ...client, ...createRequestApi(() => client) }
}

const createRequestApi = <E extends Env>(
  clientOf: (env: E['Bindings']) => Client<E>,
): RequestApi<E> => {
  const registry = createRouteRegistry()
  return {
    routes() {
      const handler: Handler<E> = async (c, next) => {
        const client = clientOf(c.env)
        if (client.isRoute(c.req.raw)) registry.markReached(c)
        const response = await client.handle(c.req.raw, requestContext(c))
        if (response) return response
        // Reads the URL and not `c.req.path`, which Hono decodes: an encoded spelling of a path is
        // not one of the routes.
        const [urlWithoutQuery = ''] = c.req.url.split(/[?#]/, 1)
        const looksLikeRoute = Object.values(client.paths).some((path) =>
          urlWithoutQuery.endsWith(path),
        )
        if (!looksLikeRoute) return next()
        const { pathname: configuredPath } = new URL(client.redirectUri)
        throw configurationError(
          `The routes received a request for ${c.req.path}. According to the option ` +
            `\`redirectUri\`, the callback is ${configuredPath}. The other routes are beside it.`,
          'Mount the routes at the path of `redirectUri` without its last segment. If a proxy ' +
            'removes the beginning of this path, set `mountPath` to the rest.',
        )
      }
      registry.add(handler)
      return new Hono<E>().on('ALL', ['/:zoho', '/:zoho/'], handler)
    },
    requireConnection(need) {
      refuseUnknownOptions(need, ['scopes'])
      return async (c, next) => {
        const client = clientOf(c.env as E['Bindings'])
        const check = () =>
          client.requireConnection(c.req.raw, { ...requestContext(c as Context), ...need })
        // A guard in front of the whole app must not block the routes that connect.
        if (client.isRoute(c.req.raw) && registry.isMatched(c)) {
          await next()
          // Another handler may have responded first. Its response is for connected users only.
          if (registry.isReached(c)) return
          const isConnected = !((await check()) instanceof Response)
          if (isConnected) return
          const refusal = client.errorResponse(otherHandlerError(c.req.path), c.req.raw)!
          return replaceResponse(c, refusal)
        }
        const connection = await check()
        if (connection instanceof Response) return connection
        c.set('zoho', connection)
        return next()
      }
    },
    errorResponse(error, c) {
      try {
        return clientOf(c.env).errorResponse(error, c.req.raw)
      } catch (invalidOptions) {
        console.error(invalidOptions) // No client exists, so nothing else can report this.
        return undefined
      }
    },
  }
}

/**
 * The context and the `waitUntil` of a request, for core. Hono's getter `executionCtx` throws on
 * runtimes without an execution context.
 */
const requestContext = <E extends Env>(context: Context<E>) => {
  try {
    const { executionCtx } = context
    return { context, waitUntil: executionCtx.waitUntil.bind(executionCtx) }
  } catch {
    return { context }
  }
}

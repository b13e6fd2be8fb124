import {
  refuseUnknownOptions,
  type Connection,
  type ConnectionAdmin,
  type RecruitOAuth,
  type RecruitOAuthOptions,
  type RecruitScope,
} from '@zrecruit/oauth-core'
import { Hono, type Context, type Env, type Handler, type MiddlewareHandler } from 'hono'
import { createClient, createClientCache, type Client } from './clients.ts'
import { configurationError } from './configuration-error.ts'
import { addErrorResponse, withErrorResponses } from './error-responses.ts'
import { createRouteRegistry, otherHandlerError, replaceResponse } from './library-routes.ts'
import type { ZohoRoutes } from './route-types.ts'

/** The variable that `requireConnection()` sets: `c.var.zoho`, or the name in `as`. */
export type ZohoVariables<Name extends string = 'zoho'> = { [Key in Name]: Connection }

interface Requirements<Name extends string> {
  /** The scopes that the connection must have. Without one of them, the response is a 403. */
  readonly scopes?: readonly RecruitScope[] | undefined
  /** The name of the variable, for apps with several clients. Default `zoho`. */
  readonly as?: Name | undefined
}

interface RequestApi<E extends Env> {
  /**
   * The routes `GET` and `POST /connect`, `GET /callback` and `POST /disconnect`. Mount them at the
   * path of `redirectUri` without its last segment: `app.route('/zoho', zoho.routes())`. They are
   * typed for `hc` of `hono/client`.
   */
  routes(): Hono<E, ZohoRoutes>
  /**
   * Lets a connected user through, and sets `c.var.zoho`. Without a connection, a page is
   * redirected to connect, and a script gets 401. If a scope is missing, the response is 403.
   */
  requireConnection<Name extends string = 'zoho'>(
    need?: Requirements<Name>,
  ): MiddlewareHandler<{ Variables: ZohoVariables<Name> }>
  /**
   * The response for this library's errors, for an own `app.onError`; `undefined` for other errors.
   */
  errorResponse(error: unknown, c: Context): Response | undefined
}

type ClientApi<E extends Env> = Pick<
  RecruitOAuth<Context<E>>,
  'connection' | 'startAuthorization' | keyof ConnectionAdmin
>

/** Zoho Recruit OAuth for a Hono app. */
export type ZohoRecruit<E extends Env = Env> = RequestApi<E> & ClientApi<E>

/** Zoho Recruit OAuth for a Hono app whose options come from its bindings. */
export interface ZohoRecruitFromBindings<E extends Env = Env> extends RequestApi<E> {
  /**
   * The client for jobs and for handlers without the guard:
   * `zoho.with(env).connection('acme', ctx)`.
   * @throws `configuration-invalid`
   */
  with(env: E['Bindings']): ClientApi<E>
}

/**
 * Zoho Recruit OAuth for a Hono app. If the secrets are in the bindings, as on Cloudflare Workers,
 * use `zohoRecruitFromBindings`.
 * @throws `configuration-invalid`, naming the invalid option and how to correct it.
 */
export const zohoRecruit = <E extends Env = Env>(
  options: RecruitOAuthOptions<Context<E>>,
): ZohoRecruit<E> => {
  if (typeof options === 'function')
    throw configurationError(
      'The options are a function.',
      'Use `zohoRecruitFromBindings` for options that come from the bindings.',
    )
  const client = createClient(options)
  return { ...createClientApi(client), ...createRequestApi(() => client) }
}

/**
 * Zoho Recruit OAuth with options from the bindings of Cloudflare Workers:
 * `zohoRecruitFromBindings<App>((env) => ({ … }))`. The function is called at the first request,
 * and again for an `env` in which the bindings that it has read have other values.
 * @throws `configuration-invalid` at that request, if an option is invalid or there is no `store`
 */
export const zohoRecruitFromBindings = <E extends Env = Env>(
  options: (env: E['Bindings']) => RecruitOAuthOptions<Context<E>>,
): ZohoRecruitFromBindings<E> => {
  const clientOf = createClientCache(options)
  return { ...createRequestApi(clientOf), with: (env) => createClientApi(clientOf(env)) }
}

/** The functions of the client that a Hono app uses outside of the routes and the guard. */
const createClientApi = <E extends Env>(client: Client<E>): ClientApi<E> => {
  const { connection, startAuthorization, connections, recover, revokeAll, reencryptAll } = client
  const api = { connection, startAuthorization, connections, recover, revokeAll, reencryptAll }
  // These functions do not know the request. So the response is the one for a script.
  const request = new Request(client.redirectUri, { headers: { accept: 'application/json' } })
  return withErrorResponses(api, (error) => client.errorResponse(error, request))
}

const createRequestApi = <E extends Env>(
  clientOf: (env: E['Bindings']) => Client<E>,
): RequestApi<E> => {
  const registry = createRouteRegistry()
  /** The connections that this guard has set as variables. */
  const ownConnections = new WeakSet<Connection>()
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
        throw addErrorResponse(mountPathError(c.req.path, client.redirectUri), (error) =>
          client.errorResponse(error, c.req.raw),
        )
      }
      registry.add(handler)
      return new Hono<E>().on('ALL', ['/:zoho', '/:zoho/'], handler)
    },
    requireConnection: <Name extends string = 'zoho'>(
      need: Requirements<Name> = {},
    ): MiddlewareHandler<{ Variables: ZohoVariables<Name> }> => {
      refuseUnknownOptions(need, ['scopes', 'as'])
      const { scopes } = need
      const name = (need.as ?? 'zoho') as Name
      return async (c, next) => {
        const client = clientOf(c.env as E['Bindings'])
        const respond = (error: unknown) => client.errorResponse(error, c.req.raw)!
        const check = () =>
          client.requireConnection(c.req.raw, { ...requestContext(c as Context), scopes })
        // A guard in front of the whole app must not block the routes that connect.
        if (client.isRoute(c.req.raw) && registry.isMatched(c)) {
          await next()
          // Another handler may have responded first. Its response is for connected users only.
          if (registry.isReached(c)) return
          const isConnected = !((await check()) instanceof Response)
          if (isConnected) return
          return replaceResponse(c, respond(otherHandlerError(c.req.path)))
        }
        const present: unknown = c.var[name]
        const isForeign = present !== undefined && !ownConnections.has(present as Connection)
        if (isForeign) return respond(variableTakenError(name))
        const connection = await check()
        if (connection instanceof Response) return connection
        const ownConnection = withErrorResponses(connection, respond)
        ownConnections.add(ownConnection)
        c.set(name, ownConnection as never)
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

const mountPathError = (path: string, redirectUri: string) =>
  configurationError(
    `The routes received a request for ${path}. According to the option \`redirectUri\`, the ` +
      `callback is ${new URL(redirectUri).pathname}. The other routes are beside it.`,
    'Mount the routes at the path of `redirectUri` without its last segment. If a proxy removes ' +
      'the beginning of this path, set `mountPath` to the rest.',
  )

const variableTakenError = (name: string) =>
  configurationError(
    `The variable \`${name}\` of the request is already set, by the app or by the guard of ` +
      'another client.',
    'Give the guard another variable: ' +
      "`requireConnection({ as: 'otherZoho' })` sets `c.var.otherZoho`.",
  )

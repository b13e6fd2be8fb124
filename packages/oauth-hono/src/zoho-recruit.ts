import type { Connection, RecruitOAuth, RecruitOAuthOptions, RecruitScope } from '@zrecruit/oauth-core'
import { Hono, type Context, type Env, type MiddlewareHandler } from 'hono'
import { clientFrom, clientsByEnv, wrong, type Client } from './clients.ts'

/** What `connected()` puts into the context: `c.var.zoho`. */
export interface ZohoVariables {
  zoho: Connection
}

interface InRequests<E extends Env> {
  /** `GET` and `POST /connect`, `GET /callback` and `POST /disconnect`, to be mounted where `redirectUri` says: `app.route('/zoho', zohoRecruit.routes())`. */
  routes(): Hono<E>
  /** Lets a connected user through, with `c.var.zoho`; a page is sent to connect, a script gets 401, missing scopes get 403. */
  connected(need?: { readonly scopes?: readonly RecruitScope[] | undefined }): MiddlewareHandler<{ Variables: ZohoVariables }>
  /** This library's errors as answers, for `app.onError`; `undefined` for any other error. */
  respondTo(error: unknown, c: Context): Response | undefined
}

type OutsideOfRequests<E extends Env> = Pick<RecruitOAuth<Context<E>>, 'connection' | 'begin'>

/** Zoho Recruit OAuth for a Hono app. */
export interface ZohoRecruit<E extends Env = Env> extends InRequests<E>, OutsideOfRequests<E> {}

/** Zoho Recruit OAuth for a Hono app whose options come from its bindings. */
export interface ZohoRecruitOnBindings<E extends Env = Env> extends InRequests<E> {
  /** For what is no request, such as a cron job: `zoho.with(env).connection('acme')`. @throws `configuration-invalid` */
  with(env: E['Bindings']): OutsideOfRequests<E>
}

/**
 * With the options from the bindings, on Cloudflare Workers: `zohoRecruit<App>((env) => ({ … }))`. They are asked for at
 * the first request, once for each `env`; that is once an isolate. Wrong ones are `configuration-invalid` then; so is a
 * missing `store`, and an `env` that is new with each request, as on Node.
 */
export function zohoRecruit<E extends Env = Env>(options: (env: E['Bindings']) => RecruitOAuthOptions<Context<E>>): ZohoRecruitOnBindings<E>
/** @throws `configuration-invalid`, naming the option that is wrong and the cure. */
export function zohoRecruit<E extends Env = Env>(options: RecruitOAuthOptions<Context<E>>): ZohoRecruit<E>
export function zohoRecruit<E extends Env>(
  options: RecruitOAuthOptions<Context<E>> | ((env: E['Bindings']) => RecruitOAuthOptions<Context<E>>),
): ZohoRecruit<E> | ZohoRecruitOnBindings<E> {
  if (typeof options === 'function') {
    const clientOf = clientsByEnv(options)
    return { ...inRequests(clientOf), with: clientOf }
  }
  const client = clientFrom(options)
  const { connection, begin } = client
  return { ...inRequests(() => client), connection, begin }
}

const inRequests = <E extends Env>(clientOf: (env: E['Bindings']) => Client<E>): InRequests<E> => ({
  routes: () =>
    new Hono<E>().all('/:zoho', async (c, next) => {
      const client = clientOf(c.env as E['Bindings'])
      const answer = await client.handle(c.req.raw, from(c))
      if (answer) return answer
      // Not Hono's path, which is decoded: one that is not spelled so is not ours.
      const { pathname } = new URL(c.req.url)
      if (Object.values(client.paths).some((path) => pathname.endsWith(path))) {
        throw wrong(`The routes were asked for ${pathname}, but the option \`redirectUri\` says ${new URL(client.redirectUri).pathname}.`, 'Mount them there, or set `mountPath`.')
      }
      return next()
    }),
  connected: (need) => async (c, next) => {
    const client = clientOf(c.env as E['Bindings'])
    if (client.isRoute(c.req.raw)) return next() // A gate over the whole app must not stand before the way in.
    const answer = await client.connected(c.req.raw, { ...from(c as Context), ...need })
    if (answer instanceof Response) return answer
    c.set('zoho', answer)
    return next()
  },
  respondTo(error, c) {
    try {
      return clientOf(c.env).respondTo(error, c.req.raw)
    } catch (wrongOptions) {
      console.error(wrongOptions) // There is no client yet to answer or to observe.
      return undefined
    }
  },
})

/** Where a request comes from. Hono's getter throws where the runtime has no execution context. */
const from = <E extends Env>(context: Context<E>) => {
  try {
    const { executionCtx } = context
    return { context, waitUntil: executionCtx.waitUntil.bind(executionCtx) }
  } catch {
    return { context }
  }
}

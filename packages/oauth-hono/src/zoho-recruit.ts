import { createRecruitOAuth, RecruitOAuthError, type Connection, type RecruitOAuth, type RecruitOAuthOptions, type RecruitScope } from '@zrecruit/oauth-core'
import { Hono, type Context, type Env, type MiddlewareHandler } from 'hono'

/** What `connected()` puts into the context: `c.var.zoho`. */
export interface ZohoVariables {
  zoho: Connection
}

/** Zoho Recruit OAuth for a Hono app. */
export interface ZohoRecruit<E extends Env = Env> extends Pick<RecruitOAuth<Context<E>>, 'connection' | 'begin'> {
  /** `GET` and `POST /connect`, `GET /callback` and `POST /disconnect`, to be mounted where `redirectUri` says: `app.route('/zoho', zohoRecruit.routes())`. */
  routes(): Hono<E>
  /** Lets a connected user through, with `c.var.zoho`; a page is sent to connect, a script gets 401, missing scopes get 403. */
  connected(need?: { readonly scopes?: readonly RecruitScope[] | undefined }): MiddlewareHandler<{ Variables: ZohoVariables }>
  /** This library's errors as answers, for `app.onError`; `undefined` for any other error. */
  respondTo(error: unknown, c: Context): Response | undefined
}

/** @throws `configuration-invalid`, naming the option that is wrong and the cure. */
export const zohoRecruit = <E extends Env = Env>(options: RecruitOAuthOptions<Context<E>>): ZohoRecruit<E> => {
  const oauth = createRecruitOAuth<Context<E>>(options)
  const from = (c: Context<E>) => ({ context: c, waitUntil: waitUntilOf(c) })
  return {
    connection: oauth.connection,
    begin: oauth.begin,
    routes() {
      const app = new Hono<E>()
      for (const path of Object.values(oauth.paths)) {
        app.all(path, async (c) => {
          // Hono has decoded the path; one that is not spelled so is not ours.
          const spelled = new URL(c.req.url).pathname.endsWith(path)
          return (await oauth.handle(c.req.raw, from(c))) ?? (spelled ? Promise.reject(mountedElsewhere(c.req.path, options.redirectUri)) : c.notFound())
        })
      }
      return app
    },
    connected: (need) => async (c, next) => {
      if (oauth.isRoute(c.req.raw)) return next() // A gate over the whole app must not stand before the way in.
      const answer = await oauth.connected(c.req.raw, { ...from(c as Context), ...need })
      if (answer instanceof Response) return answer
      c.set('zoho', answer)
      await next()
    },
    respondTo: (error, c) => oauth.respondTo(error, c.req.raw),
  }
}

/** Hono's getter throws where the runtime has no such thing. */
const waitUntilOf = (c: Context) => {
  try {
    const { executionCtx } = c
    return (work: Promise<unknown>) => executionCtx.waitUntil(work)
  } catch {
    return undefined
  }
}

const mountedElsewhere = (path: string, redirectUri: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    what: `The routes were asked for ${path}, but the option \`redirectUri\` says ${new URL(redirectUri).pathname}.`,
    cure: 'Mount them there, or set `mountPath`.',
  })

import type { RecruitOAuthError } from '@zrecruit/oauth-core'
import type { Context, Handler } from 'hono'
import { findTargetHandler } from 'hono/utils/handler'
import { configurationError } from './configuration-error.ts'

/**
 * Records the handlers of the library's routes, and the requests that reached one.
 *
 * The guard is `requireConnection()`. It lets a request through to the routes if the path is the
 * path of a route and the router has matched one of these handlers. An app's router may read a path
 * in another way than the guard, and run another handler. So the guard checks afterwards that one
 * of these handlers was reached.
 */
export const createRouteRegistry = () => {
  const handlers = new WeakSet<object>()
  const reached = new WeakSet<Context>()
  return {
    add: (handler: Handler) => handlers.add(handler),
    markReached: (c: Context) => reached.add(c),
    isReached: (c: Context): boolean => reached.has(c),
    /** Whether the router has matched one of the handlers. This is known before a handler runs. */
    // Reads `c.req.matchedRoutes`, because the oldest supported Hono has no `matchedRoutes` in
    // `hono/route`.
    isMatched: (c: Context): boolean =>
      c.req.matchedRoutes.some(({ handler }) => handlers.has(findTargetHandler(handler))),
  }
}

/** Replaces the response of another handler, including all of its headers. */
export const replaceResponse = async (c: Context, response: Response): Promise<void> => {
  await c.res.body?.cancel().catch(() => {})
  c.res = undefined // Otherwise Hono would keep the old headers.
  c.res = response
}

export const otherHandlerError = (path: string): RecruitOAuthError =>
  configurationError(
    `Another handler answered ${path}. It is between \`requireConnection()\` and \`routes()\`.`,
    'Mount `routes()` right after `requireConnection()`. If another handler is meant to answer ' +
      'these paths without a connection, mount it before `requireConnection()`.',
  )

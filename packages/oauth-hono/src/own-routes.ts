import type { RecruitOAuthError } from '@zrecruit/oauth-core'
import type { Context, Handler } from 'hono'
import { findTargetHandler } from 'hono/utils/handler'
import { configurationError } from './clients.ts'

/**
 * Knows the handlers of the library's own routes, and the requests that reached one. The gate lets
 * a request through by its path and by the matched handler, then checks that one of these handlers
 * was reached: an app's router may read a path in another way than the gate.
 */
export const ownRoutes = () => {
  const handlers = new WeakSet<object>()
  const reached = new WeakSet<Context>()
  return {
    add: (handler: Handler) => handlers.add(handler),
    markReached: (c: Context) => reached.add(c),
    isReached: (c: Context): boolean => reached.has(c),
    /** Whether the router found one of the handlers for this request: before any of them runs. */
    // `matchedRoutes` of `hono/route` is younger than the oldest Hono that this package is for.
    isMatched: (c: Context): boolean =>
      c.req.matchedRoutes.some(({ handler }) => handlers.has(findTargetHandler(handler))),
  }
}

/** Takes back what another handler has answered, to the last header. */
export const replaceAnswer = async (c: Context, answer: Response): Promise<void> => {
  await c.res.body?.cancel().catch(() => {})
  c.res = undefined // Otherwise Hono would keep its headers.
  c.res = answer
}

export const answeredByAnother = (path: string): RecruitOAuthError =>
  configurationError(
    `Another handler answered ${path}, behind \`requireConnection()\` and in front of \`routes()\`.`,
    'Mount `routes()` right behind `requireConnection()`. What may answer in its place stands before ' +
      '`requireConnection()`.',
  )

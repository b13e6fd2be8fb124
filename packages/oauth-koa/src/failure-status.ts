import { errorCodes, isRecruitOAuthError } from '@zrecruit/oauth-core'
import type { Middleware } from 'koa'

/**
 * Wraps a middleware so that an error that leaves it does not become a successful response.
 *
 * - An error middleware of the app may set a body and no status, or may keep the body that was set
 *   before the error. Koa then responds with 200. So an error of this library sets the status. The
 *   app can set another one.
 * - Koa responds to an uncaught error with the error's `status`. Many HTTP clients put the status
 *   of the response there, which can be 200.
 */
export const withFailureStatus =
  <StateT, ContextT>(middleware: Middleware<StateT, ContextT>): Middleware<StateT, ContextT> =>
  async (ctx, next) => {
    try {
      return (await middleware(ctx, next)) as unknown
    } catch (error) {
      if (isRecruitOAuthError(error)) ctx.status = errorCodes[error.code]?.status ?? 500
      const { onerror } = ctx
      const respond = (uncaught: Error) => {
        if (isSuccessful(uncaught)) Object.assign(uncaught, { status: 500 })
        onerror.call(ctx, uncaught)
      }
      Object.assign(ctx, { onerror: respond })
      throw error
    }
  }

/** Whether Koa would respond to this error with a status below 300. */
const isSuccessful = (error: unknown): boolean => {
  const given = error as { status?: unknown; statusCode?: unknown } | null | undefined
  const status = given?.status || given?.statusCode
  return typeof status === 'number' && status < 300
}

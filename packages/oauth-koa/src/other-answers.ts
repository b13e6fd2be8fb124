import { RecruitOAuthError } from '@zrecruit/oauth-core'
import type { ParameterizedContext } from 'koa'

// Another handler may answer in place of the library's routes. These functions find and undo that.

type Ctx = Pick<ParameterizedContext, 'path' | 'res' | 'respond' | 'headerSent' | 'status' | 'body'>

/**
 * Whether the next middleware gets the path that the browser sent. The start of the path may be
 * missing, because koa-mount and Express remove the mount path. If a middleware has rewritten the
 * path, another handler will answer.
 */
export const isPathAsSent = ({ path }: Pick<Ctx, 'path'>, sentPath: string): boolean =>
  typeof path === 'string' && path.startsWith('/') && sentPath.endsWith(path)

export const isUnanswered = (ctx: Ctx): boolean =>
  ctx.status === 404 && ctx.body === undefined && !isKoaBypassed(ctx)

/** Discards the response of another handler, and restores the headers that were set before it. */
export const discardResponse = (
  ctx: Ctx,
  earlierHeaders: ReturnType<Ctx['res']['getHeaders']>,
): void => {
  const { res } = ctx
  if (isKoaBypassed(ctx)) {
    // Bytes written to Node's response cannot be taken back. Closing the connection stops the rest.
    res.destroy()
    return
  }
  const body = ctx.body as { destroy?: () => void } | null | undefined
  body?.destroy?.()
  ctx.body = null
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  for (const [name, value] of Object.entries(earlierHeaders)) res.setHeader(name, value ?? '')
}

/** Whether a handler writes to Node's response itself. */
const isKoaBypassed = ({ headerSent, respond }: Ctx): boolean => headerSent || respond === false

export const otherHandlerError = (path: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary:
      `Another handler answered ${path}. It is between \`requireConnection()\` and ` +
      '`routes()`.',
    hint:
      'Mount `routes()` right after `requireConnection()`. If a handler may answer in place of ' +
      'the routes, mount it before `requireConnection()`.',
  })

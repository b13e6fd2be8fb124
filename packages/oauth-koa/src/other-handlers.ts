import { RecruitOAuthError } from '@zrecruit/oauth-core'
import type { ParameterizedContext } from 'koa'

// Another handler may respond in place of the library's routes. These functions detect such a
// response and discard it.

type Ctx = Pick<ParameterizedContext, 'path' | 'res' | 'respond' | 'headerSent' | 'status' | 'body'>

/**
 * Whether a middleware has rewritten `ctx.path`, so that the next middleware would handle another
 * path than the browser sent. A mount may remove the start of the path, which is no rewriting:
 * koa-mount does so, and so does Express if the Koa app is mounted in an Express app. So the path
 * must be the end of the sent path.
 */
export const isPathRewritten = ({ path }: Pick<Ctx, 'path'>, sentPath: string): boolean =>
  typeof path !== 'string' || !path.startsWith('/') || !sentPath.endsWith(path)

/** Whether no handler has set or written a response: the context is as Koa creates it. */
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
      'Mount `routes()` right after `requireConnection()`. If another handler is meant to answer ' +
      'these paths without a connection, mount it before `requireConnection()`.',
  })

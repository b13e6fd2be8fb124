import { RecruitOAuthError } from '@zrecruit/oauth-core'
import type { ParameterizedContext } from 'koa'

// Another handler may answer in place of the library's routes. These functions find and undo that.

type Ctx = Pick<ParameterizedContext, 'path' | 'res' | 'respond' | 'headerSent' | 'status' | 'body'>

/**
 * Whether the following middleware sees the path that was sent, or its end: koa-mount and Express
 * remove the mount path. If something rewrote the path, another handler will answer.
 */
export const seesPath = ({ path }: Pick<Ctx, 'path'>, sent: string): boolean =>
  typeof path === 'string' && path.startsWith('/') && sent.endsWith(path)

export const isUnanswered = (ctx: Ctx): boolean =>
  ctx.status === 404 && ctx.body === undefined && !bypassesKoa(ctx)

/** Discards the response of another handler, and restores the headers from before it. */
export const discardResponse = (ctx: Ctx, headers: ReturnType<Ctx['res']['getHeaders']>): void => {
  const { res } = ctx
  if (bypassesKoa(ctx)) {
    // Bytes written to Node's response cannot be taken back. Closing the connection stops the rest.
    res.destroy()
    return
  }
  const body = ctx.body as { destroy?: () => void } | null | undefined
  body?.destroy?.()
  ctx.body = null
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value ?? '')
}

const bypassesKoa = ({ headerSent, respond }: Ctx): boolean => headerSent || respond === false

export const answeredByAnother = (path: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary:
      `Another handler answered ${path}. It is between \`requireConnection()\` and ` +
      '`routes()`.',
    hint:
      'Mount `routes()` right after `requireConnection()`, and handlers that may answer instead ' +
      'before `requireConnection()`.',
  })

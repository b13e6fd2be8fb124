import { RecruitOAuthError } from '@zrecruit/oauth-core'
import type { ParameterizedContext } from 'koa'

type Ctx = Pick<ParameterizedContext, 'path' | 'res' | 'respond' | 'headerSent' | 'status' | 'body'>

/**
 * Whether the middleware behind sees the path that was sent, or what a mount left of it: koa-mount
 * and Express shorten it from the front. Where something rewrote the path, another handler answers.
 */
export const seesPath = ({ path }: Pick<Ctx, 'path'>, sent: string): boolean =>
  typeof path === 'string' && path.startsWith('/') && sent.endsWith(path)

export const isUnanswered = (ctx: Ctx): boolean =>
  ctx.status === 404 && ctx.body === undefined && !isPastKoa(ctx)

/** Takes back what another handler has answered; the headers become those from before it. */
export const discardAnswer = (ctx: Ctx, headers: ReturnType<Ctx['res']['getHeaders']>): void => {
  const { res } = ctx
  // What was written past Koa can't be taken back. Ending the connection stops the rest of it.
  if (isPastKoa(ctx)) return void res.destroy()
  const body = ctx.body as { destroy?: () => void } | null | undefined
  body?.destroy?.()
  ctx.body = null
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value ?? '')
}

const isPastKoa = ({ headerSent, respond }: Ctx): boolean => headerSent || respond === false

export const answeredByAnother = (path: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary: `Another handler answered ${path}, behind \`requireConnection()\` and in front of \`routes()\`.`,
    hint:
      'Mount `routes()` right behind `requireConnection()`. What may answer in its place stands before ' +
      '`requireConnection()`.',
  })

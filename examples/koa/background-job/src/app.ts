import { isRecruitOAuthError } from '@zrecruit/oauth-koa'
import Koa, { type Context } from 'koa'
import { candidatesOf, customer, customers } from './archive.ts'
import { customerPage, frontPage, type Shown } from './page.ts'
import { redirectUri, zoho, type State } from './zoho.ts'

export const app = new Koa<State>()

app.use(async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    console.error(error)
    ctx.status = 500
    ctx.body = 'Something went wrong.'
  }
})

// Stands for a login: who has the cookie of a customer is that customer.
app.use((ctx, next) => {
  ctx.state.customer = customer(ctx.cookies.get('customer') ?? '')
  return next()
})
app.use(zoho.errorHandler())
app.use(zoho.routes())

app.use(async (ctx) => {
  const { state, query } = ctx
  if (ctx.method === 'POST' && isFromElsewhere(ctx)) {
    ctx.status = 403
    ctx.body = 'This request came from another site.'
    return
  }
  switch (`${ctx.method} ${ctx.path}`) {
    case 'GET /':
      ctx.body = state.customer
        ? customerPage(await shown(state.customer.id))
        : frontPage(await everybody())
      return
    case 'POST /sign-in':
    case 'POST /sign-out':
      ctx.cookies.set(
        'customer',
        ctx.path === '/sign-in' ? customer(String(query['as']))?.id : null,
        { sameSite: 'lax' },
      )
      ctx.redirect('/')
      ctx.status = 303
  }
})

const everybody = () =>
  Promise.all(
    customers().map(async (one) => ({
      customer: one,
      status: await zoho.connection(one.id).status(),
    })),
  )

/**
 * All that a customer's page shows. The candidates are those that the job has copied: Zoho is not
 * asked for them here.
 */
const shown = async (id: string): Promise<Shown> => {
  const connection = zoho.connection(id)
  const told = async () => ({
    customer: customer(id)!,
    status: await connection.status(),
    candidates: candidatesOf(id),
  })
  try {
    if ((await connection.status()).status !== 'active') return await told()
    const response = await connection.fetch('org', { signal: AbortSignal.timeout(10_000) })
    const organization = response.ok
      ? ((await response.json()) as { org: [{ company_name: string }] }).org[0].company_name
      : undefined
    return { ...(await told()), organization }
  } catch (error) {
    // What Zoho can't give right now is no reason to keep back what is here. The message is for us,
    // the sentence for the customer.
    const { status, ...more } = await told()
    if (status.status === 'needs-consent') return { status, ...more }
    console.error(`${id}:`, error instanceof Error ? error.message : error)
    const passing = !isRecruitOAuthError(error) || error.remedy === 'retry'
    return {
      status,
      ...more,
      problem: passing
        ? 'Zoho Recruit does not answer us right now. These are the candidates of the last copy.'
        : 'Something is wrong on our side, and we look into it. These are the candidates of ' +
          'the last copy.',
    }
  }
}

// Another site's form must not press our buttons: browsers tell where a POST comes from.
const isFromElsewhere = (ctx: Pick<Context, 'headers'>): boolean => {
  const site = ctx.headers['sec-fetch-site']
  const origin = new URL(redirectUri).origin
  return site === undefined ? (ctx.headers.origin ?? origin) !== origin : site !== 'same-origin'
}

import { isRecruitOAuthError } from '@zrecruit/oauth-koa'
import Koa, { type Context } from 'koa'
import { allCustomers, candidatesOf, findCustomer } from './archive.ts'
import { customerPage, frontPage, type CustomerPageContent } from './page.ts'
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

// Stands in for a login: the cookie names the customer.
app.use((ctx, next) => {
  ctx.state.customer = findCustomer(ctx.cookies.get('customer') ?? '')
  return next()
})
app.use(zoho.errorHandler())
app.use(zoho.routes())

app.use(async (ctx) => {
  const { state, query } = ctx
  if (ctx.method === 'POST' && isCrossOrigin(ctx)) {
    ctx.status = 403
    ctx.body = 'This request came from another site.'
    return
  }
  switch (`${ctx.method} ${ctx.path}`) {
    case 'GET /':
      ctx.body = state.customer
        ? customerPage(await loadPageContent(state.customer.id))
        : frontPage(await customersWithStatus())
      return
    case 'POST /sign-in':
    case 'POST /sign-out':
      ctx.cookies.set(
        'customer',
        ctx.path === '/sign-in' ? findCustomer(String(query['as']))?.id : null,
        { sameSite: 'lax' },
      )
      ctx.redirect('/')
      ctx.status = 303
  }
})

const customersWithStatus = () =>
  Promise.all(
    allCustomers().map(async (one) => ({
      customer: one,
      status: await zoho.connection(one.id).status(),
    })),
  )

/** The candidates are the job's copies; only the organization's name is requested from Zoho. */
const loadPageContent = async (id: string): Promise<CustomerPageContent> => {
  const connection = zoho.connection(id)
  const storedContent = async () => ({
    customer: findCustomer(id)!,
    status: await connection.status(),
    candidates: candidatesOf(id),
  })
  try {
    if ((await connection.status()).status !== 'active') return await storedContent()
    const response = await connection.fetch('org', { signal: AbortSignal.timeout(10_000) })
    const organization = response.ok
      ? ((await response.json()) as { org: [{ company_name: string }] }).org[0].company_name
      : undefined
    return { ...(await storedContent()), organization }
  } catch (error) {
    // Show the copied candidates even when Zoho can't be reached. The log gets the error's message,
    // the customer a sentence.
    const { status, ...content } = await storedContent()
    if (status.status === 'needs-consent') return { status, ...content }
    console.error(`${id}:`, error instanceof Error ? error.message : error)
    const isTemporary = !isRecruitOAuthError(error) || error.remedy === 'retry'
    return {
      status,
      ...content,
      problem: isTemporary
        ? 'Zoho Recruit does not answer us right now. These are the candidates of the last copy.'
        : 'Something is wrong on our side, and we look into it. These are the candidates of ' +
          'the last copy.',
    }
  }
}

/**
 * Whether a form of another origin sent the request. Browsers report the sender's site in
 * `Sec-Fetch-Site`; older browsers send only `Origin`.
 */
const isCrossOrigin = (ctx: Pick<Context, 'headers'>): boolean => {
  const site = ctx.headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin'
  const ownOrigin = new URL(redirectUri).origin
  return (ctx.headers.origin ?? ownOrigin) !== ownOrigin
}

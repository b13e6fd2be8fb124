import Router from '@koa/router'
import { isRecruitOAuthError, type Connection } from '@zrecruit/oauth-koa'
import Koa, { type Context } from 'koa'
import { page, type Candidate, type Shown } from './page.ts'
import { redirectUri, zoho } from './zoho.ts'

export const app = new Koa()
const router = new Router()
const ourCompany = zoho.connection('our-company')

app.use(async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    console.error(error)
    ctx.status = 500
    ctx.body = 'Something went wrong.'
  }
})
app.use(zoho.errorHandler())
app.use(zoho.routes())

router.get('/', async (ctx) => {
  const refreshed = ctx.query['refreshed'] !== undefined
  ctx.body = page({
    ...(await shown()),
    ...(refreshed && { notice: 'Got a new access token just now.' }),
  })
})

router.post('/refresh', async (ctx) => {
  if (isFromElsewhere(ctx)) {
    ctx.status = 403
    ctx.body = 'This request came from another site.'
    return
  }
  try {
    await ourCompany.refresh()
    ctx.redirect('/?refreshed')
    ctx.status = 303
  } catch (error) {
    ctx.body = page({ ...(await shown()), problem: inWords(error) })
  }
})

router.get('/candidates', zoho.requireConnection(), async (ctx) => {
  ctx.body = await candidates(ctx.state.zoho)
})

app.use(router.routes())

/** All that the page shows. What Zoho can't give right now becomes a sentence on it. */
const shown = async (): Promise<Shown> => {
  const status = await ourCompany.status()
  if (status.status !== 'active') return { status }
  try {
    return { status, organization: await organization(), candidates: await candidates(ourCompany) }
  } catch (error) {
    return { status: await ourCompany.status(), problem: inWords(error) }
  }
}

const organization = async (): Promise<string | undefined> => {
  const response = await ourCompany.fetch('org')
  return response.ok
    ? ((await response.json()) as { org: [{ company_name: string }] }).org[0].company_name
    : undefined
}

const candidates = async (connection: Connection): Promise<Candidate[]> => {
  const response = await connection.fetch('Candidates?per_page=10')
  if (response.status === 204) return []
  if (!response.ok) throw new Error(`Zoho Recruit answered ${response.status}`)
  return ((await response.json()) as { data: Candidate[] }).data
}

const inWords = (error: unknown): string => {
  if (!isRecruitOAuthError(error)) throw error
  // `retryAt` is in the store's time; SQLite's clock is this machine's.
  const minutes = error.retryAt === undefined ? 0 : Math.ceil((error.retryAt - Date.now()) / 60_000)
  return minutes > 0 ? `${error.message} That is in ${minutes} min.` : error.message
}

// Another site's form must not press our buttons: browsers tell where a POST comes from.
const isFromElsewhere = (ctx: Context): boolean => {
  const site = ctx.headers['sec-fetch-site']
  const origin = new URL(redirectUri).origin
  return site === undefined ? (ctx.headers.origin ?? origin) !== origin : site !== 'same-origin'
}

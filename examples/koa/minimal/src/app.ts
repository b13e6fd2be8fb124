import Router from '@koa/router'
import {
  candidatesPage,
  type Candidate,
  type CandidatesPageContent,
} from '@zrecruit-examples/shared-ui/candidates-page'
import { isRecruitOAuthError, type Connection } from '@zrecruit/oauth-koa'
import Koa, { type Context } from 'koa'
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
  ctx.body = candidatesPage({
    ...(await loadPageContent()),
    ...(refreshed && { notice: 'Got a new access token just now.' }),
  })
})

router.post('/refresh', async (ctx) => {
  if (isCrossOrigin(ctx)) {
    ctx.status = 403
    ctx.body = 'This request came from another site.'
    return
  }
  try {
    await ourCompany.refresh()
    ctx.redirect('/?refreshed')
    ctx.status = 303
  } catch (error) {
    ctx.body = candidatesPage({ ...(await loadPageContent()), problem: describeError(error) })
  }
})

router.get('/candidates', zoho.requireConnection(), async (ctx) => {
  ctx.body = await fetchCandidates(ctx.state.zoho)
})

app.use(router.routes())

/** When Zoho can't be reached, the page has a sentence about the error instead of candidates. */
const loadPageContent = async (): Promise<CandidatesPageContent> => {
  const status = await ourCompany.status()
  if (status.status !== 'active') return { status }
  try {
    return { status, candidates: await fetchCandidates(ourCompany) }
  } catch (error) {
    return { status: await ourCompany.status(), problem: describeError(error) }
  }
}

const fetchCandidates = async (connection: Connection): Promise<Candidate[]> => {
  const response = await connection.fetch('Candidates?per_page=10')
  if (response.status === 204) return []
  if (!response.ok) throw new Error(`Zoho Recruit answered ${response.status}`)
  return ((await response.json()) as { data: Candidate[] }).data
}

const describeError = (error: unknown): string => {
  if (!isRecruitOAuthError(error)) throw error
  // `retryAt` is an instant of the store's clock. SQLite uses the clock of this machine.
  const minutes = error.retryAt === undefined ? 0 : Math.ceil((error.retryAt - Date.now()) / 60_000)
  return minutes > 0 ? `${error.message} That is in ${minutes} min.` : error.message
}

/**
 * Whether a form of another origin sent the request. Browsers report the sender's site in
 * `Sec-Fetch-Site`; older browsers send only `Origin`.
 */
const isCrossOrigin = (ctx: Context): boolean => {
  const site = ctx.headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin'
  const ownOrigin = new URL(redirectUri).origin
  return (ctx.headers.origin ?? ownOrigin) !== ownOrigin
}

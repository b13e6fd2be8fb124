import {
  candidatesPage,
  type Candidate,
  type CandidatesPageContent,
} from '@zrecruit-examples/shared-ui/candidates-page'
import { isRecruitOAuthError, type Connection } from '@zrecruit/oauth-hono'
import { Hono, type Context } from 'hono'
import { redirectUri, zoho } from './zoho.ts'

export const app = new Hono()
const ourCompany = zoho.connection('our-company')

app.route('/zoho', zoho.routes())

app.get('/', async (c) => {
  const refreshed = c.req.query('refreshed') !== undefined
  return c.html(
    candidatesPage({
      ...(await loadPageContent()),
      ...(refreshed && { notice: 'Got a new access token just now.' }),
    }),
  )
})

app.post('/refresh', async (c) => {
  if (isCrossOrigin(c)) return c.text('This request came from another site.', 403)
  try {
    await ourCompany.refresh()
    return c.redirect('/?refreshed', 303)
  } catch (error) {
    return c.html(candidatesPage({ ...(await loadPageContent()), problem: describeError(error) }))
  }
})

app.get('/candidates', zoho.requireConnection(), async (c) =>
  c.json(await fetchCandidates(c.var.zoho)),
)

app.onError((error, c) => {
  if (!isRecruitOAuthError(error)) console.error(error)
  return zoho.errorResponse(error, c) ?? c.text('Something went wrong.', 500)
})

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
const isCrossOrigin = (c: Context): boolean => {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin'
  const ownOrigin = new URL(redirectUri).origin
  return (c.req.header('origin') ?? ownOrigin) !== ownOrigin
}

import { isRecruitOAuthError, type Connection } from '@zrecruit/oauth-hono'
import { Hono, type Context as ContextOf } from 'hono'
import { page, type Candidate, type Shown } from './page.ts'
import { zoho, type App } from './zoho.ts'

type Context = ContextOf<App>

export const app = new Hono<App>()
const ourCompany = (c: Context): Connection =>
  zoho
    .with(c.env)
    .connection('our-company', { waitUntil: (work) => c.executionCtx.waitUntil(work) })

app.route('/zoho', zoho.routes())

app.get('/', async (c) => {
  const refreshed = c.req.query('refreshed') !== undefined
  return c.html(
    page({ ...(await shown(c)), ...(refreshed && { notice: 'Got a new access token just now.' }) }),
  )
})

app.post('/refresh', async (c) => {
  if (isFromElsewhere(c)) return c.text('This request came from another site.', 403)
  try {
    await ourCompany(c).refresh()
    return c.redirect('/?refreshed', 303)
  } catch (error) {
    return c.html(page({ ...(await shown(c)), problem: inWords(error) }))
  }
})

app.get('/candidates', zoho.requireConnection(), async (c) => c.json(await candidates(c.var.zoho)))

app.onError((error, c) => {
  if (!isRecruitOAuthError(error)) console.error(error)
  return zoho.errorResponse(error, c) ?? c.text('Something went wrong.', 500)
})

/** All that the page shows. What Zoho can't give right now becomes a sentence on it. */
const shown = async (c: Context): Promise<Shown> => {
  const connection = ourCompany(c)
  const status = await connection.status()
  if (status.status !== 'active') return { status }
  try {
    return { status, candidates: await candidates(connection) }
  } catch (error) {
    return { status: await connection.status(), problem: inWords(error) }
  }
}

const candidates = async (connection: Connection): Promise<Candidate[]> => {
  const response = await connection.fetch('Candidates?per_page=10')
  if (response.status === 204) return []
  if (!response.ok) throw new Error(`Zoho Recruit answered ${response.status}`)
  const { data } = await response.json<{ data: Candidate[] }>()
  return data
}

const inWords = (error: unknown): string => {
  if (!isRecruitOAuthError(error)) throw error
  // `retryAt` is in the store's time; the objects' clock is Cloudflare's, as ours.
  const minutes = error.retryAt === undefined ? 0 : Math.ceil((error.retryAt - Date.now()) / 60_000)
  return minutes > 0 ? `${error.message} That is in ${minutes} min.` : error.message
}

// Another site's form must not press our buttons: browsers tell where a POST comes from.
const isFromElsewhere = (c: Context): boolean => {
  const site = c.req.header('sec-fetch-site')
  const origin = new URL(c.env.ZOHO_REDIRECT_URI).origin
  return site === undefined ? (c.req.header('origin') ?? origin) !== origin : site !== 'same-origin'
}

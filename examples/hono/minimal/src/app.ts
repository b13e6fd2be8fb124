import { isRecruitOAuthError, type Connection } from '@zrecruit/oauth-hono'
import { Hono, type Context } from 'hono'
import { page, type Candidate, type Shown } from './page.ts'
import { redirectUri, zoho } from './zoho.ts'

export const app = new Hono()
const ourCompany = zoho.connection('our-company')

app.route('/zoho', zoho.routes())

app.get('/', async (c) => {
  const refreshed = c.req.query('refreshed') !== undefined
  return c.html(
    page({ ...(await shown()), ...(refreshed && { notice: 'Got a new access token just now.' }) }),
  )
})

app.post('/refresh', async (c) => {
  if (isFromElsewhere(c)) return c.text('This request came from another site.', 403)
  try {
    await ourCompany.refresh()
    return c.redirect('/?refreshed', 303)
  } catch (error) {
    return c.html(page({ ...(await shown()), problem: inWords(error) }))
  }
})

app.get('/candidates', zoho.requireConnection(), async (c) => c.json(await candidates(c.var.zoho)))

app.onError((error, c) => {
  if (!isRecruitOAuthError(error)) console.error(error)
  return zoho.errorResponse(error, c) ?? c.text('Something went wrong.', 500)
})

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
const isFromElsewhere = (c: Context): boolean => {
  const site = c.req.header('sec-fetch-site')
  const origin = new URL(redirectUri).origin
  return site === undefined ? (c.req.header('origin') ?? origin) !== origin : site !== 'same-origin'
}

import { isRecruitOAuthError } from '@zrecruit/oauth-hono'
import { Hono } from 'hono'
import { page, type Candidate } from './page.ts'
import { redirectUri, zoho } from './zoho.ts'

export const app = new Hono()
const ourCompany = zoho.connection('our-company')
const origin = new URL(redirectUri).origin

// Another site's form must not press our buttons: browsers tell where a POST comes from.
app.use(async (c, next) => ((c.req.header('origin') ?? origin) === origin ? next() : c.text('This request came from another site.', 403)))

app.route('/zoho', zoho.routes())

app.get('/', async (c) => {
  const status = await ourCompany.status()
  if (status.status !== 'active') return c.html(page({ status }))
  try {
    return c.html(page({ status, organization: await organization(), candidates: await candidates() }))
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    return c.html(page({ status: await ourCompany.status(), problem: error.message }))
  }
})

app.post('/refresh', async (c) => {
  await ourCompany.refresh()
  return c.redirect('/', 303)
})

app.get('/candidates', zoho.connected(), async (c) => c.json(await candidates()))

app.onError((error, c) => zoho.respondTo(error, c) ?? c.text('Something went wrong.', 500))

const organization = async (): Promise<string | undefined> => {
  const response = await ourCompany.fetch('org')
  return response.ok ? ((await response.json()) as { org: [{ company_name: string }] }).org[0].company_name : undefined
}

const candidates = async (): Promise<Candidate[]> => {
  const response = await ourCompany.fetch('Candidates?per_page=10')
  if (response.status === 204) return []
  if (!response.ok) throw new Error(`Zoho Recruit answered ${response.status}`)
  return ((await response.json()) as { data: Candidate[] }).data
}

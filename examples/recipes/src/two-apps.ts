import { zohoRecruit } from '@zrecruit/oauth-hono'
import { sqliteStore } from '@zrecruit/oauth-hono/sqlite'
import { Hono } from 'hono'

type User = { id: string; company: string; isAdmin: boolean }
type App = { Variables: { user?: User } } // set from your session

// Both clients can use one store and one key: each sees only its own connections.
const shared = {
  store: sqliteStore(process.env.ZOHO_DATABASE ?? 'zoho.db'),
  encryptionKeys: [process.env.ZOHO_ENCRYPTION_KEY ?? ''],
}

/** The accounts of our customers. The app only reads them. */
const customers = zohoRecruit<App>({
  ...shared,
  clientId: process.env.ZOHO_CLIENT_ID ?? '',
  clientSecret: process.env.ZOHO_CLIENT_SECRET ?? '',
  redirectUri: 'https://app.example.com/zoho/callback',
  scopes: ['ZohoRecruit.modules.READ'],
  connectionFor: ({ var: { user } }) => user && { id: user.company, principal: user.company },
})

/** Our own account, which an administrator connects once. */
const agency = zohoRecruit<App>({
  ...shared,
  clientId: process.env.ZOHO_AGENCY_CLIENT_ID ?? '',
  clientSecret: process.env.ZOHO_AGENCY_CLIENT_SECRET ?? '',
  redirectUri: 'https://app.example.com/agency/zoho/callback',
  scopes: ['ZohoRecruit.modules.ALL'],
  dataCenter: 'eu',
  connectionFor: ({ var: { user } }) =>
    user?.isAdmin ? { id: 'agency', principal: 'agency' } : undefined,
})

export const app = new Hono<App>()

// The page for people who may not connect the agency's account comes before its routes.
app.use('/agency/*', async (c, next) =>
  c.var.user?.isAdmin ? next() : c.text('Only for administrators.', 403),
)
app.route('/zoho', customers.routes())
app.route('/agency/zoho', agency.routes())

app.get('/agency/jobs', agency.requireConnection(), (c) => c.var.zoho.fetch('Job_Openings'))

// Two connections in one handler: the guard's, and the other client's by its id.
app.post('/candidates/:id/copy', customers.requireConnection(), async (c) => {
  const found = await c.var.zoho.fetch(`Candidates/${encodeURIComponent(c.req.param('id'))}`)
  if (found.status !== 200) return c.text('There is no such candidate.', 404)
  const { data } = (await found.json()) as { data: { First_Name: string; Last_Name: string }[] }
  const body = JSON.stringify({
    data: data.map(({ First_Name, Last_Name }) => ({ First_Name, Last_Name })),
  })
  return agency.connection('agency').fetch('Candidates', { method: 'POST', body })
})

// Each client answers the errors below its own paths, with a link to its own `/connect`.
app.onError((error, c) => {
  const client = c.req.path.startsWith('/agency/') ? agency : customers
  return client.errorResponse(error, c) ?? c.text('Something went wrong.', 500)
})

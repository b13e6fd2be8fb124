import { zohoRecruit } from '@zrecruit/oauth-hono'
import { sqliteStore } from '@zrecruit/oauth-hono/sqlite'
import { Hono } from 'hono'
import { cors } from 'hono/cors'

type App = { Variables: { user?: { id: string; company: string } } }

// In production: https://api.example.com and https://app.example.com, which are one site.
const apiOrigin = process.env.API_ORIGIN ?? 'http://localhost:3000'
const pageOrigin = process.env.PAGE_ORIGIN ?? 'http://localhost:5173'

const zoho = zohoRecruit<App>({
  clientId: process.env.ZOHO_CLIENT_ID ?? '',
  clientSecret: process.env.ZOHO_CLIENT_SECRET ?? '',
  redirectUri: `${apiOrigin}/zoho/callback`,
  trustedOrigins: [pageOrigin],
  // The callback is a navigation, and carries no Bearer token.
  callbackIdentity: 'cookie',
  defaultReturnTo: pageOrigin,
  scopes: ['ZohoRecruit.modules.READ'],
  store: sqliteStore(process.env.ZOHO_DATABASE ?? 'zoho.db'),
  encryptionKeys: [process.env.ZOHO_ENCRYPTION_KEY ?? ''],
  // Only for the emulator. The library knows Zoho's own data centers.
  dataCenters: process.env.ZOHO_DATA_CENTERS
    ? JSON.parse(process.env.ZOHO_DATA_CENTERS)
    : undefined,
  connectionFor: ({ var: { user } }) => user && { id: user.company, principal: user.company },
})

export const app = new Hono<App>()

app.use(async (c, next) => {
  c.set('user', userOf(c.req.header('authorization')))
  await next()
})

// The library answers the preflights of its own routes.
app.route('/zoho', zoho.routes())
app.use('/api/*', cors({ origin: pageOrigin, allowHeaders: ['authorization'] }))
app.get('/api/candidates', zoho.requireConnection(), (c) =>
  c.var.zoho.fetch('Candidates?per_page=50'),
)
app.onError((error, c) => zoho.errorResponse(error, c) ?? c.text('Something went wrong.', 500))

/** Verify your own token here, for example a JWT. */
function userOf(authorization: string | undefined) {
  return authorization === 'Bearer token-of-alice' ? { id: 'alice', company: 'acme' } : undefined
}

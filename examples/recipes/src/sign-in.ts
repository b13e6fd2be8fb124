import { zohoRecruit } from '@zrecruit/oauth-hono'
import { sqliteStore } from '@zrecruit/oauth-hono/sqlite'
import { Hono } from 'hono'
import { getSignedCookie, setSignedCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { html } from 'hono/html'
import { HTTPException } from 'hono/http-exception'

type User = { id: string; company: string }
type App = { Variables: { user?: User } }

const origin = 'https://app.example.com'
const sessionKey = process.env.SESSION_KEY ?? ''
const users = new Map<string, User>([['alice', { id: 'alice', company: 'acme' }]]) // your database

const zoho = zohoRecruit<App>({
  clientId: process.env.ZOHO_CLIENT_ID ?? '',
  clientSecret: process.env.ZOHO_CLIENT_SECRET ?? '',
  redirectUri: `${origin}/zoho/callback`,
  scopes: ['ZohoRecruit.modules.READ'],
  store: sqliteStore(process.env.ZOHO_DATABASE ?? 'zoho.db'),
  encryptionKeys: [process.env.ZOHO_ENCRYPTION_KEY ?? ''],
  signIn: '/login',
  connectionFor: ({ var: { user } }) => user && { id: user.company, principal: user.company },
})

export const app = new Hono<App>()

// 1. The session comes before everything that needs the user. It refuses nobody: the routes and
//    the guard do that themselves, with a redirect to `signIn`.
app.use(csrf(), async (c, next) => {
  const id = await getSignedCookie(c, sessionKey, 'session')
  c.set('user', id ? users.get(id) : undefined)
  await next()
})

// 2. The page for signing in. `returnTo` is the page that the user wanted.
app.get('/login', (c) =>
  c.html(
    html`<form method="post" action="/login">
      <input name="name" required autocomplete="username" />
      <input name="returnTo" type="hidden" value="${c.req.query('returnTo') ?? '/'}" />
      <button>Sign in</button>
    </form>`,
  ),
)
app.post('/login', async (c) => {
  const fields = new URLSearchParams(await c.req.text())
  const user = users.get(fields.get('name') ?? '') // Check the password here.
  if (!user) return c.redirect('/login', 303)
  await setSignedCookie(c, 'session', user.id, sessionKey, {
    path: '/',
    httpOnly: true,
    secure: true,
    sameSite: 'Lax', // With `Strict`, the callback has to reload once.
  })
  return c.redirect(ownUrl(fields.get('returnTo') ?? '/'), 303)
})

// 3. The routes, and the pages behind the guard.
app.route('/zoho', zoho.routes())
app.get('/candidates', zoho.requireConnection(), (c) => c.var.zoho.fetch('Candidates?per_page=50'))

app.onError((error, c) => {
  if (error instanceof HTTPException) return error.getResponse() // csrf()
  return zoho.errorResponse(error, c) ?? c.text('Something went wrong.', 500)
})

/** A URL of this app. Anyone can write `/login?returnTo=https://evil.example`. */
function ownUrl(returnTo: string): string {
  const url = URL.parse(returnTo, origin)
  return url?.origin === origin ? url.href : origin
}

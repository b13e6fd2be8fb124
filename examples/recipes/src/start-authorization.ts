import { zohoRecruit } from '@zrecruit/oauth-hono'
import { sqliteStore } from '@zrecruit/oauth-hono/sqlite'
import { Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'

type User = { id: string; company: string; isInChina: boolean }
type App = { Variables: { user?: User } } // set from your session

const connectionOf = ({ company }: User) => ({ id: company, principal: company })

const zoho = zohoRecruit<App>({
  clientId: process.env.ZOHO_CLIENT_ID ?? '',
  clientSecret: process.env.ZOHO_CLIENT_SECRET ?? '',
  redirectUri: 'https://app.example.com/zoho/callback',
  scopes: ['ZohoRecruit.modules.READ'],
  store: sqliteStore(process.env.ZOHO_DATABASE ?? 'zoho.db'),
  encryptionKeys: [process.env.ZOHO_ENCRYPTION_KEY ?? ''],
  connectionFor: ({ var: { user } }) => user && connectionOf(user),
})

export const app = new Hono<App>()
app.use(csrf())
app.route('/zoho', zoho.routes()) // for the callback

app.post('/integrations/zoho', async (c) => {
  const { user } = c.var
  if (!user) return c.redirect('/login', 303)
  const wantsExport = (await c.req.parseBody())['export'] === 'on'
  const { url, setCookie } = await zoho.startAuthorization(
    { ...connectionOf(user), dataCenter: user.isInChina ? 'cn' : 'us' },
    {
      returnTo: '/integrations',
      scopes: wantsExport
        ? ['ZohoRecruit.modules.READ', 'ZohoRecruit.bulk.READ']
        : ['ZohoRecruit.modules.READ'],
    },
  )
  c.header('Set-Cookie', setCookie, { append: true })
  return c.redirect(url, 303)
})

app.get('/integrations', async (c) => {
  const { user } = c.var
  if (!user) return c.redirect('/login', 303)
  const { status, scopes } = await zoho.connection(connectionOf(user).id).status()
  return c.json({ status, scopes })
})

app.onError((error, c) => {
  if (error instanceof HTTPException) return error.getResponse() // csrf()
  return zoho.errorResponse(error, c) ?? c.text('Something went wrong.', 500)
})

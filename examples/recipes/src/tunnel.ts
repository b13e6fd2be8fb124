import { serve } from '@hono/node-server'
import { zohoRecruit } from '@zrecruit/oauth-hono'
import { sqliteStore } from '@zrecruit/oauth-hono/sqlite'
import { Hono } from 'hono'

// The address that the browser shows: of the tunnel, or of this machine without one.
const publicUrl = process.env.PUBLIC_URL ?? 'http://localhost:3000'

export const zoho = zohoRecruit({
  clientId: process.env.ZOHO_CLIENT_ID ?? '',
  clientSecret: process.env.ZOHO_CLIENT_SECRET ?? '',
  redirectUri: `${publicUrl}/zoho/callback`, // registered in Zoho's console
  scopes: ['ZohoRecruit.modules.READ'],
  store: sqliteStore(process.env.ZOHO_DATABASE ?? 'zoho.db'),
  encryptionKeys: [process.env.ZOHO_ENCRYPTION_KEY ?? ''],
  connectionFor: () => ({ id: 'our-company', principal: 'developer' }), // from your session
})

export const app = new Hono()
app.route('/zoho', zoho.routes())
app.get('/candidates', zoho.requireConnection(), (c) => c.var.zoho.fetch('Candidates'))
app.onError((error, c) => zoho.errorResponse(error, c) ?? c.text('Something went wrong.', 500))

export const server = serve({
  fetch: app.fetch,
  port: Number(process.env.PORT ?? 3000),
  hostname: '127.0.0.1',
})
console.log(`Open ${publicUrl}/candidates`)

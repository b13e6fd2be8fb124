import { zohoRecruit, type DataCenters } from '@zrecruit/oauth-koa'
import { sqliteStore } from '@zrecruit/oauth-koa/sqlite'
import type { Customer } from './archive.ts'

const { PORT = '3000', HOST = '127.0.0.1', ...env } = process.env

export const listenOn = { port: Number(PORT), hostname: HOST }
export const redirectUri = env['ZOHO_REDIRECT_URI'] ?? `http://localhost:${PORT}/zoho/callback`

/** The state of a request that the app's middleware sets. */
export interface State {
  customer?: Customer | undefined
}

// The web process and the job create the same client from the same variables: same OAuth client,
// store and key.
export const zoho = zohoRecruit<State>({
  clientId: env['ZOHO_CLIENT_ID'] ?? '',
  clientSecret: env['ZOHO_CLIENT_SECRET'] ?? '',
  redirectUri,
  scopes: ['ZohoRecruit.modules.READ', 'ZohoRecruit.org.ALL'],
  dataCenter: env['ZOHO_DATA_CENTER'] ?? 'us',
  store: sqliteStore(env['ZOHO_DATABASE'] ?? 'zoho.db'),
  encryptionKeys: (env['ZOHO_ENCRYPTION_KEY'] ?? '').split(',').filter(Boolean),
  // One connection per customer. In a real app, the principal is the signed-in user.
  connectionFor: ({ state: { customer } }) =>
    customer && { id: customer.id, principal: customer.id },
  // Only for the emulator. The library knows Zoho's own data centers.
  dataCenters: env['ZOHO_DATA_CENTERS']
    ? (JSON.parse(env['ZOHO_DATA_CENTERS']) as DataCenters)
    : undefined,
})

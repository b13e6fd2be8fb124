import { zohoRecruit, type DataCenters } from '@zrecruit/oauth-koa'
import { sqliteStore } from '@zrecruit/oauth-koa/sqlite'

const { PORT = '3000', HOST = '127.0.0.1', ...env } = process.env

export const listenOn = { port: Number(PORT), hostname: HOST }
export const redirectUri = env['ZOHO_REDIRECT_URI'] ?? `http://localhost:${PORT}/zoho/callback`

export const zoho = zohoRecruit({
  clientId: env['ZOHO_CLIENT_ID'] ?? '',
  clientSecret: env['ZOHO_CLIENT_SECRET'] ?? '',
  redirectUri,
  scopes: ['ZohoRecruit.modules.READ', 'ZohoRecruit.org.ALL'],
  dataCenter: env['ZOHO_DATA_CENTER'] ?? 'us',
  store: sqliteStore(env['ZOHO_DATABASE'] ?? 'zoho.db'),
  encryptionKeys: (env['ZOHO_ENCRYPTION_KEY'] ?? '').split(',').filter(Boolean),
  // A real app reads both from its session: the customer's connection and the signed-in user.
  connectionFor: () => ({ id: 'our-company', principal: 'our-company' }),
  // Only for the emulator. The library knows Zoho's own data centers.
  dataCenters: env['ZOHO_DATA_CENTERS']
    ? (JSON.parse(env['ZOHO_DATA_CENTERS']) as DataCenters)
    : undefined,
})

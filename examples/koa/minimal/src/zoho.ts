import { zohoRecruit, type DataCenters } from '@zrecruit/oauth-koa'
import { sqliteStore } from '@zrecruit/oauth-koa/sqlite'

const { PORT = '3000', HOST = '127.0.0.1', ...env } = process.env

export const listenOn = { port: Number(PORT), hostname: HOST }
export const redirectUri = env['ZOHO_REDIRECT_URI'] ?? `http://localhost:${PORT}/zoho/callback`

export const zoho = zohoRecruit({
  clientId: env['ZOHO_CLIENT_ID'] ?? '',
  clientSecret: env['ZOHO_CLIENT_SECRET'] ?? '',
  redirectUri,
  scopes: ['ZohoRecruit.modules.READ', 'ZohoRecruit.org.READ'],
  dataCenter: env['ZOHO_DATA_CENTER'] ?? 'us',
  store: sqliteStore(env['ZOHO_DATABASE'] ?? 'zoho.db'),
  encryptionKeys: (env['ZOHO_ENCRYPTION_KEY'] ?? '').split(',').filter(Boolean),
  // A real app answers from its session: which customer's connection, and which of its users asks.
  connectionFor: () => ({ id: 'our-company', principal: 'owner' }),
  // Only for the emulator; Zoho's own data centers are known.
  dataCenters: env['ZOHO_DATA_CENTERS']
    ? (JSON.parse(env['ZOHO_DATA_CENTERS']) as DataCenters)
    : undefined,
})

import { DurableObject } from 'cloudflare:workers'
import { zohoRecruitFromBindings, type DataCenters } from '@zrecruit/oauth-hono'
import {
  durableObjectStore,
  zohoConnectionObject,
  type ConnectionNamespace,
} from '@zrecruit/oauth-store-durable-object'

export interface App {
  Bindings: {
    readonly ZOHO_CONNECTIONS: ConnectionNamespace
    readonly ZOHO_CLIENT_ID: string
    readonly ZOHO_CLIENT_SECRET: string
    readonly ZOHO_ENCRYPTION_KEY: string
    readonly ZOHO_REDIRECT_URI: string
    readonly ZOHO_DATA_CENTER?: string
    readonly ZOHO_DATA_CENTERS?: string
  }
}

const options = (env: App['Bindings']) => ({
  clientId: env.ZOHO_CLIENT_ID,
  clientSecret: env.ZOHO_CLIENT_SECRET,
  redirectUri: env.ZOHO_REDIRECT_URI,
  // With the last two scopes, the library reads the organization and the user after consent, and
  // refuses a consent with another account.
  scopes: ['ZohoRecruit.modules.READ', 'ZohoRecruit.org.ALL', 'ZohoRecruit.users.READ'] as const,
  dataCenter: env.ZOHO_DATA_CENTER ?? 'us',
  store: durableObjectStore(env.ZOHO_CONNECTIONS),
  encryptionKeys: (env.ZOHO_ENCRYPTION_KEY ?? '').split(',').filter(Boolean),
  // A real app reads both from its session: the customer's connection and the signed-in user.
  connectionFor: () => ({ id: 'our-company', principal: 'our-company' }),
  // Only for the emulator. The library knows Zoho's own data centers.
  dataCenters: env.ZOHO_DATA_CENTERS
    ? (JSON.parse(env.ZOHO_DATA_CENTERS) as DataCenters)
    : undefined,
})

export const zoho = zohoRecruitFromBindings<App>(options)

/** Stores the connections. wrangler.jsonc names this class. */
export class ZohoConnections extends zohoConnectionObject(DurableObject, options) {}

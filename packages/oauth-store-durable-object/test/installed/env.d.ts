import type { ConnectionNamespace } from '@zrecruit/oauth-store-durable-object'

declare global {
  interface Env {
    ZOHO_CONNECTIONS: ConnectionNamespace
    ZOHO_CLIENT_ID: string
    ZOHO_CLIENT_SECRET: string
    ZOHO_ENCRYPTION_KEY: string
  }
}

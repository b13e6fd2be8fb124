interface Env {
  ZOHO_CONNECTIONS: import('@zrecruit/oauth-store-durable-object').ConnectionNamespace
  ZOHO_CLIENT_ID: string
  ZOHO_CLIENT_SECRET: string
  ZOHO_ENCRYPTION_KEY: string
}

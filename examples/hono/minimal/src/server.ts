import { serve } from '@hono/node-server'
import { app } from './app.ts'
import { port, redirectUri } from './zoho.ts'

const server = serve({ fetch: app.fetch, port }, () => console.log(`Open ${new URL(redirectUri).origin}`))

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close(() => process.exit(0)))

import { serve } from '@hono/node-server'
import { zohoRecruit } from '@zrecruit/oauth-hono'
import { postgresStore } from '@zrecruit/oauth-store-postgres'
import { Hono } from 'hono'
import { Pool } from 'pg'

const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: 2,
  connectionTimeoutMillis: 1_000,
  query_timeout: 1_000,
  keepAlive: true,
})
pool.on('error', (error) => console.error(error.message))
const store = postgresStore(pool)
await store.migrate() // Several replicas may do it at the same time.

/** Work that goes on after a response, such as a refresh ahead of time. */
const pendingWork = new Set<Promise<unknown>>()

const zoho = zohoRecruit({
  clientId: process.env.ZOHO_CLIENT_ID ?? '',
  clientSecret: process.env.ZOHO_CLIENT_SECRET ?? '',
  redirectUri: process.env.ZOHO_REDIRECT_URI ?? '',
  scopes: ['ZohoRecruit.modules.READ'],
  store,
  encryptionKeys: (process.env.ZOHO_ENCRYPTION_KEYS ?? '').split(','),
  connectionFor: () => ({ id: 'our-company', principal: 'owner' }), // from your session
  // Only for the emulator. The library knows Zoho's own data centers.
  dataCenters: process.env.ZOHO_DATA_CENTERS
    ? JSON.parse(process.env.ZOHO_DATA_CENTERS)
    : undefined,
  waitUntil(work) {
    pendingWork.add(work)
    void work.finally(() => pendingWork.delete(work))
  },
})

let isShuttingDown = false
const app = new Hono()
// Liveness: the process answers. It does not depend on the database, because a restart of the
// process does not repair a database.
app.get('/live', (c) => c.text('alive'))
// Readiness: the store answers. It does not call Zoho: an outage there would take the whole app
// out of service, and each call counts towards Zoho's limits.
app.get('/ready', async (c) => {
  if (isShuttingDown) return c.text('shutting down', 503)
  try {
    await zoho.connections({ limit: 1 })
    return c.text('ready')
  } catch {
    return c.text('the store does not answer', 503)
  }
})
app.route('/zoho', zoho.routes())
app.get('/candidates', zoho.requireConnection(), (c) => c.var.zoho.fetch('Candidates?per_page=50'))
app.onError((error, c) => zoho.errorResponse(error, c) ?? c.text('Something went wrong.', 500))

// Every replica may run it: each piece of work is claimed in the store.
const timer = setInterval(() => void zoho.recover().catch(console.error), 60_000)

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) =>
  console.log(`listening on ${port}`),
)

process.once('SIGTERM', () => {
  isShuttingDown = true
  clearInterval(timer)
  // Waits for open requests, then for the work behind them: nine seconds at most.
  server.close(async () => {
    await Promise.all(pendingWork)
    await pool.end()
    console.log('stopped')
  })
})

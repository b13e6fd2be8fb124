import { memoryStore } from '@zrecruit/oauth-core/memory'
import { Hono } from 'hono'
import { zohoRecruitFromBindings, type DataCenters } from '../../src/index.ts'

// A Worker with bindings. The store outlives a request, like a store on another machine. It is in
// memory, so that the tests check only this library.

interface Bindings {
  readonly CLIENT_ID: string
  readonly CLIENT_SECRET: string
  /** The option `dataCenters`, as JSON. */
  readonly DATA_CENTERS: string
  readonly ENCRYPTION_KEY: string
}

interface App {
  Bindings: Bindings
}

let advancedMs = 0
const store = memoryStore({ now: () => Date.now() + advancedMs })
/** The `env` objects of all requests. */
const requestEnvs = new Set<object>()
/** The `env` objects that the options function received. */
const optionsEnvs = new Set<object>()

const zoho = zohoRecruitFromBindings<App>((env) => {
  optionsEnvs.add(env)
  return {
    clientId: env.CLIENT_ID,
    clientSecret: env.CLIENT_SECRET,
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    dataCenters: JSON.parse(env.DATA_CENTERS) as DataCenters,
    store,
    monotonic: () => performance.now() + advancedMs,
    encryptionKeys: [env.ENCRYPTION_KEY],
    connectionFor: () => ({ id: 'acme', principal: 'alice' }),
  }
})

const app = new Hono<App>()
app.use(async (c, next) => {
  requestEnvs.add(c.env)
  await next()
})
app.route('/zoho', zoho.routes())
app.post('/connect-with/:code', async (c) => {
  await zoho
    .with(c.env)
    .connection('acme')
    .exchangeSelfClientCode(c.req.param('code'), { principal: 'alice' })
  return c.text('connected')
})
app.post('/an-hour-later', (c) => c.text(String((advancedMs += 3_600_000))))
/** Responds with the last characters of the access token. */
app.get('/token', zoho.requireConnection(), async (c) =>
  c.text((await c.var.zoho.accessToken()).slice(-8)),
)
/** Asks for the access token, but does not wait for it. */
app.get('/token-unawaited', zoho.requireConnection(), (c) => {
  void c.var.zoho.accessToken()
  return c.text('answered')
})
/** Uses the connection of a job, with and without the execution context. */
app.get('/job-with-context', async (c) =>
  c.text((await zoho.with(c.env).connection('acme', c.executionCtx).accessToken()).slice(-8)),
)
app.get('/job', async (c) =>
  c.text((await zoho.with(c.env).connection('acme').accessToken()).slice(-8)),
)
app.get('/status', async (c) => c.json((await zoho.with(c.env).connection('acme').status()).status))
app.get('/envs', (c) => c.json({ requestEnvs: requestEnvs.size, optionsEnvs: optionsEnvs.size }))
app.onError((error, c) => zoho.errorResponse(error, c) ?? c.text(String(error), 500))

export default app

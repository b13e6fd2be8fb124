import { app } from './app.ts'
import { countCandidates } from './count-candidates.ts'
import { recover } from './recover.ts'
import type { App } from './zoho.ts'

export { ZohoConnections } from './zoho.ts'

export default {
  fetch: app.fetch,
  // The `triggers` in wrangler.jsonc start it, so there is no request and no session.
  scheduled: ({ cron }: ScheduledController, env: App['Bindings'], ctx: ExecutionContext) =>
    cron === '0 6 * * *' ? countCandidates(env, ctx) : recover(env),
}

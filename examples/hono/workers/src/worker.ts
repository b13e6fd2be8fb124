import { app } from './app.ts'
import { countCandidates } from './count-candidates.ts'
import { recover } from './recover.ts'
import type { App } from './zoho.ts'

export { ZohoConnections } from './zoho.ts'

export default {
  fetch: app.fetch,
  // By `triggers` in wrangler.jsonc: nobody asks, so nobody is signed in.
  scheduled: ({ cron }: ScheduledController, env: App['Bindings'], ctx: ExecutionContext) =>
    cron === '0 6 * * *' ? countCandidates(env, ctx) : recover(env),
}

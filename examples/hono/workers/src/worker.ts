import { app } from './app.ts'
import { countCandidates } from './count-candidates.ts'

export { ZohoConnections } from './zoho.ts'

export default {
  fetch: app.fetch,
  // By `triggers` in wrangler.jsonc: nobody asks, so nobody is signed in.
  scheduled: countCandidates,
}

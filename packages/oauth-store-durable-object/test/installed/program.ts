import { zohoConnection } from '@zrecruit/oauth-store-durable-object'
import worker from './readme.js'

export { ZohoConnections } from './readme.js'

const origin = 'https://app.example.com'

/** Says what is wrong, or that it works. */
const check = async (env: Env): Promise<string> => {
  const answer = await worker.request(`${origin}/zoho/connect`, undefined, env)
  const location = answer.headers.get('location') ?? ''
  if (answer.status !== 303 || !location.startsWith('https://accounts.zoho.com/oauth/v2/auth?')) return `connect: ${answer.status} ${location}`
  if (!answer.headers.get('set-cookie')?.startsWith('__Host-')) return 'connect: no cookie'

  const page = await worker.request(`${origin}/`, { headers: { accept: 'text/html' } }, env)
  if (page.status !== 303) return `not connected: ${page.status}`

  const refused = await zohoConnection(env.ZOHO_CONNECTIONS, 'our-company').accessToken().catch((error: unknown) => error)
  if ((refused as { code?: string }).code !== 'not-connected') return `the object: ${String(refused)}`
  return 'it works'
}

export default { fetch: async (_request: Request, env: Env) => new Response(`${await check(env)}\n`) }

import { zohoConnection } from '@zrecruit/oauth-store-durable-object'
import worker from './readme.js'

export { ZohoConnections } from './readme.js'

const origin = 'https://app.example.com'

const check = async (env: Env): Promise<void> => {
  const response = await worker.request(`${origin}/zoho/connect`, undefined, env)
  const location = response.headers.get('location') ?? ''
  if (response.status !== 303 || !location.startsWith('https://accounts.zoho.com/oauth/v2/auth?'))
    throw new Error(`connect: ${response.status} ${location}`)
  if (response.headers.get('set-cookie')?.startsWith('__Host-') !== true)
    throw new Error('connect: no cookie')

  const page = await worker.request(`${origin}/`, { headers: { accept: 'text/html' } }, env)
  if (page.status !== 303) throw new Error(`not connected: ${page.status}`)

  const refused = await zohoConnection(env.ZOHO_CONNECTIONS, 'our-company', {
    clientId: env.ZOHO_CLIENT_ID,
  })
    .accessToken()
    .catch((error: unknown) => error)
  if ((refused as { code?: string }).code !== 'not-connected')
    throw new Error(`the object: ${String(refused)}`)
}

export default {
  fetch: (_request: Request, env: Env) =>
    check(env).then(
      () => new Response('it works\n'),
      (error: unknown) => new Response(`${String(error)}\n`, { status: 500 }),
    ),
}

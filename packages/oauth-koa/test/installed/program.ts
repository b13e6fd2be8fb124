import { equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { app } from './readme.js'

const main = async (): Promise<void> => {
  // The session that the README leaves to the app.
  let user: { id: string; company: string } | undefined = { id: 'alice', company: 'acme' }
  app.middleware.unshift((ctx, next) => {
    if (user) ctx.state['user'] = user
    return next()
  })
  const server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const get = (path: string) =>
    fetch(`${origin}${path}`, { redirect: 'manual', headers: { accept: 'text/html' } })

  const response = await get('/zoho/connect')
  equal(response.status, 303)
  match(
    response.headers.get('location') ?? '',
    /^https:\/\/accounts\.zoho\.com\/oauth\/v2\/auth\?.*code_challenge_method=S256/,
  )
  match(response.headers.get('set-cookie') ?? '', /^__Host-/)
  const page = await get('/candidates')
  equal(page.status, 303)
  match(page.headers.get('location') ?? '', /\/zoho\/connect\?returnTo=%2Fcandidates$/)
  user = undefined
  equal((await get('/zoho/connect')).status, 401)

  server.closeAllConnections()
  server.close()
  console.log('it works')
}
void main()

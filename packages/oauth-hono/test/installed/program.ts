import { equal, match } from 'node:assert/strict'
import { Hono } from 'hono'
import { app } from './readme.js'

// The session that the README leaves to the app.
const signedIn = new Hono<{ Variables: { user: { id: string; company: string } } }>()
signedIn.use(async (c, next) => {
  c.set('user', { id: 'alice', company: 'acme' })
  await next()
})
signedIn.route('/', app)

const main = async (): Promise<void> => {
  const response = await signedIn.request('https://app.example.com/zoho/connect')
  equal(response.status, 303)
  match(
    response.headers.get('location') ?? '',
    /^https:\/\/accounts\.zoho\.com\/oauth\/v2\/auth\?.*code_challenge_method=S256/,
  )
  match(response.headers.get('set-cookie') ?? '', /^__Host-/)

  const page = await signedIn.request('https://app.example.com/candidates', {
    headers: { accept: 'text/html' },
  })
  equal(page.status, 303)
  match(page.headers.get('location') ?? '', /\/zoho\/connect\?returnTo=%2Fcandidates$/)
  // nobody is signed in
  equal((await app.request('https://app.example.com/zoho/connect')).status, 401)
  console.log('it works')
}
void main()

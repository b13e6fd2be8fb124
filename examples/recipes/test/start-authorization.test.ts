import { beforeAll, expect, it } from 'vitest'
import { emulateZoho } from './emulated-zoho.ts'
import { signedIn } from './signed-in.ts'

const origin = 'https://app.example.com'
const zoho = emulateZoho({ redirectUris: [`${origin}/zoho/callback`] })
let user: { id: string; company: string; isInChina: boolean } | undefined
beforeAll(async () => {
  const { app } = await import('../src/start-authorization.ts')
  zoho.serve(
    origin,
    signedIn(app, () => user),
  )
})

const start = (fields: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { origin },
  body: new URLSearchParams(fields),
})

it('starts with the chosen scopes, and the callback route completes it', async () => {
  user = { id: 'alice', company: 'acme', isInChina: false }
  const browser = zoho.createBrowser()
  const started = await browser.send(`${origin}/integrations/zoho`, start({ export: 'on' }))
  expect(started.status).toBe(303)
  const consent = await browser.open(started.headers.get('location') ?? '')
  const page = await zoho.accept(browser, consent)
  expect(page.url).toBe(`${origin}/integrations`)
  expect(JSON.parse(page.text)).toEqual({
    status: 'active',
    scopes: ['ZohoRecruit.bulk.READ', 'ZohoRecruit.modules.READ'],
  })
})

it('starts in China for customers there', async () => {
  user = { id: 'mei', company: 'lotus', isInChina: true }
  const { headers } = await zoho.createBrowser().send(`${origin}/integrations/zoho`, start())
  expect(headers.get('location')).toMatch(/^https:\/\/accounts\.zoho\.com\.cn\/oauth\/v2\/auth\?/)
})

it('starts nothing for a form of another site, or if nobody is signed in', async () => {
  user = { id: 'alice', company: 'acme', isInChina: false }
  const { send } = zoho.createBrowser()
  const foreign = { ...start(), headers: { origin: 'https://evil.example' } }
  const refused = await send(`${origin}/integrations/zoho`, foreign)
  expect([refused.status, refused.headers.getSetCookie()]).toEqual([403, []])
  user = undefined
  const sentAway = await send(`${origin}/integrations/zoho`, start())
  expect([sentAway.status, sentAway.headers.get('location')]).toEqual([303, '/login'])
})

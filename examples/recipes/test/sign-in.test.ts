import { beforeAll, expect, it } from 'vitest'
import { emulateZoho } from './emulated-zoho.ts'

const origin = 'https://app.example.com'
const zoho = emulateZoho({
  redirectUris: [`${origin}/zoho/callback`],
  variables: { SESSION_KEY: 'a key for tests' },
})
beforeAll(async () => {
  const { app } = await import('../src/sign-in.ts')
  zoho.serve(origin, app.fetch)
})

it('leads from the guard to sign-in, to Zoho, and back to the page', async () => {
  const browser = zoho.createBrowser()
  const signIn = await browser.open(`${origin}/candidates?page=2`)
  expect(new URL(signIn.url).pathname).toBe('/login')
  const consent = await browser.submit(signIn, { name: 'alice' })
  expect(consent.url).toMatch(/^https:\/\/accounts\.zoho\.com\/oauth\/v2\/auth\?/)
  const page = await zoho.accept(browser, consent)
  expect([page.url, page.status]).toEqual([`${origin}/candidates?page=2`, 200])
})

it('leads from /connect to sign-in, and then to Zoho', async () => {
  const browser = zoho.createBrowser()
  const signIn = await browser.open(`${origin}/zoho/connect?returnTo=/candidates`)
  const consent = await browser.submit(signIn, { name: 'alice' })
  const page = await zoho.accept(browser, consent)
  expect([page.url, page.status]).toEqual([`${origin}/candidates`, 200])
})

it('refuses scripts without a session, and never leads to another site', async () => {
  const browser = zoho.createBrowser()
  const script = { headers: { accept: 'application/json' } }
  expect((await browser.send(`${origin}/candidates`, script)).status).toBe(401)
  for (const returnTo of ['https://evil.example', '//evil.example', '/\\evil.example']) {
    const page = await browser.send(`${origin}/login`, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({ name: 'alice', returnTo }),
    })
    expect(page.headers.get('location')).toBe(origin)
  }
})

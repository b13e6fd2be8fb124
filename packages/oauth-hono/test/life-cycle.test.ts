import { createBrowser } from '@zrecruit/oauth-emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp } from './app.ts'

describe('the life cycle, over HTTP', () => {
  let app: Awaited<ReturnType<typeof startApp>>
  const browser = createBrowser()
  beforeAll(async () => {
    app = await startApp()
  })
  afterAll(() => app.close())

  it('sends a page to consent, and comes back to it', async () => {
    const consent = await browser.open(`${app.origin}/candidates`)
    expect(consent.url).toMatch(
      new RegExp(`^${app.emulator.dataCenters['us']?.accountsServer}/oauth/v2/auth`),
    )
    const page = await browser.submit(consent, { decision: 'approve', account: 'eu' })
    expect(page.url).toBe(`${app.origin}/candidates`)
    expect(JSON.parse(page.text)).toEqual({ status: 200 })
    expect(await app.zoho.connection('acme').status()).toMatchObject({
      status: 'active',
      dataCenter: 'eu',
      missingScopes: [],
    })
  })

  it('refreshes once for forty parallel calls when the token has died', async () => {
    const before = app.emulator.calls().token
    app.emulator.advanceClock(3_600)
    const statuses = await Promise.all(
      Array.from(
        { length: 40 },
        async () => (await app.zoho.connection('acme').fetch('Candidates')).status,
      ),
    )
    expect(statuses).toEqual(Array(40).fill(200))
    expect(app.emulator.calls().token - before).toBe(1)
  })

  it('revokes', async () => {
    const page = await browser.send(`${app.origin}/zoho/disconnect`, {
      method: 'POST',
      headers: { origin: app.origin },
    })
    expect(page.status).toBe(303)
    expect(await app.zoho.connection('acme').status()).toMatchObject({
      status: 'revoked',
      scopes: [],
    })
    const after = await browser.send(`${app.origin}/candidates`, {
      headers: { accept: 'application/json' },
    })
    expect([after.status, after.headers.get('content-type')]).toEqual([
      401,
      'application/problem+json',
    ])
    expect(app.events.map((event) => event.type)).toContain('revoked')
  })
})

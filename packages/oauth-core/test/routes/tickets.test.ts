import { describe, expect, it } from 'vitest'
import { appOrigin, byScript, createBrowser, fromZoho, navigation } from './browser.ts'
import { sameOriginNavigation, startRoutes } from './start-routes.ts'
import { displayName, finishConsent, fromSite, site, startTicket } from './start-ticket.ts'

describe('a page of another site', () => {
  it('gets a URL of the API, and no cookie', async () => {
    const { response, url, page } = await startTicket()
    expect([response.status, page.jar.size]).toEqual([200, 0])
    expect(url).toMatch(/^https:\/\/app\.example\.com\/zoho\/connect\?ticket=1\.[\w.-]+$/)
  })

  it('connects: the browser opens the URL, confirms, gives consent, and returns', async () => {
    const query = `?${new URLSearchParams({ returnTo: `${site}/jobs` })}`
    const { browser, ticketPath, zoho } = await startTicket(query)
    const page = await browser.send(ticketPath, fromZoho)
    expect([page.status, browser.jar.size]).toEqual([200, 0])
    expect(page.body).toContain(`<p class="for"><bdi>${displayName}</bdi></p>`)
    const continued = await browser.send(ticketPath, sameOriginNavigation, 'POST')
    expect([continued.status, continued.url?.pathname]).toEqual([303, '/oauth/v2/auth'])
    const finished = await finishConsent(browser, continued.url)
    expect([finished.status, finished.url?.href]).toEqual([303, `${site}/jobs`])
    expect(await zoho.connection('acme').status()).toMatchObject({
      status: 'active',
      principal: 'ann',
    })
  })
})

it('a native app, which is no browser, gets a ticket, too', async () => {
  const { url } = await startTicket('', {}, { authorization: 'Bearer x' })
  expect(url).toContain('/zoho/connect?ticket=')
})

it('a page that can receive the cookie gets the URL of Zoho', async () => {
  for (const headers of [
    { ...byScript, origin: appOrigin },
    { ...byScript, 'sec-fetch-site': 'same-site', origin: site },
    { origin: appOrigin },
  ]) {
    const { url, page } = await startTicket('', {}, headers)
    expect([new URL(url).pathname, page.jar.size]).toEqual(['/oauth/v2/auth', 1])
  }
})

describe('the host of a tenant', () => {
  const tenant = 'https://acme.example.com'
  const atTenant = { ...navigation, host: 'acme.example.com' }

  it('continues at the host of the callback, and the user returns to the tenant', async () => {
    const setup = await startRoutes({ trustedOrigins: [tenant], connectTickets: true })
    setup.session.who = { id: 'acme', principal: 'ann', displayName } as typeof setup.session.who
    const started = await setup.browser.send('/zoho/connect?returnTo=/jobs', atTenant)
    expect([started.status, started.url?.origin, started.url?.pathname]).toEqual([
      303,
      appOrigin,
      '/zoho/connect',
    ])
    setup.session.who = undefined
    const browser = createBrowser(setup.zoho)
    const path = `/zoho/connect${started.url?.search}`
    const { url } = await browser.send(path, sameOriginNavigation, 'POST')
    expect((await finishConsent(browser, url)).url?.href).toBe(`${tenant}/jobs`)
  })

  it('is refused before the consent without tickets', async () => {
    const { browser } = await startRoutes({ trustedOrigins: [tenant] })
    const response = await browser.send('/zoho/connect', atTenant)
    expect([response.code, browser.jar.size]).toEqual(['host-mismatch', 0])
  })
})

describe('tickets are opt-in', () => {
  it('S13: without `connectTickets`, a page of another site is refused', async () => {
    const { response } = await startTicket('', { connectTickets: false })
    expect([response.status, response.code]).toEqual([403, 'cross-site-request'])
  })

  it('S13: without `connectTickets`, no ticket is accepted', async () => {
    const { ticketPath, client } = await startTicket()
    const browser = createBrowser(client({ connectTickets: false }))
    expect((await browser.send(ticketPath)).code).toBe('ticket-invalid')
  })

  it('S13: without `displayName`, the error names what is missing', async () => {
    const { events, zoho, session } = await startTicket()
    session.who = { id: 'acme', principal: 'ann' }
    const response = await createBrowser(zoho).send('/zoho/connect', fromSite, 'POST')
    expect([response.status, response.code]).toEqual([500, 'configuration-invalid'])
    expect(events.at(-1)).toMatchObject({
      error: expect.objectContaining({ message: expect.stringContaining('`displayName`') }),
    })
  })
})

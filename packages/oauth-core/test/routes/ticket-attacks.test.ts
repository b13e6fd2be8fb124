import { describe, expect, it } from 'vitest'
import { minute, times } from '../client/setup.ts'
import { appOrigin, byScript, createBrowser, fromZoho, navigation } from './browser.ts'
import { sameOriginNavigation } from './start-routes.ts'
import { finishConsent, fromSite, site, startTicket, stateOf } from './start-ticket.ts'

describe('an attacker who sends the link of a ticket to another person', () => {
  it('S13, S11: starts nothing with the link alone: no cookie, no redirect', async () => {
    const { browser, ticketPath, tokenCalls } = await startTicket()
    for (const headers of [fromZoho, navigation, { ...fromZoho, 'sec-fetch-user': '?1' }]) {
      const response = await browser.send(ticketPath, headers)
      expect([response.status, response.url, browser.jar.size]).toEqual([200, undefined, 0])
    }
    expect(tokenCalls()).toEqual([])
  })

  it.each<[string, Record<string, string>]>([
    ['a form of another site', { ...fromZoho, origin: 'https://evil.example' }],
    ['a form of a trusted site', { ...fromZoho, origin: site }],
    ['a browser without Sec-Fetch-Site', { accept: 'text/html', origin: site }],
    ['a page that hides its origin', { accept: 'text/html', origin: 'null' }],
  ])('S13, S11: cannot send the form by %s', async (_, headers) => {
    const { browser, ticketPath } = await startTicket()
    const response = await browser.send(ticketPath, headers, 'POST')
    expect([response.status, response.code, browser.jar.size]).toEqual([
      403,
      'cross-site-request',
      0,
    ])
  })

  it.each<[string, Record<string, string>, string]>([
    ['a frame', { ...fromZoho, 'sec-fetch-dest': 'iframe' }, 'GET'],
    ['a script', byScript, 'GET'],
    ['a script', byScript, 'POST'],
    ['a frame of this site', { ...sameOriginNavigation, 'sec-fetch-dest': 'iframe' }, 'POST'],
  ])('S13: cannot use it in %s (%s %s)', async (_, headers, method) => {
    const { browser, ticketPath } = await startTicket()
    const response = await browser.send(ticketPath, headers, method)
    expect([response.code, browser.jar.size]).toEqual(['navigation-required', 0])
  })

  it('S13: the page says for whom it is, cannot be framed, and warns about links', async () => {
    const { browser, ticketPath } = await startTicket()
    const { body, headers } = await browser.send(ticketPath, fromZoho)
    expect(body).toContain('If someone sent you the link, close this page.')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('S13, S3: another signed-in user cannot continue, at any step', async () => {
    const { browser, ticketPath, session, tokenCalls } = await startTicket()
    session.who = { id: 'globex', principal: 'bob' }
    const codeOf = async (method: string) =>
      (await browser.send(ticketPath, sameOriginNavigation, method)).code
    expect([await codeOf('GET'), await codeOf('POST')]).toEqual([
      'principal-mismatch',
      'principal-mismatch',
    ])
    session.who = undefined
    const { url } = await browser.send(ticketPath, sameOriginNavigation, 'POST')
    session.who = { id: 'globex', principal: 'bob' }
    const callback = await browser.sendCallback(stateOf(url), { code: '1000.code' }, navigation)
    expect([callback.code, tokenCalls()]).toEqual(['principal-mismatch', []])
  })

  it('S13, S2: cannot finish in a browser that did not use the ticket', async () => {
    const { browser, ticketPath, zoho, tokenCalls } = await startTicket()
    const { url } = await browser.send(ticketPath, sameOriginNavigation, 'POST')
    const other = createBrowser(zoho)
    expect([(await other.sendCallback(stateOf(url))).code, tokenCalls()]).toEqual([
      'callback-unbound',
      [],
    ])
  })

  it('S13: a ticket works in one browser only, also at the same time', async () => {
    const { ticketPath, zoho, client } = await startTicket()
    const other = client({ trustedOrigins: [site], connectTickets: true })
    const statuses = await Promise.all(
      times(8, async (index) => {
        const browser = createBrowser(index % 2 ? zoho : other)
        return (await browser.send(ticketPath, sameOriginNavigation, 'POST')).code ?? 'started'
      }),
    )
    expect(statuses.toSorted()).toEqual([...times(7, () => 'ticket-invalid'), 'started'].toSorted())
  })

  it('S13: the same browser can go back and continue again', async () => {
    const { browser, ticketPath } = await startTicket()
    const first = await browser.send(ticketPath, sameOriginNavigation, 'POST')
    const second = await browser.send(ticketPath, sameOriginNavigation, 'POST')
    expect([first.status, second.status]).toEqual([303, 303])
    expect(stateOf(second.url)).toBe(stateOf(first.url))
    expect((await finishConsent(browser, first.url)).status).toBe(303)
    const third = await browser.send(ticketPath, sameOriginNavigation, 'POST')
    expect((await finishConsent(browser, third.url)).url?.pathname).toBe('/')
  })

  it('S13: a ticket is valid for five minutes', async () => {
    const { browser, ticketPath, time } = await startTicket()
    time.advance(4.9 * minute)
    expect((await browser.send(ticketPath)).status).toBe(200)
    time.advance(0.2 * minute)
    for (const method of ['GET', 'POST'])
      expect((await browser.send(ticketPath, sameOriginNavigation, method)).code).toBe(
        'ticket-invalid',
      )
  })

  it('S13: cannot change a ticket, or use one of another client, or a cookie', async () => {
    const { browser, ticketPath, client, page, ann, session } = await startTicket()
    const options = { trustedOrigins: [site], connectTickets: true }
    const changed = ticketPath.slice(0, -2) + (ticketPath.endsWith('AA') ? 'BB' : 'AA')
    expect((await browser.send(changed)).code).toBe('ticket-invalid')
    expect((await browser.send('/zoho/connect?ticket=')).code).toBe('ticket-invalid')
    const otherClient = createBrowser(client({ ...options, clientId: '1000.OTHER' }))
    expect((await otherClient.send(ticketPath)).code).toBe('ticket-invalid')
    session.who = ann
    await page.startConsent()
    const [cookie] = [...page.jar.values()]
    expect((await page.send(`/zoho/connect?ticket=${cookie}`)).code).toBe('ticket-invalid')
  })

  it('S13: one user can use ten tickets in ten minutes, and does not limit others', async () => {
    const { zoho, session, ann, time } = await startTicket()
    const use = async (who: typeof ann) => {
      session.who = who
      const browser = createBrowser(zoho)
      const { body } = await browser.send('/zoho/connect', fromSite, 'POST')
      const path = (JSON.parse(body) as { url: string }).url.replace(appOrigin, '')
      return (await browser.send(path, sameOriginNavigation, 'POST')).code ?? 'started'
    }
    for (const _ of times(10, () => 0)) expect(await use(ann)).toBe('started')
    expect(await use(ann)).toBe('attempts-exhausted')
    expect(await use({ ...ann, principal: 'bob' })).toBe('started')
    time.advance(10 * minute)
    expect(await use(ann)).toBe('started')
  })

  it('S13: nothing starts while the store fails', async () => {
    const { browser, ticketPath, faults } = await startTicket()
    faults.write = 'down'
    const response = await browser.send(ticketPath, sameOriginNavigation, 'POST')
    expect([response.code, browser.jar.size]).toEqual(['store-unavailable', 0])
  })
})

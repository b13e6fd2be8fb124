import { appOrigin, byScript, createBrowser, fromZoho } from './browser.ts'
import { sameOriginNavigation, startRoutes } from './start-routes.ts'

export const site = 'https://product.example.net'
export const displayName = 'Acme GmbH (ann@acme.example)'
/** A script of another site, whose requests have a session but cannot receive a cookie. */
export const fromSite = { ...byScript, 'sec-fetch-site': 'cross-site', origin: site }

/** A client with tickets, and the path of a ticket of ann, who is signed in at the other site. */
export const startTicket = async (
  query = '',
  options: Parameters<typeof startRoutes>[0] = {},
  headers: Record<string, string> = fromSite,
) => {
  const setup = await startRoutes({ trustedOrigins: [site], connectTickets: true, ...options })
  const ann = { id: 'acme', principal: 'ann', displayName }
  setup.session.who = ann
  const page = createBrowser(setup.zoho)
  const response = await page.send(`/zoho/connect${query}`, headers, 'POST')
  const { url = '' } = JSON.parse(response.body) as { url?: string }
  // The browser that opens the ticket has no session at the host of the API.
  setup.session.who = undefined
  const ticketPath = url.replace(appOrigin, '')
  return { ...setup, ann, page, response, url, ticketPath, browser: createBrowser(setup.zoho) }
}

export const stateOf = (url: URL | undefined): string => url?.searchParams.get('state') ?? ''

/** The callback from Zoho without a session, and its reload. */
export const finishConsent = async (browser: ReturnType<typeof createBrowser>, url?: URL) => {
  const parameters = { code: '1000.code' }
  await browser.sendCallback(stateOf(url), parameters, fromZoho)
  return browser.sendCallback(stateOf(url), parameters, sameOriginNavigation)
}

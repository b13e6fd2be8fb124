import { casesOf } from '../adapter-case.ts'
import {
  bindingCookies,
  equal,
  expectConnected,
  expectErrorPage,
  expectNoTokenCall,
  expectProblem,
  expectRedirect,
  expectTrue,
} from './expect.ts'

const site = 'https://product.example.net'
const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const ownPage = { ...navigation, 'sec-fetch-site': 'same-origin' }
const otherSite = { ...navigation, 'sec-fetch-site': 'cross-site' }
const scriptOfSite = {
  origin: site,
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
}
const tickets = { options: { trustedOrigins: [site], connectTickets: true } }

export const starts = casesOf({
  'connect-hidden-request': [
    'only a navigation starts a consent: no fetch, frame or prefetch of a router',
    'Nobody would see the consent page, and the cookies would replace those of real requests.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      for (const headers of [
        { ...ownPage, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
        { ...ownPage, 'sec-fetch-dest': 'iframe' },
      ]) {
        const response = await alice.script('/zoho/connect', { headers })
        equal(bindingCookies(response), [], 'binding cookies')
        equal([response.status, response.headers['location']], [400, undefined], 'the response')
        expectTrue(response.text.includes('navigation-required'), 'the code of the error')
      }
    },
  ],
  'connect-other-loopback-host': [
    'a browser at 127.0.0.1 is refused before the consent if redirectUri is at localhost',
    'The callback would not get the cookie.',
    async ({ start }) => {
      const alice = (await start({ redirectUri: 'http://localhost:3000/zoho/callback' })).visitor()
      const response = await alice.open('/zoho/connect', { host: '127.0.0.1:3000' })
      expectErrorPage(response, 400, 'host-mismatch')
      equal(bindingCookies(response), [], 'binding cookies')
    },
  ],
  'sign-in': [
    'with signIn, the guard and /connect redirect to the sign-in page if nobody is signed in',
    'The user can continue after signing in.',
    async ({ start }) => {
      const nobody = (await start({ options: { signIn: '/login' } })).visitor(null)
      expectRedirect(await nobody.open('/candidates?a=1'), '/login?returnTo=%2Fcandidates%3Fa%3D1')
      expectRedirect(
        await nobody.open('/zoho/connect?returnTo=/a'),
        '/login?returnTo=%2Fzoho%2Fconnect%3FreturnTo%3D%252Fa',
      )
      expectProblem(await nobody.script('/candidates?script'), 401, 'principal-missing')
    },
  ],
  'failure-starts-again': [
    'the page of a failed consent starts again with the same returnTo and data center',
    'A customer in China must not start again in another data center.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      const response = await alice.open('/zoho/connect?returnTo=/jobs&dataCenter=eu')
      const { pathname, search } = await alice.decide(response.headers['location'], 'refuse')
      const page = await alice.open(pathname + search)
      expectErrorPage(page, 400, 'consent-refused')
      expectTrue(
        page.text.includes('href="/zoho/connect?returnTo=%2Fjobs&#38;dataCenter=eu"'),
        'the page links to /connect with returnTo and data center',
      )
    },
  ],
  'failure-return-to': [
    'with failureReturnTo, a failed consent redirects to the app with the code',
    'Apps show failures in their own design.',
    async ({ start }) => {
      const alice = (await start({ options: { failureReturnTo: '/settings' } })).visitor()
      const response = await alice.open('/zoho/connect?returnTo=/jobs')
      const { pathname, search } = await alice.decide(response.headers['location'], 'refuse')
      expectRedirect(
        await alice.open(pathname + search),
        '/settings?connectError=consent-refused&returnTo=%2Fjobs&dataCenter=us',
      )
    },
  ],
  'trusted-origin': [
    'a script of a trusted origin can connect and read the response; its preflight is answered',
    'Single-page apps are often at another origin than their API.',
    async ({ start }) => {
      const origin = 'https://spa.example.com'
      const alice = (await start({ options: { trustedOrigins: [origin] } })).visitor()
      const headers = { ...scriptOfSite, origin, 'sec-fetch-site': 'same-site' }
      const preflight = await alice.script('/zoho/connect', {
        method: 'OPTIONS',
        headers: { ...headers, 'access-control-request-method': 'POST' },
      })
      const response = await alice.script(
        `/zoho/connect?${new URLSearchParams({ returnTo: `${origin}/jobs` })}`,
        { method: 'POST', headers },
      )
      for (const { headers: sent } of [preflight, response])
        equal(
          [sent['access-control-allow-origin'], sent['access-control-allow-credentials']],
          [origin, 'true'],
          'CORS headers',
        )
      equal([preflight.status, response.status], [204, 200], 'statuses')
      const { pathname, search } = await alice.decide(
        (JSON.parse(response.text) as { url: string }).url,
      )
      expectRedirect(await alice.open(pathname + search), `${origin}/jobs`)
    },
  ],
  'untrusted-origin': [
    'an origin that is not trusted gets no CORS header and starts nothing (S11)',
    'Another site must not start a consent for the user.',
    async ({ start }) => {
      const alice = (await start(tickets)).visitor()
      const response = await alice.script('/zoho/connect', {
        method: 'POST',
        headers: { ...scriptOfSite, origin: 'https://product.example.net.evil.example' },
      })
      expectProblem(response, 403, 'cross-site-request')
      equal(response.headers['access-control-allow-origin'], undefined, 'the CORS header')
    },
  ],
  'ticket-connects': [
    'a page of another site gets a ticket, and a browser without a session finishes the consent',
    'Such a page cannot receive the cookie of the callback.',
    async ({ start }) => {
      const app = await start(tickets)
      const alice = app.visitor()
      const response = await alice.script('/zoho/connect', {
        method: 'POST',
        headers: scriptOfSite,
      })
      equal(bindingCookies(response), [], 'binding cookies of the page')
      const { url } = JSON.parse(response.text) as { url: string }
      const path = url.replace(app.publicOrigin, '')
      const browser = app.visitor(null)
      const page = await browser.open(path, otherSite)
      expectTrue(page.text.includes('alice of acme'), 'the page says for whom the consent is')
      equal([page.status, bindingCookies(page)], [200, []], 'status and cookies of the page')
      const continued = await browser.submit(path, { headers: ownPage })
      const { pathname, search } = await browser.decide(continued.headers['location'])
      expectRedirect(await browser.open(pathname + search), '/')
      expectConnected(await alice.script('/candidates'))
    },
  ],
  'ticket-of-another-person': [
    'a ticket does not continue for another signed-in user, or from a form of another site (S3)',
    'Anyone can send the link of a ticket to another person.',
    async ({ start }) => {
      const app = await start(tickets)
      const { text } = await app.visitor().script('/zoho/connect', {
        method: 'POST',
        headers: scriptOfSite,
      })
      const path = (JSON.parse(text) as { url: string }).url.replace(app.publicOrigin, '')
      const mallory = app.visitor('mallory@globex')
      expectErrorPage(await mallory.open(path, otherSite), 403, 'principal-mismatch')
      const nobody = app.visitor(null)
      const forged = await nobody.submit(path, { headers: { ...otherSite, origin: site } })
      expectErrorPage(forged, 403, 'cross-site-request')
      equal(bindingCookies(forged), [], 'binding cookies')
      expectNoTokenCall(app)
    },
  ],
  'cookie-name': [
    'with cookieName, the consent has one cookie of this name',
    'Some hosts pass only one cookie to the app.',
    async ({ start }) => {
      const alice = (await start({ options: { cookieName: '__session' } })).visitor()
      expectRedirect(await alice.connect(), '/')
      equal([...alice.jar.keys()].toSorted(), ['__session', 'app'], 'cookies of the browser')
      expectConnected(await alice.script('/candidates'))
    },
  ],
})

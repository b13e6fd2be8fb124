import { casesOf, type CaseTable } from '../adapter-case.ts'
import { consentAtZoho } from './consent-at-zoho.ts'
import {
  bindingCookies,
  equal,
  expectTrue,
  expectConnected,
  expectNotConnected,
  expectNoTokenCall,
  expectErrorPage,
  expectRedirect,
} from './expect.ts'

/** Creates a case: a changed callback is refused, sends no token request and connects no one. */
const refusalCase = (
  code: string,
  title: string,
  rationale: string,
  change: (query: URLSearchParams) => void,
): CaseTable[string] => [
  title,
  rationale,
  async (context) => {
    const { app, alice, path } = await consentAtZoho(context, change)
    const status = code === 'data-center-unknown' ? 500 : 400
    expectErrorPage(await alice.open(path), status, code)
    expectNoTokenCall(app)
    expectNotConnected(await alice.script('/candidates'))
  },
]

export const callback = casesOf({
  'callback-clean-address': [
    'the callback redirects to a URL without the code, and is not cached (B10)',
    'The code must not stay in histories and caches or reach the next site.',
    async (context) => {
      const { alice, path } = await consentAtZoho(context)
      const response = await alice.open(path)
      expectRedirect(response, '/')
      equal(
        [response.headers['referrer-policy'], response.headers['cache-control']],
        ['no-referrer', 'no-store'],
        'Referrer-Policy and Cache-Control',
      )
    },
  ],
  'callback-keeps-app-cookie': [
    'the callback keeps the app’s cookies',
    'A consent must not end the app’s own session.',
    async (context) => {
      const { alice, path } = await consentAtZoho(context)
      const response = await alice.open(path)
      expectTrue(
        response.cookies.includes('app=kept; Path=/'),
        'the app’s cookie has its own header',
      )
      equal(
        response.cookies.length,
        3,
        'Set-Cookie headers: one of the app, one that deletes the binding cookie, and one that ' +
          'remembers the callback',
      )
    },
  ],
  'callback-other-state': refusalCase(
    'callback-unbound',
    'a callback with another state is refused (S1)',
    'A user must not be connected to an attacker’s account.',
    (query) => query.set('state', 'a'.repeat(43)),
  ),
  'callback-no-state': refusalCase(
    'callback-malformed',
    'a callback without a state is refused (S1)',
    'A user must not be connected to an attacker’s account.',
    (query) => query.delete('state'),
  ),
  'callback-two-codes': refusalCase(
    'callback-malformed',
    'a callback with two codes is refused (B4)',
    'An injected code must not be exchanged.',
    (query) => query.append('code', '1000.other'),
  ),
  'callback-two-servers': refusalCase(
    'callback-malformed',
    'a callback with two accounts servers is refused (B4)',
    'The client secret must not be sent to an injected host.',
    (query) => query.append('accounts-server', 'https://accounts.zoho.com'),
  ),
  'callback-oversized': refusalCase(
    'callback-malformed',
    'a callback with a 9 KB query is refused (B4)',
    'An attacker must not cause unnecessary work.',
    (query) => query.set('more', 'x'.repeat(9_000)),
  ),
  'callback-foreign-server': refusalCase(
    'data-center-unknown',
    'nothing is sent to an unknown accounts server named in a callback (B5)',
    'Anyone can write a callback URL, so it must not select where the secret goes.',
    (query) => query.set('accounts-server', 'https://accounts.zoho.com.evil.example'),
  ),
  'callback-almost-server': refusalCase(
    'data-center-unknown',
    'an accounts server with a path is refused (B5)',
    'The client secret must not be sent to a similar address.',
    (query) => query.set('accounts-server', `${query.get('accounts-server')}/oauth`),
  ),
  'callback-mixed-data-centers': refusalCase(
    'data-center-mismatch',
    'a location that contradicts the accounts server is refused (B6)',
    'The code must not be sent to the wrong data center.',
    (query) => query.set('location', 'eu'),
  ),
  'callback-issuer': refusalCase(
    'callback-malformed',
    'a different issuer is refused (B8)',
    'This prevents mix-up attacks between authorization servers.',
    (query) => query.set('iss', 'https://accounts.zoho.eu'),
  ),
  'callback-token': refusalCase(
    'callback-malformed',
    'a token in the callback is refused (B18)',
    'The implicit grant is not supported.',
    (query) => query.set('access_token', '1000.abc'),
  ),
  'callback-code-and-error': refusalCase(
    'callback-malformed',
    'a callback with both code and error is refused',
    'A contradictory callback must not cause an exchange.',
    (query) => query.set('error', 'access_denied'),
  ),
  'callback-other-browser': [
    'a callback in another browser is refused (S2)',
    'A user must not complete a consent that someone else started.',
    async (context) => {
      const { app, path } = await consentAtZoho(context)
      expectErrorPage(await app.visitor().open(path), 400, 'callback-unbound')
      expectNoTokenCall(app)
    },
  ],
  'callback-other-user': [
    'a callback with another signed-in user is refused (S3)',
    'A user must not get a connection that someone else consented to.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context)
      alice.signIn('mallory@acme')
      expectErrorPage(await alice.open(path), 403, 'principal-mismatch')
      expectNoTokenCall(app)
    },
  ],
  'callback-other-connection': [
    'a callback is refused if the session has another connection than at the start (S4)',
    'The consent of one customer must not be stored for another.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context)
      alice.signIn('alice@globex')
      expectErrorPage(await alice.open(path), 403, 'principal-mismatch')
      expectNoTokenCall(app)
    },
  ],
  'callback-signed-out': [
    'a callback without a signed-in user is refused (S3)',
    'Every connection needs a principal.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context)
      alice.signIn(undefined)
      expectErrorPage(await alice.open(path), 401, 'principal-missing')
      expectNoTokenCall(app)
    },
  ],
  'callback-strict-session': [
    'with a SameSite=Strict session, the callback reloads itself from this site (C4)',
    'Otherwise apps with such sessions would lose every consent.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context)
      alice.signIn(undefined)
      const reloadPage = await alice.open(path, {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      })
      equal(
        [
          reloadPage.status,
          reloadPage.text.includes('http-equiv="refresh"'),
          bindingCookies(reloadPage),
        ],
        [200, true, []],
        'status, reload of the page, and binding cookies',
      )
      expectNoTokenCall(app)
      alice.signIn('alice@acme')
      expectRedirect(
        await alice.open(path, {
          'sec-fetch-site': 'same-origin',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        }),
        '/',
      )
    },
  ],
  'callback-binding-mode': [
    'with callbackIdentity: cookie, only the sealed cookie identifies the user',
    'In some single-page apps, navigations send no session.',
    async ({ start }) => {
      const app = await start({ options: { callbackIdentity: 'cookie' } })
      const alice = app.visitor()
      const connectResponse = await alice.script('/zoho/connect', { method: 'POST' })
      const callbackUrl = await alice.decide(
        (JSON.parse(connectResponse.text) as { url: string }).url,
      )
      alice.signIn(undefined)
      expectRedirect(await alice.open(callbackUrl.pathname + callbackUrl.search), '/')
      alice.signIn('alice@acme')
      expectConnected(await alice.script('/candidates'))
    },
  ],
  'callback-repeated-cookie': [
    'a binding cookie that is sent twice is refused (C3)',
    'A sibling host can set a second cookie with the same name.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context)
      const [name, value] =
        [...alice.jar].find(([cookieName]) => cookieName.startsWith('__Host-zro-')) ?? []
      expectErrorPage(
        await app
          .visitor()
          .open(path, { cookie: `session=alice@acme; ${name}=${value}; ${name}=evil` }),
        400,
        'callback-malformed',
      )
      expectNoTokenCall(app)
    },
  ],
})

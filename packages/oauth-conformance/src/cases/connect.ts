import { casesOf } from '../adapter-case.ts'
import {
  bindingCookies,
  equal,
  expectTrue,
  expectErrorPage,
  expectProblem,
  expectRedirect,
} from './expect.ts'

export const connect = casesOf({
  'connect-redirects': [
    'GET /connect redirects to Zoho with all parameters of RFC 6749 and 7636 (S1, S5)',
    'State and PKCE protect against login CSRF and injected codes.',
    async ({ start }) => {
      const { visitor, settings, emulator } = await start()
      const response = await visitor().open('/zoho/connect')
      const url = new URL(response.headers['location'] ?? '')
      expectRedirect(response, url.href)
      equal(
        url.origin + url.pathname,
        `${emulator.dataCenters.us.accountsServer}/oauth/v2/auth`,
        'the authorization endpoint',
      )
      const { state, code_challenge: challenge, ...fixed } = Object.fromEntries(url.searchParams)
      const expected = {
        client_id: settings.options.clientId,
        redirect_uri: settings.options.redirectUri,
        response_type: 'code',
        access_type: 'offline',
        prompt: 'consent',
        code_challenge_method: 'S256',
        scope: settings.options.scopes.join(','),
      }
      equal(fixed, expected, 'the parameters of the authorization request')
      expectTrue(
        /^[\w-]{43}$/.test(state ?? '') && /^[\w-]{43}$/.test(challenge ?? ''),
        'state and code_challenge are 32 bytes in base64url',
      )
    },
  ],
  'connect-cookie': [
    'the binding cookie is sealed, HttpOnly, SameSite=Lax and host-only (C1, C4, C5)',
    'Sibling hosts and scripts must not read or replace it.',
    async ({ start }) => {
      const response = await (await start()).visitor().open('/zoho/connect')
      const [cookie = '', second] = bindingCookies(response)
      const attributes = 'Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure'
      expectTrue(
        /^__Host-zro-[\w-]{8}=1\.[\w.-]+; /.test(cookie) &&
          cookie.endsWith(`; ${attributes}`) &&
          cookie.split('; ').length === 6,
        `the binding cookie has exactly its attributes: ${cookie.replace(/=.*?;/, '=…;')}`,
      )
      equal(second, undefined, 'a second binding cookie')
      const state = new URL(response.headers['location'] ?? '').searchParams.get('state') ?? ''
      expectTrue(
        state !== '' && !cookie.includes(state),
        'the cookie does not contain the state in plain text',
      )
    },
  ],
  'connect-keeps-app-cookie': [
    'GET /connect keeps the app’s cookies, each in its own Set-Cookie header',
    'A consent must not end the app’s own session.',
    async ({ start }) => {
      const response = await (await start()).visitor().open('/zoho/connect')
      expectTrue(
        response.cookies.includes('app=kept; Path=/'),
        'the app’s cookie has its own header: ' +
          response.cookies.map((cookie) => cookie.split('=')[0]).join(', '),
      )
      equal(response.cookies.length, 2, 'Set-Cookie headers')
    },
  ],
  'connect-posts-url': [
    'POST /connect returns the consent URL as JSON to a script',
    'In some single-page apps, navigations send no session.',
    async ({ start }) => {
      const { visitor, emulator } = await start()
      const response = await visitor().script('/zoho/connect', {
        method: 'POST',
        headers: { origin: 'https://app.example.com' },
      })
      equal(
        [response.status, response.headers['content-type'], bindingCookies(response).length],
        [200, 'application/json', 1],
        'status, type and binding cookies',
      )
      const { url } = JSON.parse(response.text) as { url: string }
      expectTrue(
        url.startsWith(`${emulator.dataCenters.us.accountsServer}/oauth/v2/auth?`),
        'the URL is that of the consent page',
      )
    },
  ],
  'connect-posts-page': [
    'POST /connect from a form redirects the browser',
    'Some apps use a form as the connect button.',
    async ({ start }) => {
      const response = await (await start()).visitor().submit('/zoho/connect')
      equal([response.status, response.text], [303, ''], 'status and body')
      expectTrue(
        response.headers['location']?.includes('/oauth/v2/auth?'),
        'Location is the consent page',
      )
    },
  ],
  'connect-returns-with-query': [
    'returnTo keeps its query unchanged',
    'The user returns to exactly the page where the connection was needed.',
    async ({ start }) => {
      const returnTo = '/candidates?page=2&q=a%20b%26c'
      expectRedirect(
        await (
          await start()
        )
          .visitor()
          .connect(`/zoho/connect?returnTo=${encodeURIComponent(returnTo)}`),
        returnTo,
      )
    },
  ],
  'connect-data-center': [
    'the query selects a configured data center; an unknown one is refused',
    'Customers in China start in their own data center, and secrets go only to configured hosts.',
    async ({ start }) => {
      const { visitor, emulator } = await start()
      const eu = await visitor().open('/zoho/connect?dataCenter=eu')
      expectTrue(
        eu.headers['location']?.startsWith(`${emulator.dataCenters.eu.accountsServer}/`),
        'the consent starts in the EU',
      )
      expectProblem(
        await visitor().script('/zoho/connect?dataCenter=evil.example'),
        400,
        'argument-invalid',
      )
    },
  ],
  'connect-signed-out': [
    'a signed-out user cannot connect',
    'Every connection needs a principal.',
    async ({ start }) => {
      const app = await start()
      const nobody = app.visitor(null)
      expectProblem(await nobody.script('/zoho/connect'), 401, 'principal-missing')
      expectErrorPage(await nobody.open('/zoho/connect'), 401, 'principal-missing')
    },
  ],
  'connect-prefetch': [
    'a prefetch does not start a consent (B3)',
    'A browser that loads pages in advance must not start a consent.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      for (const prefetchHeaders of [
        { 'sec-purpose': 'prefetch' },
        { 'sec-purpose': 'prefetch;prerender' },
        { purpose: 'prefetch' },
      ]) {
        const response = await alice.open('/zoho/connect', prefetchHeaders)
        equal(
          [response.status, bindingCookies(response), response.text],
          [503, [], ''],
          'status, binding cookies and body',
        )
      }
    },
  ],
  'connect-tabs': [
    'five concurrent consents are independent, and a sixth removes the oldest (S12)',
    'Users open many tabs, and the cookies must not exceed header limits.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      const first = await alice.open('/zoho/connect?returnTo=/first')
      for (let tab = 2; tab <= 5; tab++) await alice.open(`/zoho/connect?returnTo=/${tab}`)
      equal(
        [...alice.jar.keys()].filter((name) => name.startsWith('__Host-zro-')).length,
        5,
        'binding cookies in the browser',
      )
      const callbackUrl = await alice.decide(first.headers['location'])
      expectRedirect(await alice.open(callbackUrl.pathname + callbackUrl.search), '/first')
      await alice.open('/zoho/connect')
      const sixth = await alice.open('/zoho/connect')
      equal(
        bindingCookies(sixth).filter((cookie) => cookie.includes('Max-Age=0')).length,
        1,
        'deleted binding cookies',
      )
    },
  ],
})

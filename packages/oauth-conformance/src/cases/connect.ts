import { casesOf } from '../adapter-case.ts'
import { bindingsIn, equal, holds, pageOf, problemOf, redirects } from './expect.ts'

const crossSite = { 'sec-fetch-site': 'cross-site' }

export const connect = casesOf({
  'connect-redirects': [
    'GET /connect sends the browser to Zoho with all that RFC 6749 and 7636 ask for (S1, S5)',
    'the consent from login CSRF and from a code put in by a stranger',
    async ({ start }) => {
      const { visitor, settings, emulator } = await start()
      const answer = await visitor().open('/zoho/connect')
      const url = new URL(answer.headers['location'] ?? '')
      redirects(answer, url.href)
      equal(
        url.origin + url.pathname,
        `${emulator.dataCenters.us.accountsServer}/oauth/v2/auth`,
        'where consent begins',
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
      holds(
        /^[\w-]{43}$/.test(state ?? '') && /^[\w-]{43}$/.test(challenge ?? ''),
        'state and code_challenge are 32 octets in base64url',
      )
    },
  ],
  'connect-cookie': [
    'the binding cookie is sealed, HttpOnly, Lax and for this host alone (C1, C4, C5)',
    'the consent from sibling hosts, scripts and the eyes of others',
    async ({ start }) => {
      const answer = await (await start()).visitor().open('/zoho/connect')
      const [cookie = '', second] = bindingsIn(answer)
      holds(
        /^__Host-zro-[\w-]{8}=1\.[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/.test(
          cookie,
        ),
        `the binding cookie has its attributes, each once: ${cookie.replace(/=.*?;/, '=…;')}`,
      )
      equal(second, undefined, 'a second binding cookie')
      const state = new URL(answer.headers['location'] ?? '').searchParams.get('state') ?? ''
      holds(state !== '' && !cookie.includes(state), 'the state is not in the cookie in clear')
    },
  ],
  'connect-keeps-app-cookie': [
    'GET /connect keeps the cookies that the app has set, each in a header of its own',
    'the app’s own session from being cut off by a consent',
    async ({ start }) => {
      const answer = await (await start()).visitor().open('/zoho/connect')
      holds(
        answer.cookies.includes('app=kept; Path=/'),
        "the app's own cookie is a header of its own: " +
          answer.cookies.map((cookie) => cookie.split('=')[0]).join(', '),
      )
      equal(answer.cookies.length, 2, 'Set-Cookie headers')
    },
  ],
  'connect-posts-url': [
    'POST /connect answers a script with the address to go to',
    'single-page apps, whose navigations carry no session',
    async ({ start }) => {
      const { visitor, emulator } = await start()
      const answer = await visitor().script('/zoho/connect', {
        method: 'POST',
        headers: { origin: 'https://app.example.com' },
      })
      equal(
        [answer.status, answer.headers['content-type'], bindingsIn(answer).length],
        [200, 'application/json', 1],
        'status, type and binding cookies',
      )
      const { url } = JSON.parse(answer.text) as { url: string }
      holds(
        url.startsWith(`${emulator.dataCenters.us.accountsServer}/oauth/v2/auth?`),
        'the address is that of the consent page',
      )
    },
  ],
  'connect-posts-page': [
    'POST /connect from a form sends the browser on',
    'apps whose button is a form',
    async ({ start }) => {
      const answer = await (await start()).visitor().submit('/zoho/connect')
      equal([answer.status, answer.text], [303, ''], 'status and body')
      holds(
        answer.headers['location']?.includes('/oauth/v2/auth?'),
        'Location leads to the consent page',
      )
    },
  ],
  'connect-refuses-foreign-post': [
    'POST /connect from another site is refused, and sets nothing (S11)',
    'people from being connected by a page of somebody else’s',
    async ({ start }) => {
      const answer = await (
        await start()
      )
        .visitor()
        .script('/zoho/connect', { method: 'POST', headers: { origin: 'https://evil.example' } })
      problemOf(answer, 403, 'cross-site-request')
      equal(bindingsIn(answer), [], 'binding cookies')
    },
  ],
  'connect-refuses-foreign-image': [
    'an image or a script of another site begins nothing (S11)',
    'people from consents that they did not begin',
    async ({ start }) => {
      const answer = await (await start()).visitor().script('/zoho/connect', {
        headers: { ...crossSite, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      })
      problemOf(answer, 403, 'cross-site-request')
      equal(bindingsIn(answer), [], 'binding cookies')
    },
  ],
  'connect-confirms-foreign-link': [
    'a person who came by a link of another site confirms first (S11)',
    'people from a consent that a link began',
    async ({ start }) => {
      const answer = await (await start()).visitor().open('/zoho/connect?returnTo=/candidates', {
        ...crossSite,
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      })
      equal(
        [answer.status, answer.headers['content-type'], bindingsIn(answer)],
        [200, 'text/html; charset=utf-8', []],
        'status, type and binding cookies',
      )
      holds(
        answer.text.includes('href="/zoho/connect?returnTo=%2Fcandidates"'),
        'the page has a link that goes on',
      )
    },
  ],
  'connect-refuses-foreign-return': [
    'a returnTo that leads out of the app is refused (B14)',
    'people from being sent to a stranger after they consented',
    async ({ start }) => {
      const alice = (await start()).visitor()
      for (const returnTo of [
        '//evil.example',
        '/\\evil.example',
        'https://evil.example',
        '/..//evil.example',
        '/a\nb',
        '/ä',
        'javascript:alert(1)',
      ]) {
        const answer = await alice.open(`/zoho/connect?${new URLSearchParams({ returnTo })}`)
        equal(
          [answer.status, answer.headers['location'], bindingsIn(answer)],
          [400, undefined, []],
          `status, Location and cookies for returnTo=${returnTo}`,
        )
      }
    },
  ],
  'connect-returns-with-query': [
    'returnTo keeps its query, to the letter',
    'the page that somebody was on when they had to connect',
    async ({ start }) => {
      const to = '/candidates?page=2&q=a%20b%26c'
      redirects(
        await (await start()).visitor().connect(`/zoho/connect?returnTo=${encodeURIComponent(to)}`),
        to,
      )
    },
  ],
  'connect-data-center': [
    'consent begins in the data center that the query asks for, and in no unknown one',
    'customers in China, and the secret from places that nobody configured',
    async ({ start }) => {
      const { visitor, emulator } = await start()
      const eu = await visitor().open('/zoho/connect?dataCenter=eu')
      holds(
        eu.headers['location']?.startsWith(`${emulator.dataCenters.eu.accountsServer}/`),
        'consent begins in the EU',
      )
      problemOf(
        await visitor().script('/zoho/connect?dataCenter=evil.example'),
        500,
        'data-center-unknown',
      )
    },
  ],
  'connect-signed-out': [
    'nobody connects who is not signed in',
    'connections without an principal',
    async ({ start }) => {
      const scene = await start()
      const nobody = scene.visitor(null)
      problemOf(await nobody.script('/zoho/connect'), 401, 'principal-missing')
      pageOf(await nobody.open('/zoho/connect'), 401, 'principal-missing')
    },
  ],
  'connect-prefetch': [
    'a browser that fetches ahead begins nothing (B3)',
    'people from consents that a prefetch began',
    async ({ start }) => {
      const alice = (await start()).visitor()
      for (const ahead of [
        { 'sec-purpose': 'prefetch' },
        { 'sec-purpose': 'prefetch;prerender' },
        { purpose: 'prefetch' },
      ]) {
        const answer = await alice.open('/zoho/connect', ahead)
        equal(
          [answer.status, bindingsIn(answer), answer.text],
          [204, [], ''],
          'status, binding cookies and body',
        )
      }
    },
  ],
  'connect-tabs': [
    'five consents under way in one browser keep apart, and a sixth clears the oldest (S12)',
    'people with many tabs, and servers from headers that are too long',
    async ({ start }) => {
      const alice = (await start()).visitor()
      const first = await alice.open('/zoho/connect?returnTo=/first')
      for (let tab = 2; tab <= 5; tab++) await alice.open(`/zoho/connect?returnTo=/${tab}`)
      equal(
        [...alice.jar.keys()].filter((name) => name !== 'app').length,
        5,
        'binding cookies in the browser',
      )
      const back = await alice.decide(first.headers['location'])
      redirects(await alice.open(back.pathname + back.search), '/first')
      await alice.open('/zoho/connect')
      const sixth = await alice.open('/zoho/connect')
      equal(
        bindingsIn(sixth).filter((cookie) => cookie.includes('Max-Age=0')).length,
        1,
        'cleared binding cookies',
      )
    },
  ],
})

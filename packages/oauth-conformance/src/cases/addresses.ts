import { casesOf } from '../adapter-case.ts'
import type { TestApp } from '../harness/test-context.ts'
import { equal, holds, isConnected, isOwn404, problemOf, redirects } from './expect.ts'

const lies = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'http',
  'x-forwarded-port': '8080',
  'x-forwarded-prefix': '/evil',
  forwarded: 'for=1.2.3.4;host=evil.example;proto=http',
  'x-original-url': '/evil',
  'x-rewrite-url': '/evil',
}

const redirectUriOf = (location: string | undefined) =>
  new URL(location ?? '').searchParams.get('redirect_uri')

const begins = async (
  { ask, settings }: TestApp,
  path: string,
  headers: Record<string, string> = {},
) => {
  const answer = await ask({
    path,
    headers: { cookie: 'session=alice@acme', accept: 'text/html', ...headers },
  })
  equal(
    [answer.status, redirectUriOf(answer.headers['location'])],
    [303, settings.options.redirectUri],
    `${path}: status and redirect_uri`,
  )
  return answer
}

export const addresses = casesOf({
  'lying-proxy-connect': [
    'a proxy that lies about the host changes no address of a consent (S7)',
    'the code from a host that a request named',
    async ({ start }) => {
      const answer = await begins(await start(), '/zoho/connect', lies)
      holds(!JSON.stringify(answer).includes('evil'), 'nothing of the lie is in the answer')
    },
  ],
  'lying-proxy-callback': [
    'a proxy that lies about the host changes no address of an exchange (S7)',
    'the code from a host that a request named',
    async ({ start }) => {
      const alice = (await start()).visitor()
      const begun = await alice.open('/zoho/connect')
      const back = await alice.decide(begun.headers['location'])
      // The emulator compares the redirect URI of the exchange with that of the request, to the
      // letter.
      redirects(await alice.open(back.pathname + back.search, lies), '/')
      isConnected(await alice.script('/candidates'))
    },
  ],
  'lying-proxy-gate': [
    'a proxy that lies about the host changes no address of the gate (S7)',
    'people from being sent to a stranger to connect',
    async ({ start }) => {
      const scene = await start()
      const answer = await scene.visitor().script('/candidates', { headers: lies })
      equal(
        problemOf(answer, 401, 'not-connected')['connect'],
        'https://app.example.com/zoho/connect',
        'the address to connect at',
      )
      redirects(
        await scene.visitor().open('/candidates', lies),
        '/zoho/connect?returnTo=%2Fcandidates',
      )
    },
  ],
  'lying-proxy-origin': [
    'a Host that names another site does not make that site’s form one of ours',
    'people from being disconnected by a page of somebody else’s',
    async ({ start }) => {
      const { ask } = await start()
      const answer = await ask({
        method: 'POST',
        path: '/zoho/disconnect',
        headers: {
          host: 'evil.example',
          origin: 'https://evil.example',
          cookie: 'session=alice@acme',
          accept: 'application/json',
        },
      })
      problemOf(answer, 403, 'cross-site-request')
    },
  ],
  'plain-http-behind-tls': [
    'behind a proxy that ends TLS the cookies are Secure all the same',
    'apps that hear plain HTTP, from a framework that refuses Secure cookies there',
    async ({ start }) => {
      const scene = await start()
      const answer = await begins(scene, '/zoho/connect', { 'x-forwarded-proto': 'https' })
      holds(
        answer.cookies.some(
          (cookie) => cookie.startsWith('__Host-zro-') && cookie.includes('; Secure'),
        ),
        'the binding cookie is Secure',
      )
    },
  ],
  'loopback-http': [
    'on a developer’s own machine, without TLS, the cookies go without Secure',
    'the developer on their first day',
    async ({ start }) => {
      const alice = (await start({ redirectUri: 'http://localhost:3000/zoho/callback' })).visitor()
      const begun = await alice.open('/zoho/connect')
      holds(
        begun.cookies.some((cookie) => /^zro-.*SameSite=Lax$/.test(cookie)),
        'the binding cookie has neither prefix nor Secure',
      )
      const back = await alice.decide(begun.headers['location'])
      redirects(await alice.open(back.pathname + back.search), '/')
    },
  ],
  'deep-mount': [
    'mounted under a long prefix, all of it works',
    'apps whose integrations live below each other',
    async ({ start }) => {
      const alice = (
        await start({ redirectUri: 'https://app.example.com/api/v2/integrations/zoho/callback' })
      ).visitor()
      redirects(
        await alice.open('/candidates'),
        '/api/v2/integrations/zoho/connect?returnTo=%2Fcandidates',
      )
      redirects(await alice.connect('/api/v2/integrations/zoho/connect'), '/')
      isConnected(await alice.script('/candidates'))
      redirects(await alice.submit('/api/v2/integrations/zoho/disconnect'), '/')
    },
  ],
  'callback-named-otherwise': [
    'the callback is called as redirectUri says',
    'clients that are registered already',
    async ({ start }) => {
      const alice = (
        await start({ redirectUri: 'https://app.example.com/zoho/oauth2callback' })
      ).visitor()
      redirects(await alice.connect(), '/')
      isConnected(await alice.script('/candidates'))
      isOwn404(await alice.open('/zoho/callback'))
    },
  ],
  'mounted-twice': [
    'mounted twice, the redirect URI is the configured one and the second mount takes nothing over',
    'apps that were put together from parts',
    async ({ start }) => {
      const scene = await start({ alsoMount: '/other' })
      await begins(scene, '/zoho/connect')
      const other = await scene.visitor().open('/other/connect')
      holds(
        other.status === 404 || other.status === 500,
        `the mount where redirectUri does not point begins nothing: ${other.status}`,
      )
      equal(other.headers['location'], undefined, 'Location of the other mount')
      redirects(await scene.visitor().connect(), '/')
    },
  ],
  'stripped-prefix': [
    'behind a proxy that strips a prefix, mountPath says what is left',
    'apps behind a gateway with a path for each service',
    async ({ start }) => {
      const scene = await start({
        redirectUri: 'https://app.example.com/recruiting/zoho/callback',
        options: { mountPath: '/zoho' },
        mount: '/zoho',
      })
      const alice = scene.visitor()
      redirects(
        await alice.open('/candidates'),
        '/recruiting/zoho/connect?returnTo=%2Frecruiting%2Fcandidates',
      )
      const begun = await alice.open('/zoho/connect')
      equal(
        redirectUriOf(begun.headers['location']),
        'https://app.example.com/recruiting/zoho/callback',
        'redirect_uri',
      )
      const back = await alice.decide(begun.headers['location'])
      redirects(await alice.open(back.pathname.replace('/recruiting', '') + back.search), '/')
      isConnected(await alice.script('/candidates'))
    },
  ],
  'query-on-mount': [
    'queries that are not ours change nothing',
    'links with a campaign in them',
    async ({ start }) =>
      void (await begins(await start(), '/zoho/connect?utm_source=mail&x=%00&x=2')),
  ],
})

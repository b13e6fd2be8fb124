import { casesOf } from '../adapter-case.ts'
import type { TestApp } from '../harness/test-context.ts'
import {
  equal,
  expectTrue,
  expectConnected,
  expectOwn404,
  expectProblem,
  expectRedirect,
} from './expect.ts'

const forgedHeaders = {
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

const expectConsentStart = async (
  { send, settings }: TestApp,
  path: string,
  headers: Record<string, string> = {},
) => {
  const response = await send({
    path,
    headers: { cookie: 'session=alice@acme', accept: 'text/html', ...headers },
  })
  equal(
    [response.status, redirectUriOf(response.headers['location'])],
    [303, settings.options.redirectUri],
    `${path}: status and redirect_uri`,
  )
  return response
}

export const addresses = casesOf({
  'lying-proxy-connect': [
    'forged forwarding headers do not change the URLs of a consent (S7)',
    'The code must not be sent to a host named in a request.',
    async ({ start }) => {
      const response = await expectConsentStart(await start(), '/zoho/connect', forgedHeaders)
      expectTrue(!JSON.stringify(response).includes('evil'), 'the response has no forged host')
    },
  ],
  'lying-proxy-callback': [
    'forged forwarding headers do not change the URLs of an exchange (S7)',
    'The code must not be sent to a host named in a request.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      const connectResponse = await alice.open('/zoho/connect')
      const callbackUrl = await alice.decide(connectResponse.headers['location'])
      // The emulator requires the same redirect URI in the authorization and the token request.
      expectRedirect(
        await alice.open(callbackUrl.pathname + callbackUrl.search, forgedHeaders),
        '/',
      )
      expectConnected(await alice.script('/candidates'))
    },
  ],
  'lying-proxy-gate': [
    'forged forwarding headers do not change the URLs of the guard (S7)',
    'Users must not be sent to a foreign site to connect.',
    async ({ start }) => {
      const app = await start()
      const response = await app.visitor().script('/candidates', { headers: forgedHeaders })
      equal(
        expectProblem(response, 401, 'not-connected')['connect'],
        'https://app.example.com/zoho/connect',
        'the connect URL',
      )
      expectRedirect(
        await app.visitor().open('/candidates', forgedHeaders),
        '/zoho/connect?returnTo=%2Fcandidates',
      )
    },
  ],
  'lying-proxy-origin': [
    'a forged Host header does not make a form of another site same-origin',
    'Another site must not disconnect the user.',
    async ({ start }) => {
      const { send } = await start()
      const response = await send({
        method: 'POST',
        path: '/zoho/disconnect',
        headers: {
          host: 'evil.example',
          origin: 'https://evil.example',
          cookie: 'session=alice@acme',
          accept: 'application/json',
        },
      })
      expectProblem(response, 403, 'cross-site-request')
    },
  ],
  'plain-http-behind-tls': [
    'behind a proxy that terminates TLS, the cookies are Secure',
    'The framework only sees plain HTTP and may refuse Secure cookies.',
    async ({ start }) => {
      const app = await start()
      const response = await expectConsentStart(app, '/zoho/connect', {
        'x-forwarded-proto': 'https',
      })
      expectTrue(
        response.cookies.some(
          (cookie) => cookie.startsWith('__Host-zro-') && cookie.includes('; Secure'),
        ),
        'the binding cookie is Secure',
      )
    },
  ],
  'loopback-http': [
    'on loopback without TLS, the cookies are not Secure',
    'Developers start without TLS.',
    async ({ start }) => {
      const alice = (await start({ redirectUri: 'http://localhost:3000/zoho/callback' })).visitor()
      const connectResponse = await alice.open('/zoho/connect')
      expectTrue(
        connectResponse.cookies.some((cookie) => /^zro-.*SameSite=Lax$/.test(cookie)),
        'the binding cookie has neither prefix nor Secure',
      )
      const callbackUrl = await alice.decide(connectResponse.headers['location'])
      expectRedirect(await alice.open(callbackUrl.pathname + callbackUrl.search), '/')
    },
  ],
  'deep-mount': [
    'everything works under a long mount path',
    'Apps nest their integrations.',
    async ({ start }) => {
      const alice = (
        await start({ redirectUri: 'https://app.example.com/api/v2/integrations/zoho/callback' })
      ).visitor()
      expectRedirect(
        await alice.open('/candidates'),
        '/api/v2/integrations/zoho/connect?returnTo=%2Fcandidates',
      )
      expectRedirect(await alice.connect('/api/v2/integrations/zoho/connect'), '/')
      expectConnected(await alice.script('/candidates'))
      expectRedirect(await alice.submit('/api/v2/integrations/zoho/disconnect'), '/')
    },
  ],
  'callback-named-otherwise': [
    'the path of redirectUri names the callback route',
    'Some clients are registered already with another path.',
    async ({ start }) => {
      const alice = (
        await start({ redirectUri: 'https://app.example.com/zoho/oauth2callback' })
      ).visitor()
      expectRedirect(await alice.connect(), '/')
      expectConnected(await alice.script('/candidates'))
      expectOwn404(await alice.open('/zoho/callback'))
    },
  ],
  'redirect-uri-slash': [
    'the redirect URI can end in a slash',
    'Some clients are registered already with such an address.',
    async ({ start }) => {
      const app = await start({ redirectUri: 'https://app.example.com/zoho/callback/' })
      const alice = app.visitor()
      expectRedirect(await alice.connect('/zoho/connect'), '/')
      expectConnected(await alice.script('/candidates'))
    },
  ],
  'redirect-uri-one-segment': [
    'the redirect URI can have one segment',
    'Some clients are registered already with such an address.',
    async ({ start }) => {
      const alice = (await start({ redirectUri: 'https://app.example.com/callback' })).visitor()
      expectRedirect(await alice.open('/candidates'), '/connect?returnTo=%2Fcandidates')
      expectRedirect(await alice.connect('/connect'), '/')
      expectConnected(await alice.script('/candidates'))
      expectOwn404(await alice.open('/elsewhere'))
    },
  ],
  'mounted-twice': [
    'a second mount keeps the configured redirect URI and starts no consent',
    'Apps are composed of parts that can mount the routes twice.',
    async ({ start }) => {
      const app = await start({ alsoMount: '/other' })
      await expectConsentStart(app, '/zoho/connect')
      const other = await app.visitor().open('/other/connect')
      expectTrue(
        other.status === 404 || other.status === 500,
        `the other mount does not start a consent: ${other.status}`,
      )
      equal(other.headers['location'], undefined, 'Location of the other mount')
      expectRedirect(await app.visitor().connect(), '/')
    },
  ],
  'stripped-prefix': [
    'mountPath is the remaining path behind a proxy that strips a prefix',
    'Gateways use a path prefix for each service.',
    async ({ start }) => {
      const app = await start({
        redirectUri: 'https://app.example.com/recruiting/zoho/callback',
        options: { mountPath: '/zoho' },
        mount: '/zoho',
      })
      const alice = app.visitor()
      expectRedirect(
        await alice.open('/candidates'),
        '/recruiting/zoho/connect?returnTo=%2Frecruiting%2Fcandidates',
      )
      const connectResponse = await alice.open('/zoho/connect')
      equal(
        redirectUriOf(connectResponse.headers['location']),
        'https://app.example.com/recruiting/zoho/callback',
        'redirect_uri',
      )
      const callbackUrl = await alice.decide(connectResponse.headers['location'])
      expectRedirect(
        await alice.open(callbackUrl.pathname.replace('/recruiting', '') + callbackUrl.search),
        '/',
      )
      expectConnected(await alice.script('/candidates'))
    },
  ],
  'query-on-mount': [
    'unknown query parameters change nothing',
    'Links can have campaign parameters.',
    async ({ start }) =>
      void (await expectConsentStart(await start(), '/zoho/connect?utm_source=mail&x=%00&x=2')),
  ],
})

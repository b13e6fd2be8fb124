import { casesOf } from '../adapter-case.ts'
import {
  bindingCookies,
  equal,
  expectConnected,
  expectOwn404,
  expectOwnError,
  expectPrivate,
  expectErrorPage,
  expectProblem,
  expectRedirect,
  expectTokenCalls,
} from './expect.ts'

export const guard = casesOf({
  'gate-page': [
    'a page that needs a connection redirects to /connect with returnTo',
    'The user returns to the requested page after the consent.',
    async ({ start }) => {
      const response = await (await start()).visitor().open('/candidates?a=1&b=%2F')
      expectRedirect(response, '/zoho/connect?returnTo=%2Fcandidates%3Fa%3D1%26b%3D%252F')
      expectPrivate(response)
      equal(bindingCookies(response), [], 'binding cookies')
    },
  ],
  'gate-script': [
    'a script gets 401 with the connect URL',
    'Scripts cannot follow a redirect to the consent page.',
    async ({ start }) => {
      const response = await (await start()).visitor().script('/candidates?script')
      const problem = expectProblem(response, 401, 'not-connected')
      equal(
        [problem['remedy'], problem['connect']],
        ['ask-consent', 'https://app.example.com/zoho/connect'],
        'remedy and connect URL',
      )
      expectPrivate(response)
    },
  ],
  'gate-fetch-of-a-browser': [
    'fetch() in a browser is treated as a script, even with Accept: text/html',
    'A script must not get an HTML page of Zoho.',
    async ({ start }) => {
      expectProblem(
        await (await start()).visitor().open('/candidates', {
          'sec-fetch-mode': 'cors',
          'sec-fetch-dest': 'empty',
          'sec-fetch-site': 'same-origin',
        }),
        401,
        'not-connected',
      )
    },
  ],
  'gate-signed-out': [
    'a signed-out user gets 401, as a page or as a problem document',
    'Unknown users must not be sent to the consent page.',
    async ({ start }) => {
      const nobody = (await start()).visitor(null)
      expectProblem(await nobody.script('/candidates'), 401, 'principal-missing')
      expectErrorPage(await nobody.open('/candidates'), 401, 'principal-missing')
    },
  ],
  'gate-scopes': [
    'missing scopes are 403 and are listed',
    'Another consent would not help, and the developer must know the scopes.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      equal(
        expectProblem(await alice.script('/users'), 403, 'scope-missing')['missingScopes'],
        ['ZohoRecruit.users.READ'],
        'missing scopes',
      )
      expectErrorPage(await alice.open('/users'), 403, 'scope-missing')
    },
  ],
  'gate-scopes-granted': [
    'a request with the granted scopes passes',
    'Customers who granted the scopes must have access.',
    async ({ start }) => {
      const alice = (
        await start({ options: { scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.users.READ'] } })
      ).visitor()
      await alice.connect()
      const response = await alice.script('/users')
      equal([response.status, response.text], [200, 'users'], 'status and body')
    },
  ],
  'gate-head': [
    'HEAD of a page that needs a connection has no body and starts no consent',
    'Link scanners send HEAD requests.',
    async ({ start }) => {
      const app = await start()
      const response = await app.send({
        method: 'HEAD',
        path: '/candidates',
        headers: { cookie: 'session=alice@acme', accept: 'text/html' },
      })
      equal(
        [response.status, response.text, bindingCookies(response)],
        [401, '', []],
        'status, body and binding cookies',
      )
    },
  ],
  'gate-own-error': [
    'an error of the app behind the guard is handled by the app',
    'The library must not hide errors of the app.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      expectOwnError(await alice.script('/guarded-failure'))
    },
  ],
  'gate-session-error': [
    'an error of connectionFor in the guard is handled by the app',
    'The library must not hide errors of the app.',
    async ({ start }) => {
      const broken = (await start()).visitor('broken')
      expectOwnError(await broken.script('/candidates'))
      expectOwnError(await broken.open('/candidates'))
    },
  ],
  'routes-session-error': [
    'an error of connectionFor in the routes is handled by the app',
    'The library must not hide errors of the app.',
    async ({ start }) => {
      const broken = (await start()).visitor('broken')
      expectOwnError(await broken.open('/zoho/connect'))
      expectOwnError(await broken.submit('/zoho/disconnect'))
    },
  ],
  'own-failure': [
    'an error of the app without the guard is handled by the app',
    'The library must not hide errors of the app.',
    async ({ start }) => expectOwnError(await (await start()).visitor().open('/failure')),
  ],
  'library-error': [
    'an error of the library in a handler becomes its response',
    'Errors with a remedy must not become a 500.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      const problem = expectProblem(await alice.script('/job'), 401, 'not-connected')
      equal(problem['remedy'], 'ask-consent', 'remedy')
      expectErrorPage(await alice.open('/job'), 401, 'not-connected')
    },
  ],
  'gate-throttled': [
    'while Zoho throttles, calls pass on Zoho’s 401 and cause one token request (T14)',
    'More requests would extend the block.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      await alice.connect()
      app.emulator.addFault({ kind: 'throttle', on: 'token' })
      app.emulator.endAccessTokens()
      const expectRefused = async () => {
        const { status, text } = await alice.script('/candidates')
        equal(
          [status, (JSON.parse(text) as { code?: unknown }).code],
          [401, 'INVALID_TOKEN'],
          'Zoho’s response',
        )
      }
      await expectRefused()
      const calls = app.emulator.calls().token
      await expectRefused()
      expectTokenCalls(app, calls)
    },
  ],
  'gate-hands-on': [
    'a handler forwards Zoho’s response without its cookies and content encoding',
    'These headers do not apply to the response of the app.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      const response = await alice.script('/candidates?handed=on')
      expectConnected(response)
      equal(
        [response.headers['content-encoding'], bindingCookies(response)],
        [undefined, []],
        'Content-Encoding and binding cookies',
      )
    },
  ],
  'not-the-gate': [
    'without the guard, the app’s own 404 is the response, connected or not',
    'The library must not affect other routes.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      expectOwn404(await alice.open('/elsewhere'))
      await alice.connect()
      expectOwn404(await alice.script('/elsewhere', { method: 'POST' }))
    },
  ],
})

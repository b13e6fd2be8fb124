import { casesOf } from '../adapter-case.ts'
import {
  bindingsIn,
  equal,
  isConnected,
  isOwn404,
  isOwnError,
  isPrivate,
  pageOf,
  problemOf,
  redirects,
  tokenCalls,
} from './expect.ts'

export const gate = casesOf({
  'gate-page': [
    'a page that needs a connection leads to /connect, with the way back',
    'the person who only wanted to see the page',
    async ({ start }) => {
      const answer = await (await start()).visitor().open('/candidates?a=1&b=%2F')
      redirects(answer, '/zoho/connect?returnTo=%2Fcandidates%3Fa%3D1%26b%3D%252F')
      isPrivate(answer)
      equal(bindingsIn(answer), [], 'binding cookies')
    },
  ],
  'gate-script': [
    'a script gets 401 with the address to connect at',
    'single-page apps from a redirect that they cannot follow',
    async ({ start }) => {
      const answer = await (await start()).visitor().script('/candidates?script')
      const problem = problemOf(answer, 401, 'not-connected')
      equal(
        [problem['remedy'], problem['connect']],
        ['ask-consent', 'https://app.example.com/zoho/connect'],
        'remedy and address',
      )
      isPrivate(answer)
    },
  ],
  'gate-fetch-of-a-browser': [
    'a fetch in a browser is a script, whatever it accepts',
    'scripts that accept text/html from a page of Zoho’s',
    async ({ start }) => {
      problemOf(
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
    'who is not signed in is told so, as a page or as a problem document',
    'strangers from being sent to consent',
    async ({ start }) => {
      const nobody = (await start()).visitor(null)
      problemOf(await nobody.script('/candidates'), 401, 'principal-missing')
      pageOf(await nobody.open('/candidates'), 401, 'principal-missing')
    },
  ],
  'gate-scopes': [
    'missing scopes are 403, and named',
    'the developer from guessing, and the person from consenting in a circle',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      equal(
        problemOf(await alice.script('/users'), 403, 'scope-missing')['missingScopes'],
        ['ZohoRecruit.users.READ'],
        'missing scopes',
      )
      pageOf(await alice.open('/users'), 403, 'scope-missing')
    },
  ],
  'gate-scopes-granted': [
    'granted scopes let through',
    'customers who granted what was needed',
    async ({ start }) => {
      const alice = (
        await start({ options: { scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.users.READ'] } })
      ).visitor()
      await alice.connect()
      const answer = await alice.script('/users')
      equal([answer.status, answer.text], [200, 'users'], 'status and body')
    },
  ],
  'gate-head': [
    'HEAD of a page that needs a connection has no body, and begins nothing',
    'people from consents that a scanner of links began',
    async ({ start }) => {
      const scene = await start()
      const answer = await scene.ask({
        method: 'HEAD',
        path: '/candidates',
        headers: { cookie: 'session=alice@acme', accept: 'text/html' },
      })
      equal(
        [answer.status, answer.text, bindingsIn(answer)],
        [401, '', []],
        'status, body and binding cookies',
      )
    },
  ],
  'gate-own-error': [
    'an error of the app’s own behind the gate stays the app’s own',
    'the developer from errors that this library hides',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      isOwnError(await alice.script('/gated-failure'))
    },
  ],
  'gate-session-error': [
    'an error of the app’s own in connectionFor stays the app’s own',
    'the developer from errors that this library hides',
    async ({ start }) => {
      const broken = (await start()).visitor('broken')
      isOwnError(await broken.script('/candidates'))
      isOwnError(await broken.open('/candidates'))
    },
  ],
  'routes-session-error': [
    'an error of the app’s own in connectionFor, asked by the routes, stays the app’s own',
    'the developer from errors that this library hides',
    async ({ start }) => {
      const broken = (await start()).visitor('broken')
      isOwnError(await broken.open('/zoho/connect'))
      isOwnError(await broken.submit('/zoho/disconnect'))
    },
  ],
  'own-failure': [
    'an error of the app’s own without the gate stays the app’s own',
    'the developer from errors that this library hides',
    async ({ start }) => isOwnError(await (await start()).visitor().open('/failure')),
  ],
  'library-error': [
    'an error of this library in a handler becomes its answer',
    'the developer from a 500 for what has a cure',
    async ({ start }) => {
      const alice = (await start()).visitor()
      const problem = problemOf(await alice.script('/job'), 401, 'not-connected')
      equal(problem['remedy'], 'ask-consent', 'remedy')
      pageOf(await alice.open('/job'), 401, 'not-connected')
    },
  ],
  'gate-throttled': [
    'while Zoho throttles, a call with an ended token gets Zoho’s 401, and the token ' +
      'endpoint is called once (T14)',
    'the account from a lock-out that Zoho prolongs',
    async ({ start }) => {
      const scene = await start()
      const alice = scene.visitor()
      await alice.connect()
      scene.emulator.addFault({ kind: 'throttle', on: 'token' })
      scene.emulator.endAccessTokens()
      const refused = async () => {
        const { status, text } = await alice.script('/candidates')
        equal(
          [status, (JSON.parse(text) as { code?: unknown }).code],
          [401, 'INVALID_TOKEN'],
          'Zoho’s answer',
        )
      }
      await refused()
      const calls = scene.emulator.calls().token
      await refused()
      tokenCalls(scene, calls)
    },
  ],
  'gate-hands-on': [
    'what Zoho answers is handed on by the handler, without Zoho’s cookies or encodings',
    'the app’s answers from headers that are not true of them',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      const answer = await alice.script('/candidates?handed=on')
      isConnected(answer)
      equal(
        [answer.headers['content-encoding'], bindingsIn(answer)],
        [undefined, []],
        'Content-Encoding and binding cookies',
      )
    },
  ],
  'not-the-gate': [
    'behind no gate the app’s own 404 is the answer, connected or not',
    'the rest of the app',
    async ({ start }) => {
      const alice = (await start()).visitor()
      isOwn404(await alice.open('/elsewhere'))
      await alice.connect()
      isOwn404(await alice.script('/elsewhere', { method: 'POST' }))
    },
  ],
})

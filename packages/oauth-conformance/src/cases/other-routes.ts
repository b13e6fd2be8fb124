import { casesOf } from '../adapter-case.ts'
import {
  equal,
  expectConnected,
  expectOwn404,
  expectPrivate,
  expectErrorPage,
  expectProblem,
} from './expect.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }

export const otherRoutes = casesOf({
  'falls-through-below': [
    'unknown paths below the mount are handled by the app',
    'The app can have its own routes there.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      for (const path of ['/zoho', '/zoho/', '/zoho/else', '/zoho/connected', '/zoho/connect/more'])
        expectOwn404(await alice.open(path))
    },
  ],
  'falls-through-alike': [
    'encoded, upper-case and doubled-slash variants of the routes do not match',
    'Guards and proxies compare paths exactly.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      for (const path of [
        '/zoho/%63onnect',
        '/zoho/CONNECT',
        '/zoho/connect/',
        '/zoho//connect',
        '//zoho/connect',
        '/zoho/connect%2F',
        '/zoho/connect;a=b',
      ]) {
        const response = await alice.open(path)
        equal(
          [path, response.status, response.headers['location']],
          [path, 404, undefined],
          'path, status and Location',
        )
      }
    },
  ],
  'falls-through-methods': [
    'the routes refuse other methods and list the allowed ones',
    'Clients need a correct Allow header.',
    async ({ start }) => {
      const { send } = await start()
      for (const [path, allow] of [
        ['/zoho/connect', 'GET, POST'],
        ['/zoho/callback', 'GET'],
        ['/zoho/disconnect', 'POST'],
      ] as const) {
        for (const method of ['PUT', 'DELETE', 'PATCH']) {
          const response = await send({
            method,
            path,
            headers: { cookie: 'session=alice@acme', accept: 'application/json' },
          })
          expectProblem(response, 405, 'method-not-allowed')
          equal(response.headers['allow'], allow, `Allow of ${method} ${path}`)
        }
      }
    },
  ],
  'answers-are-private': [
    'all responses of the routes forbid caching and referrers (O4)',
    'Caches and other sites must not receive codes and addresses.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      for (const response of [
        await alice.open('/zoho/connect'),
        await alice.open('/zoho/callback'),
        await alice.script('/zoho/callback'),
        await alice.script('/zoho/disconnect'),
      ])
        expectPrivate(response)
      expectPrivate(await alice.connect('/zoho/connect?returnTo=%2Fprivate'))
      expectPrivate(await alice.submit('/zoho/disconnect'))
    },
  ],
  'pages-are-static': [
    'pages allow only their own style, and no frames (C7)',
    'This protects against clickjacking and injected markup.',
    async ({ start }) => {
      const response = await (
        await start()
      )
        .visitor()
        .open('/zoho/callback?error=%3Cb%3E&state=%22%3E%3Cscript%3E')
      expectErrorPage(response, 400, 'callback-malformed')
      const policy = response.headers['content-security-policy'] ?? ''
      equal(
        policy.replace(/'sha256-[\w+/=]+'/, "'sha256-…'"),
        "default-src 'none'; style-src 'sha256-…'; frame-ancestors 'none'; base-uri 'none'; " +
          "form-action 'none'",
        'the policy of the page',
      )
    },
  ],
  'body-form': [
    'the routes work with a form body, parsed or not',
    'Apps can have body parsers.',
    async ({ start }) => {
      for (const bodyParser of [true, false]) {
        const alice = (await start({ bodyParser })).visitor()
        const connectResponse = await alice.submit('/zoho/connect', {
          headers: form,
          body: `csrf=abc&more=${'x'.repeat(4_000)}`,
        })
        equal(
          connectResponse.status,
          303,
          `status of POST /connect with a form (body parser: ${bodyParser})`,
        )
        await alice.connect()
        equal(
          (await alice.submit('/zoho/disconnect', { headers: form, body: 'csrf=abc' })).status,
          303,
          `status of POST /disconnect with a form (body parser: ${bodyParser})`,
        )
      }
    },
  ],
  'body-json': [
    'the routes work with a JSON body, parsed or not',
    'Apps can have body parsers.',
    async ({ start }) => {
      for (const bodyParser of [true, false]) {
        const alice = (await start({ bodyParser })).visitor()
        const connectResponse = await alice.script('/zoho/connect', {
          method: 'POST',
          headers: json,
          body: '{"a":1}',
        })
        equal(
          connectResponse.status,
          200,
          `status of POST /connect with JSON (body parser: ${bodyParser})`,
        )
        equal(
          (await alice.script('/zoho/disconnect', { method: 'POST', headers: json, body: '{}' }))
            .status,
          204,
          'status of POST /disconnect with JSON, where nothing is connected (body parser: ' +
            `${bodyParser})`,
        )
      }
    },
  ],
  'body-of-the-app': [
    'the bodies of the app’s own requests arrive unchanged',
    'The app’s own forms and APIs must keep working.',
    async ({ start }) => {
      const body = JSON.stringify({ name: 'Zoë', list: [1, 2, 3] })
      const response = await (
        await start()
      )
        .visitor()
        .script('/echo', { method: 'POST', headers: json, body })
      equal([response.status, response.text], [200, body], 'status and body of POST /echo')
    },
  ],
  'cookies-of-the-app': [
    'large and malformed cookies of other apps do not matter (C2, C6)',
    'Browsers hold cookies of other apps on the same host.',
    async ({ start }) => {
      const { visitor, send } = await start()
      const odd =
        'a=b=c; =x; y; __Host-zro-12345678=garbage; \u00a0__Host-zro-x=1; session=alice@acme; ' +
        `big=${'x'.repeat(4_000)}; $Version=1`
      const response = await send({
        path: '/zoho/connect',
        headers: { cookie: Buffer.from(odd, 'latin1').toString('latin1'), accept: 'text/html' },
      })
      equal(response.status, 303, 'status of GET /connect')
      const alice = visitor()
      await alice.connect()
      expectConnected(
        await alice.script('/candidates', { headers: { cookie: 'other=%%%; session=alice@acme' } }),
      )
    },
  ],
})

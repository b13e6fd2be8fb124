import { casesOf } from '../adapter-case.ts'
import { equal, isConnected, isOwn404, isPrivate, pageOf, problemOf } from './expect.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }

export const otherRoutes = casesOf({
  'falls-through-below': [
    'what is below the mount and not ours is the app’s',
    'the app’s own routes beside ours',
    async ({ start }) => {
      const alice = (await start()).visitor()
      for (const path of ['/zoho', '/zoho/', '/zoho/else', '/zoho/connected', '/zoho/connect/more'])
        isOwn404(await alice.open(path))
    },
  ],
  'falls-through-alike': [
    'what only looks like one of our paths is not ours: encoded, in capitals, with a slash ' +
      'too many',
    'gates and proxies that compare paths to the letter',
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
        const answer = await alice.open(path)
        equal(
          [path, answer.status, answer.headers['location']],
          [path, 404, undefined],
          'path, status and Location',
        )
      }
    },
  ],
  'falls-through-methods': [
    'methods that are not ours are refused on our routes, whichever they are, and name ours',
    'clients that try',
    async ({ start }) => {
      const { ask } = await start()
      for (const [path, allow] of [
        ['/zoho/connect', 'GET, POST'],
        ['/zoho/callback', 'GET'],
        ['/zoho/disconnect', 'POST'],
      ] as const) {
        for (const method of ['PUT', 'DELETE', 'PATCH']) {
          const answer = await ask({
            method,
            path,
            headers: { cookie: 'session=alice@acme', accept: 'application/json' },
          })
          problemOf(answer, 405, 'method-not-allowed')
          equal(answer.headers['allow'], allow, `Allow of ${method} ${path}`)
        }
      }
    },
  ],
  'answers-are-private': [
    'every answer of the routes forbids caches and referrers (O4)',
    'codes and addresses from whoever stands in between',
    async ({ start }) => {
      const alice = (await start()).visitor()
      for (const answer of [
        await alice.open('/zoho/connect'),
        await alice.open('/zoho/callback'),
        await alice.script('/zoho/callback'),
        await alice.script('/zoho/disconnect'),
      ])
        isPrivate(answer)
      isPrivate(await alice.connect('/zoho/connect?returnTo=%2Fprivate'))
      isPrivate(await alice.submit('/zoho/disconnect'))
    },
  ],
  'pages-are-static': [
    'pages allow their own style and nothing else, in no frame (C7)',
    'people from clickjacking and from what a query brings along',
    async ({ start }) => {
      const answer = await (
        await start()
      )
        .visitor()
        .open('/zoho/callback?error=%3Cb%3E&state=%22%3E%3Cscript%3E')
      pageOf(answer, 400, 'callback-malformed')
      equal(
        /^default-src 'none'; style-src 'sha256-[\w+/=]+'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/.test(
          answer.headers['content-security-policy'] ?? '',
        ),
        true,
        'the policy of the page',
      )
    },
  ],
  'body-form': [
    'a form’s body does not stand in the way, parsed or not',
    'apps with body parsers, and apps without',
    async ({ start }) => {
      for (const bodyParser of [true, false]) {
        const alice = (await start({ bodyParser })).visitor()
        const begun = await alice.submit('/zoho/connect', {
          headers: form,
          body: `csrf=abc&more=${'x'.repeat(4_000)}`,
        })
        equal(begun.status, 303, `status of POST /connect with a form (body parser: ${bodyParser})`)
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
    'a JSON body does not stand in the way, parsed or not',
    'apps with body parsers, and apps without',
    async ({ start }) => {
      for (const bodyParser of [true, false]) {
        const alice = (await start({ bodyParser })).visitor()
        const begun = await alice.script('/zoho/connect', {
          method: 'POST',
          headers: json,
          body: '{"a":1}',
        })
        equal(begun.status, 200, `status of POST /connect with JSON (body parser: ${bodyParser})`)
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
    'the app’s own bodies arrive as they were sent',
    'the app’s own forms and APIs',
    async ({ start }) => {
      const body = JSON.stringify({ name: 'Zoë', list: [1, 2, 3] })
      const answer = await (
        await start()
      )
        .visitor()
        .script('/echo', { method: 'POST', headers: json, body })
      equal([answer.status, answer.text], [200, body], 'status and body of POST /echo')
    },
  ],
  'cookies-of-the-app': [
    'big and odd cookies of others do not stand in the way (C2, C6)',
    'people whose browser holds what others left there',
    async ({ start }) => {
      const { visitor, ask } = await start()
      const odd =
        'a=b=c; =x; y; __Host-zro-12345678=garbage; \u00a0__Host-zro-x=1; session=alice@acme; ' +
        `big=${'x'.repeat(4_000)}; $Version=1`
      const answer = await ask({
        path: '/zoho/connect',
        headers: { cookie: Buffer.from(odd, 'latin1').toString('latin1'), accept: 'text/html' },
      })
      equal(answer.status, 303, 'status of GET /connect')
      const alice = visitor()
      await alice.connect()
      isConnected(
        await alice.script('/candidates', { headers: { cookie: 'other=%%%; session=alice@acme' } }),
      )
    },
  ],
})

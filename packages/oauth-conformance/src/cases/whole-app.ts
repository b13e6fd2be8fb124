import { casesOf } from '../adapter-case.ts'
import type { RawRequest } from '../harness/raw.ts'
import type { TestApp } from '../harness/test-context.ts'
import { equal, expectTrue, expectErrorPage, expectProblem } from './expect.ts'
import { oddTargets, spellingsOf } from './spellings.ts'

const routes = ['connect', 'callback', 'disconnect']
const methods = ['POST', 'HEAD', 'PUT', 'OPTIONS', 'DELETE', 'PROPFIND', 'TRACE']
const protectedBody = 'protected body'
const page = { accept: 'text/html' }

/** All spellings of the first route and half of the others, because each needs a socket. */
const someSpellings = (route: string, index: number): readonly string[] =>
  spellingsOf('/zoho', route).filter((_, at) => index === 0 || at % 2 === index % 2)

/** Sends all requests, twelve at a time. Fails if one gets the protected body. */
const expectNothingLeaks = async ({ sendRaw }: TestApp, requests: readonly RawRequest[]) => {
  // All senders take their requests from this iterator.
  const waiting = requests.values()
  const send = async () => {
    for (const request of waiting) {
      const received = await sendRaw(request)
      const { method = 'GET', target } = request
      expectTrue(
        !received.includes(protectedBody),
        `${method} ${JSON.stringify(target.slice(0, 200))}: the response has the protected body`,
      )
    }
  }
  await Promise.all(Array.from({ length: 12 }, send))
}

export const wholeApp = casesOf({
  'whole-app-opens': [
    'a guard before the whole app allows only the three routes',
    'Users must be able to connect, and all other pages are protected.',
    async ({ start }) => {
      const app = await start({ catchAll: 'routes-first' })
      const alice = app.visitor()
      expectProblem(await alice.script('/anything', { method: 'POST' }), 401, 'not-connected')
      expectErrorPage(await alice.open('/zoho/callback'), 400, 'callback-malformed')
      equal(
        (await alice.script('/zoho/disconnect', { method: 'POST' })).status,
        204,
        'status of POST /zoho/disconnect',
      )
      equal((await alice.connect()).status, 303, 'status of the callback')
      for (const method of ['GET', 'POST']) {
        const response = await alice.script('/anything', { method })
        equal(
          [response.status, response.text],
          [200, protectedBody],
          `status and body of ${method} /anything, with a connection`,
        )
      }
    },
  ],
  'whole-app-spellings': [
    'no other spelling of a route’s path passes the guard, over raw sockets (G1)',
    'The guard and the router can parse a path differently.',
    async ({ start }) => {
      const app = await start({ catchAll: 'routes-first' })
      const targets = [...routes.flatMap(someSpellings), ...oddTargets]
      const asPage = targets.map((target) => ({ target, headers: page }))
      const others = targets
        .filter((_, index) => index % 5 === 0)
        .map((target, index) => ({ target, method: methods[index % methods.length] ?? '' }))
      await expectNothingLeaks(app, [...asPage, ...others])
      const response = await app.sendRaw({ target: '/zoho/callback', headers: page })
      expectTrue(
        response.includes('<code>callback-malformed</code>'),
        'the route still answers its exact path',
      )
    },
  ],
  'whole-app-shadowed': [
    'a handler before the routes is not reachable without a connection (G1)',
    'Handlers can be registered in the wrong order.',
    async ({ start }) => {
      const app = await start({ catchAll: 'handler-first' })
      const requests = routes.flatMap((route) =>
        ['GET', 'POST', 'HEAD', 'PUT', 'OPTIONS'].map((method) => ({
          target: `/zoho/${route}`,
          method,
        })),
      )
      await expectNothingLeaks(app, [
        ...requests,
        ...requests.map((request) => ({
          ...request,
          headers: { ...page, cookie: 'session=alice@acme' },
        })),
      ])
    },
  ],
})

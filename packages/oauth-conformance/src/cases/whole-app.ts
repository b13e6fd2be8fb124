import { casesOf } from '../adapter-case.ts'
import type { RawRequest } from '../harness/raw.ts'
import type { TestApp } from '../harness/test-context.ts'
import { equal, holds, pageOf, problemOf } from './expect.ts'
import { oddTargets, spellingsOf } from './spellings.ts'

const routes = ['connect', 'callback', 'disconnect']
const methods = ['POST', 'HEAD', 'PUT', 'OPTIONS', 'DELETE', 'PROPFIND', 'TRACE']
const protectedBody = 'protected body'
const page = { accept: 'text/html' }

/** All spellings of the first route, and one half of those of the others: each costs a socket. */
const someSpellings = (route: string, index: number): readonly string[] =>
  spellingsOf('/zoho', route).filter((_, at) => index === 0 || at % 2 === index % 2)

/** Sends all of them, some at a time, and names the first that the protected body answered. */
const nothingLeaks = async ({ sendRaw }: TestApp, requests: readonly RawRequest[]) => {
  const waiting = requests.values()
  const send = async () => {
    for (const request of waiting) {
      const received = await sendRaw(request)
      const { method = 'GET', target } = request
      holds(
        !received.includes(protectedBody),
        `${method} ${JSON.stringify(target.slice(0, 200))}: the protected body was the answer`,
      )
    }
  }
  await Promise.all(Array.from({ length: 12 }, send))
}

export const wholeApp = casesOf({
  'whole-app-opens': [
    'before the whole app the gate leaves the three routes open, and nothing else',
    'people who have to connect first, and the app from those who have not',
    async ({ start }) => {
      const scene = await start({ wholeApp: 'routes-first' })
      const alice = scene.visitor()
      problemOf(await alice.script('/anything', { method: 'POST' }), 401, 'not-connected')
      pageOf(await alice.open('/zoho/callback'), 400, 'callback-malformed')
      equal(
        (await alice.script('/zoho/disconnect', { method: 'POST' })).status,
        204,
        'status of POST /zoho/disconnect',
      )
      equal((await alice.connect()).status, 303, 'status of the callback')
      for (const method of ['GET', 'POST']) {
        const answer = await alice.script('/anything', { method })
        equal(
          [answer.status, answer.text],
          [200, protectedBody],
          `status and body of ${method} /anything, with a connection`,
        )
      }
    },
  ],
  'whole-app-spellings': [
    'no other spelling of a route’s path opens the gate, over raw sockets (G1)',
    'the whole app from callers who write a path that the gate and the router read differently',
    async ({ start }) => {
      const scene = await start({ wholeApp: 'routes-first' })
      const targets = [...routes.flatMap(someSpellings), ...oddTargets]
      const asPage = targets.map((target) => ({ target, headers: page }))
      const others = targets
        .filter((_, index) => index % 5 === 0)
        .map((target, index) => ({ target, method: methods[index % methods.length] ?? '' }))
      await nothingLeaks(scene, [...asPage, ...others])
      const answer = await scene.sendRaw({ target: '/zoho/callback', headers: page })
      holds(
        answer.includes('<code>callback-malformed</code>'),
        'the exact path is answered by the route, still',
      )
    },
  ],
  'whole-app-shadowed': [
    'the answer of a handler in front of the routes does not reach a user without a connection ' +
      '(G1)',
    'the whole app from handlers in an unintended order',
    async ({ start }) => {
      const scene = await start({ wholeApp: 'handler-first' })
      const requests = routes.flatMap((route) =>
        ['GET', 'POST', 'HEAD', 'PUT', 'OPTIONS'].map((method) => ({
          target: `/zoho/${route}`,
          method,
        })),
      )
      await nothingLeaks(scene, [
        ...requests,
        ...requests.map((request) => ({
          ...request,
          headers: { ...page, cookie: 'session=alice@acme' },
        })),
      ])
    },
  ],
})

import { casesOf } from '../adapter-case.ts'
import {
  bindingsIn,
  equal,
  holds,
  isConnected,
  problemOf,
  redirects,
  tokenCalls,
} from './expect.ts'

export const lifeCycle = casesOf({
  'whole-life': [
    'a page leads to consent, comes back to itself, calls the API, and disconnects',
    'the person who connects, and the developer who promised it',
    async ({ start }) => {
      const scene = await start()
      const alice = scene.visitor()
      const gate = await alice.open('/candidates?page=2')
      redirects(gate, '/zoho/connect?returnTo=%2Fcandidates%3Fpage%3D2')
      redirects(await alice.connect(gate.headers['location']), '/candidates?page=2')
      isConnected(await alice.open('/candidates?page=2'))
      redirects(await alice.submit('/zoho/disconnect'), '/')
      equal(scene.emulator.tokens().refreshTokens, [], 'refresh tokens that live at Zoho')
      problemOf(await alice.script('/candidates'), 401, 'connection-revoked')
    },
  ],
  'other-data-center': [
    'a consent that began in one data center and was given in another is used there',
    'customers whose account lives elsewhere than the app began',
    async ({ start }) => {
      const { visitor, emulator } = await start()
      const alice = visitor()
      const begun = await alice.open('/zoho/connect')
      const back = await alice.decide(begun.headers['location'], 'approve', { account: 'eu' })
      redirects(await alice.open(back.pathname + back.search), '/')
      isConnected(await alice.script('/candidates'))
      equal(
        emulator.tokens().refreshTokens.map((token) => token.dataCenter),
        ['eu'],
        'where the refresh token lives',
      )
    },
  ],
  'one-refresh-for-forty': [
    'forty requests at once, after the access token died, refresh once',
    'the account from Zoho’s lock-out at ten refreshes in ten minutes',
    async ({ start }) => {
      const scene = await start()
      const alice = scene.visitor()
      await alice.connect()
      scene.emulator.advanceClock(3_600)
      // The answer takes so long that all of them meet.
      scene.emulator.addFault({ kind: 'latency', on: 'token', seconds: 0.3 })
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => alice.script('/candidates')),
      )
      answers.forEach(isConnected)
      tokenCalls(scene, 2)
    },
  ],
  'connects-again': [
    'after a disconnect the same person connects anew',
    'people who change their mind',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      await alice.submit('/zoho/disconnect')
      redirects(await alice.connect(), '/')
      isConnected(await alice.script('/candidates'))
    },
  ],
  'two-customers': [
    'two connections in one app do not see each other',
    'one customer’s candidates from another customer',
    async ({ start }) => {
      const scene = await start()
      const [alice, bob] = [scene.visitor(), scene.visitor('bob@globex')]
      await alice.connect()
      problemOf(await bob.script('/candidates'), 401, 'not-connected')
      // Another Zoho user: with one, Zoho may end both consents at once.
      const begun = await bob.open('/zoho/connect')
      const back = await bob.decide(begun.headers['location'], 'approve', { account: 'eu' })
      redirects(await bob.open(back.pathname + back.search), '/')
      await alice.submit('/zoho/disconnect')
      isConnected(await bob.script('/candidates'))
      problemOf(await alice.script('/candidates'), 401, 'connection-revoked')
    },
  ],
  'two-clients': [
    'two clients of one app that share a store, with the same ids, connect, list, disconnect ' +
      'and forget their own connections alone (G7)',
    'apps with several registered clients from mixing them up',
    async ({ start }) => {
      const scene = await start({ second: '/second' })
      const alice = scene.visitor()
      const candidates = (mount: string) => alice.script(`${mount}/candidates`)
      const lists = async (mount: string, ids: readonly string[]) =>
        equal(
          JSON.parse((await alice.script(`${mount}/connections`)).text),
          ids,
          `the connections of the client at ${mount}`,
        )
      const grants = () =>
        [scene.emulator, scene.secondEmulator].map(
          (emulator) => emulator?.tokens().refreshTokens.length,
        )

      redirects(await alice.connect('/zoho/connect'), '/')
      problemOf(await candidates('/second'), 401, 'not-connected')
      await lists('/second', [])
      redirects(await alice.connect('/second/connect'), '/')
      for (const mount of ['/zoho', '/second']) {
        isConnected(await candidates(mount))
        await lists(mount, ['acme'])
      }
      equal(
        (await alice.script('/second/disconnect', { method: 'POST' })).status,
        204,
        'the status of POST /second/disconnect',
      )
      problemOf(await candidates('/second'), 401, 'connection-revoked')
      isConnected(await candidates('/zoho'))
      equal(
        grants(),
        [1, 0],
        'refresh tokens that live at Zoho, of the first client and of the second',
      )

      redirects(await alice.connect('/second/connect'), '/')
      equal(
        (await alice.script('/zoho/forget', { method: 'POST' })).text,
        'forgotten',
        'the answer of POST /zoho/forget',
      )
      problemOf(await candidates('/zoho'), 401, 'not-connected')
      await lists('/zoho', [])
      isConnected(await candidates('/second'))
      await lists('/second', ['acme'])
      equal(
        grants(),
        [1, 1],
        'refresh tokens that live at Zoho, of the first client and of the second',
      )
    },
  ],
  'colleagues-share': [
    'two people of one customer use the one connection',
    'the customer from consenting once for each colleague',
    async ({ start }) => {
      const scene = await start()
      await scene.visitor().connect()
      isConnected(await scene.visitor('carol@acme').script('/candidates'))
      tokenCalls(scene, 1)
    },
  ],
  'refused-at-zoho': [
    'a consent that was refused is told on a page, and nothing that came along is shown (B9)',
    'people from a dead end, and from text that a stranger wrote',
    async ({ start }) => {
      const scene = await start()
      const alice = scene.visitor()
      const begun = await alice.open('/zoho/connect')
      const back = await alice.decide(begun.headers['location'], 'refuse')
      back.searchParams.set('error_description', '<script>alert(1)</script>')
      const answer = await alice.open(back.pathname + back.search)
      equal(
        [answer.status, /<code>(.*?)<\/code>/.exec(answer.text)?.[1]],
        [400, 'consent-refused'],
        'status and code on the page',
      )
      holds(!/script|alert/.test(answer.text), 'the page shows nothing of the query')
      holds(
        answer.text.includes('href="/zoho/connect"'),
        'the page leads to where it can be tried again',
      )
      tokenCalls(scene, 0)
    },
  ],
  'revoked-by-user': [
    'a consent that the user took back at Zoho asks for consent again',
    'the person who revoked, and the developer from a 500',
    async ({ start }) => {
      const scene = await start()
      const alice = scene.visitor()
      await alice.connect()
      scene.emulator.revokeByUser({ dataCenter: 'us' })
      const problem = problemOf(await alice.script('/candidates'), 401, 'needs-consent')
      equal(problem['connect'], 'https://app.example.com/zoho/connect', 'the address to connect at')
      redirects(await alice.open('/candidates'), '/zoho/connect?returnTo=%2Fcandidates')
    },
  ],
  'cookie-goes': [
    'the binding cookie is gone once it was used (C6)',
    'later consents from what an earlier one left behind',
    async ({ start }) => {
      const alice = (await start()).visitor()
      const back = await alice.connect('/zoho/connect?returnTo=%2Fdone')
      equal(bindingsIn(back).length, 1, 'Set-Cookie headers that clear the binding cookie')
      equal([...alice.jar.keys()], ['app'], 'cookies in the browser')
    },
  ],
})

import { casesOf } from '../adapter-case.ts'
import {
  bindingCookies,
  equal,
  expectTrue,
  expectConnected,
  expectProblem,
  expectRedirect,
  expectTokenCalls,
} from './expect.ts'

export const lifeCycle = casesOf({
  'whole-life': [
    'a page leads to consent and back, calls the API, and disconnects',
    'This is the main use of the library.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      const guard = await alice.open('/candidates?page=2')
      expectRedirect(guard, '/zoho/connect?returnTo=%2Fcandidates%3Fpage%3D2')
      expectRedirect(await alice.connect(guard.headers['location']), '/candidates?page=2')
      expectConnected(await alice.open('/candidates?page=2'))
      expectRedirect(await alice.submit('/zoho/disconnect'), '/')
      equal(app.emulator.tokens().refreshTokens, [], 'valid refresh tokens at Zoho')
      expectProblem(await alice.script('/candidates'), 401, 'connection-revoked')
    },
  ],
  'other-data-center': [
    'the connection uses the account’s data center, even if the consent started in another',
    'Customers can have an account in another data center than the app’s default.',
    async ({ start }) => {
      const { visitor, emulator } = await start()
      const alice = visitor()
      const connectResponse = await alice.open('/zoho/connect')
      const callbackUrl = await alice.decide(connectResponse.headers['location'], 'approve', {
        account: 'eu',
      })
      expectRedirect(await alice.open(callbackUrl.pathname + callbackUrl.search), '/')
      expectConnected(await alice.script('/candidates'))
      equal(
        emulator.tokens().refreshTokens.map((token) => token.dataCenter),
        ['eu'],
        'the data center of the refresh token',
      )
    },
  ],
  'fetch-forwards-429': [
    'a 429 of the Recruit API is no error of the library, and the next call works',
    'Only the app can wait until Zoho accepts calls again.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      await alice.connect()
      app.emulator.addFault({
        on: 'api',
        kind: 'recruit-error',
        status: 429,
        code: 'TOO_MANY_REQUESTS',
        times: 1,
      })
      const refused = await alice.script('/candidates')
      equal(
        [refused.status, (JSON.parse(refused.text) as { code?: unknown }).code],
        [429, 'TOO_MANY_REQUESTS'],
        'status and code',
      )
      expectConnected(await alice.script('/candidates'))
    },
  ],
  'expired-in-other-words': [
    'an expired token that Zoho reports in other words is replaced',
    'A customer must not wait an hour for a token that no longer works.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      await alice.connect()
      app.emulator.configure({ expiredTokenResponse: 'status-200' })
      app.emulator.endAccessTokens()
      expectConnected(await alice.script('/candidates'))
      expectTokenCalls(app, 2)
    },
  ],
  'one-refresh-for-forty': [
    'forty concurrent requests with an expired access token cause one refresh',
    'Zoho blocks an account after ten refreshes in ten minutes.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      await alice.connect()
      app.emulator.advanceClock(3_600)
      // The delay makes all requests wait for the same refresh.
      app.emulator.addFault({ kind: 'latency', on: 'token', seconds: 0.3 })
      const responses = await Promise.all(
        Array.from({ length: 40 }, () => alice.script('/candidates')),
      )
      responses.forEach(expectConnected)
      expectTokenCalls(app, 2)
    },
  ],
  'connects-again': [
    'after a disconnect the same user can connect again',
    'Users change their mind.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      await alice.submit('/zoho/disconnect')
      expectRedirect(await alice.connect(), '/')
      expectConnected(await alice.script('/candidates'))
    },
  ],
  'two-customers': [
    'two connections in one app do not see each other',
    'One customer must not see the candidates of another.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      const bob = app.visitor('bob@globex')
      await alice.connect()
      expectProblem(await bob.script('/candidates'), 401, 'not-connected')
      // Bob has another Zoho user, because Zoho may end both consents of one user at once.
      const connectResponse = await bob.open('/zoho/connect')
      const callbackUrl = await bob.decide(connectResponse.headers['location'], 'approve', {
        account: 'eu',
      })
      expectRedirect(await bob.open(callbackUrl.pathname + callbackUrl.search), '/')
      await alice.submit('/zoho/disconnect')
      expectConnected(await bob.script('/candidates'))
      expectProblem(await alice.script('/candidates'), 401, 'connection-revoked')
    },
  ],
  'colleagues-share': [
    'two users of one customer share one connection',
    'Colleagues should not have to consent again.',
    async ({ start }) => {
      const app = await start()
      await app.visitor().connect()
      expectConnected(await app.visitor('carol@acme').script('/candidates'))
      expectTokenCalls(app, 1)
    },
  ],
  'refused-at-zoho': [
    'a refused consent shows an error page that contains nothing from the query (B9)',
    'Users need a way to retry, and an attacker can write the query.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      const connectResponse = await alice.open('/zoho/connect')
      const callbackUrl = await alice.decide(connectResponse.headers['location'], 'refuse')
      callbackUrl.searchParams.set('error_description', '<script>alert(1)</script>')
      const response = await alice.open(callbackUrl.pathname + callbackUrl.search)
      equal(
        [response.status, /<code>(.*?)<\/code>/.exec(response.text)?.[1]],
        [400, 'consent-refused'],
        'status and code on the page',
      )
      expectTrue(!/script|alert/.test(response.text), 'the page contains nothing from the query')
      expectTrue(response.text.includes('href="/zoho/connect?'), 'the page links to a retry')
      expectTokenCalls(app, 0)
    },
  ],
  'revoked-by-user': [
    'after the user revoked access at Zoho, the app asks for consent again',
    'A revoked connection is an expected state, not a server error.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      await alice.connect()
      app.emulator.revokeByUser({ dataCenter: 'us' })
      const problem = expectProblem(await alice.script('/candidates'), 401, 'needs-consent')
      equal(problem['connect'], 'https://app.example.com/zoho/connect', 'the connect URL')
      expectRedirect(await alice.open('/candidates'), '/zoho/connect?returnTo=%2Fcandidates')
    },
  ],
  'cookie-goes': [
    'the callback deletes its binding cookie, and keeps only where the user wanted to go (C6)',
    'Old cookies must not affect later consents.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      const response = await alice.connect('/zoho/connect?returnTo=%2Fdone')
      equal(
        bindingCookies(response).filter((cookie) => cookie.includes('Max-Age=0')).length,
        1,
        'Set-Cookie headers that delete the binding cookie',
      )
      equal([...alice.jar.keys()], ['app', '__Host-zro-last'], 'cookies in the browser')
    },
  ],
})

import { casesOf } from '../adapter-case.ts'
import {
  equal,
  expectTrue,
  expectConnected,
  expectErrorPage,
  expectProblem,
  expectRedirect,
} from './expect.ts'

const expectRevocations = (
  { emulator }: { emulator: { calls(): { revoke: number } } },
  count: number,
) => equal(emulator.calls().revoke, count, 'calls to the revocation endpoint')

export const disconnect = casesOf({
  'disconnect-script': [
    'POST /disconnect from a script revokes at Zoho and answers 204 without a body',
    'The access really ends, and clients do not wait for a body.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      await alice.connect()
      const response = await alice.script('/zoho/disconnect', { method: 'POST' })
      equal(
        [response.status, response.text, response.headers['content-type']],
        [204, '', undefined],
        'status, body and Content-Type',
      )
      equal(app.emulator.tokens().refreshTokens, [], 'valid refresh tokens at Zoho')
    },
  ],
  'disconnect-returns': [
    'POST /disconnect from a form redirects to returnTo, but never to another host',
    'The user returns to the same page.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      expectRedirect(await alice.submit('/zoho/disconnect?returnTo=%2Fsettings'), '/settings')
      await alice.connect()
      expectRedirect(await alice.submit('/zoho/disconnect?returnTo=%2F%2Fevil.example'), '/')
    },
  ],
  'disconnect-default-return': [
    'without returnTo, the redirect goes to defaultReturnTo',
    'Apps have different start pages.',
    async ({ start }) => {
      const alice = (await start({ options: { defaultReturnTo: '/settings/zoho' } })).visitor()
      expectRedirect(await alice.connect(), '/settings/zoho')
      expectRedirect(await alice.submit('/zoho/disconnect'), '/settings/zoho')
    },
  ],
  'disconnect-get': [
    'GET /disconnect changes nothing and names the allowed method',
    'A link or an image must not disconnect anyone.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      await alice.connect()
      const response = await alice.script('/zoho/disconnect')
      expectProblem(response, 405, 'method-not-allowed')
      equal(response.headers['allow'], 'POST', 'Allow')
      expectRevocations(app, 0)
      expectConnected(await alice.script('/candidates'))
    },
  ],
  'disconnect-foreign-origin': [
    'POST /disconnect with the Origin of another site is refused',
    'Another site must not disconnect the user.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      await alice.connect()
      for (const origin of ['https://evil.example', 'null', 'https://app.example.com.evil.example'])
        expectProblem(
          await alice.script('/zoho/disconnect', { method: 'POST', headers: { origin } }),
          403,
          'cross-site-request',
        )
      expectRevocations(app, 0)
    },
  ],
  'disconnect-foreign-fetch-site': [
    'POST /disconnect with Sec-Fetch-Site cross-site or same-site is refused',
    'Sibling hosts must not disconnect the user.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      await alice.connect()
      for (const site of ['cross-site', 'same-site'])
        expectProblem(
          await alice.script('/zoho/disconnect', {
            method: 'POST',
            headers: { 'sec-fetch-site': site },
          }),
          403,
          'cross-site-request',
        )
      expectRevocations(app, 0)
    },
  ],
  'disconnect-no-referrer': [
    'a form of the app works with Referrer-Policy: no-referrer',
    'Such apps send Origin: null with their own forms.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      expectRedirect(
        await alice.submit('/zoho/disconnect', {
          headers: { origin: 'null', 'sec-fetch-site': 'same-origin' },
        }),
        '/',
      )
    },
  ],
  'disconnect-signed-out': [
    'a signed-out user cannot disconnect',
    'Unknown users must not disconnect customers.',
    async ({ start }) => {
      const app = await start()
      await app.visitor().connect()
      expectErrorPage(await app.visitor(null).submit('/zoho/disconnect'), 401, 'principal-missing')
      expectRevocations(app, 0)
    },
  ],
  'disconnect-pending': [
    'an unconfirmed revocation is an error, and no token is served meanwhile (L4)',
    'The user must not be told that access has ended when it has not.',
    async ({ start }) => {
      const app = await start()
      const alice = app.visitor()
      await alice.connect()
      app.emulator.addFault({ kind: 'status', status: 503, on: 'revoke' })
      const response = await alice.script('/zoho/disconnect', { method: 'POST' })
      expectProblem(response, 502, 'revocation-failed')
      expectTrue(
        Number(response.headers['retry-after']) > 0,
        'Retry-After is a positive number of seconds',
      )
      expectProblem(await alice.script('/candidates'), 401, 'connection-revoked')
      // A retry before the cool-down ends sends no request to Zoho.
      app.emulator.clearFaults()
      const { revoke } = app.emulator.calls()
      const again = await alice.script('/zoho/disconnect', { method: 'POST' })
      expectProblem(again, 502, 'revocation-failed')
      expectTrue(
        app.emulator.calls().revoke === revoke,
        'no request to Zoho before the cool-down ends',
      )
    },
  ],
})

import { casesOf } from '../adapter-case.ts'
import { equal, holds, isConnected, pageOf, problemOf, redirects } from './expect.ts'

const revocations = ({ emulator }: { emulator: { calls(): { revoke: number } } }, count: number) =>
  equal(emulator.calls().revoke, count, 'calls to the revocation endpoint')

export const disconnect = casesOf({
  'disconnect-script': [
    'POST /disconnect answers a script 204, without a body, and has revoked at Zoho',
    'the person who wants it to end, and clients that wait for a body',
    async ({ start }) => {
      const scene = await start()
      const alice = scene.visitor()
      await alice.connect()
      const answer = await alice.script('/zoho/disconnect', { method: 'POST' })
      equal(
        [answer.status, answer.text, answer.headers['content-type']],
        [204, '', undefined],
        'status, body and Content-Type',
      )
      equal(scene.emulator.tokens().refreshTokens, [], 'refresh tokens that live at Zoho')
    },
  ],
  'disconnect-returns': [
    'POST /disconnect from a form comes back to the path it was told, and to no other host',
    'the page that somebody was on',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      redirects(await alice.submit('/zoho/disconnect?returnTo=%2Fsettings'), '/settings')
      await alice.connect()
      redirects(await alice.submit('/zoho/disconnect?returnTo=%2F%2Fevil.example'), '/')
    },
  ],
  'disconnect-default-return': [
    'defaultReturnTo is where it ends without a returnTo',
    'apps whose start page is elsewhere',
    async ({ start }) => {
      const alice = (await start({ options: { defaultReturnTo: '/settings/zoho' } })).visitor()
      redirects(await alice.connect(), '/settings/zoho')
      redirects(await alice.submit('/zoho/disconnect'), '/settings/zoho')
    },
  ],
  'disconnect-get': [
    'GET /disconnect changes nothing, and says which method does',
    'people from a link or an image that disconnects them',
    async ({ start }) => {
      const scene = await start()
      const alice = scene.visitor()
      await alice.connect()
      const answer = await alice.script('/zoho/disconnect')
      problemOf(answer, 405, 'method-not-allowed')
      equal(answer.headers['allow'], 'POST', 'Allow')
      revocations(scene, 0)
      isConnected(await alice.script('/candidates'))
    },
  ],
  'disconnect-foreign-origin': [
    'POST /disconnect with the Origin of another site is refused',
    'people from being disconnected by a page of somebody else’s',
    async ({ start }) => {
      const scene = await start()
      const alice = scene.visitor()
      await alice.connect()
      for (const origin of ['https://evil.example', 'null', 'https://app.example.com.evil.example'])
        problemOf(
          await alice.script('/zoho/disconnect', { method: 'POST', headers: { origin } }),
          403,
          'cross-site-request',
        )
      revocations(scene, 0)
    },
  ],
  'disconnect-foreign-fetch-site': [
    'POST /disconnect that the browser calls cross-site or same-site is refused',
    'people from sibling hosts of the app’s',
    async ({ start }) => {
      const scene = await start()
      const alice = scene.visitor()
      await alice.connect()
      for (const site of ['cross-site', 'same-site'])
        problemOf(
          await alice.script('/zoho/disconnect', {
            method: 'POST',
            headers: { 'sec-fetch-site': site },
          }),
          403,
          'cross-site-request',
        )
      revocations(scene, 0)
    },
  ],
  'disconnect-no-referrer': [
    'the app’s own form is taken under a referrer policy that hides the origin',
    'apps that send Referrer-Policy: no-referrer',
    async ({ start }) => {
      const alice = (await start()).visitor()
      await alice.connect()
      redirects(
        await alice.submit('/zoho/disconnect', {
          headers: { origin: 'null', 'sec-fetch-site': 'same-origin' },
        }),
        '/',
      )
    },
  ],
  'disconnect-signed-out': [
    'nobody disconnects who is not signed in',
    'customers from strangers',
    async ({ start }) => {
      const scene = await start()
      await scene.visitor().connect()
      pageOf(await scene.visitor(null).submit('/zoho/disconnect'), 401, 'principal-missing')
      revocations(scene, 0)
    },
  ],
  'disconnect-pending': [
    'a revocation that Zoho did not confirm is not called done, and no token is handed out ' +
      'meanwhile (L4)',
    'the person who was told that it ended',
    async ({ start }) => {
      const scene = await start()
      const alice = scene.visitor()
      await alice.connect()
      scene.emulator.addFault({ kind: 'status', status: 503, on: 'revoke' })
      const answer = await alice.script('/zoho/disconnect', { method: 'POST' })
      problemOf(answer, 502, 'revocation-failed')
      holds(Number(answer.headers['retry-after']) > 0, 'Retry-After says in how many seconds')
      problemOf(await alice.script('/candidates'), 401, 'connection-revoked')
      // Asked again before that, nothing is called: Zoho said that it is failing.
      scene.emulator.clearFaults()
      const { revoke } = scene.emulator.calls()
      const again = await alice.script('/zoho/disconnect', { method: 'POST' })
      problemOf(again, 502, 'revocation-failed')
      holds(
        scene.emulator.calls().revoke === revoke,
        'Zoho is not asked again before the cool-down ends',
      )
    },
  ],
})

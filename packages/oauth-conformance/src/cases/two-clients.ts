import { casesOf } from '../adapter-case.ts'
import { equal, expectConnected, expectProblem, expectRedirect } from './expect.ts'

export const twoClients = casesOf({
  'two-clients': [
    'two clients with the same connection ids on one store do not affect each other (G7)',
    'An app with several registered clients must not mix them up.',
    async ({ start }) => {
      const app = await start({ second: '/second' })
      const alice = app.visitor()
      const candidates = (mount: string) => alice.script(`${mount}/candidates`)
      const expectConnections = async (mount: string, ids: readonly string[]) =>
        equal(
          JSON.parse((await alice.script(`${mount}/connections`)).text),
          ids,
          `the connections of the client at ${mount}`,
        )
      const grants = () =>
        [app.emulator, app.secondEmulator].map(
          (emulator) => emulator?.tokens().refreshTokens.length,
        )

      expectRedirect(await alice.connect('/zoho/connect'), '/')
      expectProblem(await candidates('/second'), 401, 'not-connected')
      await expectConnections('/second', [])
      expectRedirect(await alice.connect('/second/connect'), '/')
      for (const mount of ['/zoho', '/second']) {
        expectConnected(await candidates(mount))
        await expectConnections(mount, ['acme'])
      }
      equal(
        (await alice.script('/second/disconnect', { method: 'POST' })).status,
        204,
        'the status of POST /second/disconnect',
      )
      expectProblem(await candidates('/second'), 401, 'connection-revoked')
      expectConnected(await candidates('/zoho'))
      equal(grants(), [1, 0], 'valid refresh tokens at Zoho of the first and the second client')

      expectRedirect(await alice.connect('/second/connect'), '/')
      equal(
        (await alice.script('/zoho/forget', { method: 'POST' })).text,
        'forgotten',
        'the response of POST /zoho/forget',
      )
      expectProblem(await candidates('/zoho'), 401, 'not-connected')
      await expectConnections('/zoho', [])
      expectConnected(await candidates('/second'))
      await expectConnections('/second', ['acme'])
      equal(grants(), [1, 1], 'valid refresh tokens at Zoho of the first and the second client')
    },
  ],
  'two-guards': [
    'a handler behind the guards of two clients gets the connection of each',
    'A guard must not replace the connection of another client.',
    async ({ start }) => {
      const app = await start({ second: '/second' })
      const alice = app.visitor()
      expectRedirect(await alice.connect('/zoho/connect'), '/')
      expectProblem(await alice.script('/second/both'), 401, 'not-connected')
      expectRedirect(await alice.connect('/second/connect'), '/')
      const { status, text } = await alice.script('/second/both')
      const tokens = [app.emulator, app.secondEmulator].map(
        (emulator) => emulator?.tokens().accessTokens[0]?.token,
      )
      equal(
        [status, JSON.parse(text)],
        [200, tokens],
        'the status of GET /second/both, and the access tokens of both clients',
      )
    },
  ],
})

import { Hono } from 'hono'
import { addControlDoors } from '../control/control-routes.ts'
import { json, page } from '../http/answers.ts'
import { BadRequest } from '../http/body.ts'
import { addInspector } from '../inspector/inspector-routes.ts'
import { problemPage } from '../pages/problem-page.ts'
import type { ServerContext } from '../state.ts'
import { decideConsent, showConsent } from './authorize.ts'
import { revokeByLegacyContract, revokeByNewContract } from './revoke.ts'
import { answerToken } from './token.ts'

/** The accounts server of one data center, with the emulator's own doors under `/_emulator`. */
export function createAccountsServer(station: ServerContext): Hono {
  const { world } = station
  const server = new Hono()
  addInspector(server, station)
  addControlDoors(server, station)

  server.get('/oauth/v2/auth', (c) => showConsent(station, c.req.raw))
  server.post('/oauth/v2/auth', (c) => decideConsent(station, c.req.raw))
  server.all('/oauth/v2/token', (c) => answerToken(station, c.req.raw))
  for (const [path, contract, answer] of [
    ['/oauth/v2/token/revoke', 'legacy', revokeByLegacyContract],
    ['/oauth/v2/revoke/token', 'new', revokeByNewContract],
  ] as const) {
    server.all(path, (c) => {
      if (world.settings.revocation !== 'both' && world.settings.revocation !== contract)
        return c.notFound()
      return c.req.method === 'POST' ? answer(station, c.req.raw) : wrongMethod(c.req.method)
    })
  }
  server.get('/oauth/serverinfo', () => json(serverInfo(station)))
  server.all('/oauth/v2/auth', (c) => wrongMethod(c.req.method))
  server.all('/oauth/serverinfo', (c) => wrongMethod(c.req.method))

  const notFound = {
    title: 'Not found',
    explanation: 'This accounts server has no such page.',
    cure: 'Consent begins at /oauth/v2/auth; /_emulator/ shows what happens here.',
  }
  server.notFound(() => page(problemPage(notFound), 404))
  server.onError((error) => {
    const badRequest = error instanceof BadRequest
    if (!badRequest) console.error(error)
    const explanation = badRequest ? error.message : 'The emulator failed; this is a defect in it.'
    const cure = badRequest ? 'Correct the request.' : 'Its own output says more.'
    const title = badRequest ? '400 Bad request' : 'Server error'
    return page(problemPage({ title, explanation, cure }), badRequest ? error.status : 500)
  })
  return server
}

/**
 * `GET /oauth/serverinfo`: the accounts servers by location; China's is not among them. The literal
 * `success` is unverified.
 */
function serverInfo({ world }: ServerContext): unknown {
  const listed = world.dataCenters.filter((id) => id !== 'cn')
  return {
    result: 'success',
    locations: Object.fromEntries(listed.map((id) => [id, world.addresses(id).accountsServer])),
  }
}

/** Status and body are unverified: the pages name one method only. */
function wrongMethod(method: string): Response {
  const explanation = `${method} is not taken here.`
  return page(
    problemPage({
      title: 'Method not allowed',
      explanation,
      cure: 'Use the method of Zoho\u2019s page.',
    }),
    405,
  )
}

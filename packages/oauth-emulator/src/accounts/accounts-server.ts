import { Hono } from 'hono'
import { addControlRoutes } from '../control/control-routes.ts'
import { json, page } from '../http/responses.ts'
import { BadRequest } from '../http/body.ts'
import { addInspector } from '../inspector/inspector-routes.ts'
import { problemPage } from '../pages/problem-page.ts'
import type { ServerContext } from '../state.ts'
import { decideConsent, showConsent } from './authorize.ts'
import { revokeByLegacyContract, revokeByNewContract } from './revoke.ts'
import { handleTokenRequest } from './token.ts'

/** The accounts server of one data center, with the control endpoints under `/_emulator`. */
export function createAccountsServer(context: ServerContext): Hono {
  const { state } = context
  const server = new Hono()
  addInspector(server, context)
  addControlRoutes(server, context)

  server.get('/oauth/v2/auth', (c) => showConsent(context, c.req.raw))
  server.post('/oauth/v2/auth', (c) => decideConsent(context, c.req.raw))
  server.all('/oauth/v2/token', (c) => handleTokenRequest(context, c.req.raw))
  for (const [path, contract, revoke] of [
    ['/oauth/v2/token/revoke', 'legacy', revokeByLegacyContract],
    ['/oauth/v2/revoke/token', 'new', revokeByNewContract],
  ] as const) {
    server.all(path, (c) => {
      if (state.settings.revocation !== 'both' && state.settings.revocation !== contract)
        return c.notFound()
      return c.req.method === 'POST' ? revoke(context, c.req.raw) : methodNotAllowed(c.req.method)
    })
  }
  server.get('/oauth/serverinfo', () => json(serverInfo(context)))
  server.all('/oauth/v2/auth', (c) => methodNotAllowed(c.req.method))
  server.all('/oauth/serverinfo', (c) => methodNotAllowed(c.req.method))

  const notFound = {
    title: 'Not found',
    explanation: 'This accounts server has no such page.',
    hint: 'Consent starts at /oauth/v2/auth. The inspector is at /_emulator/.',
  }
  server.notFound(() => page(problemPage(notFound), 404))
  server.onError((error) => {
    const badRequest = error instanceof BadRequest
    if (!badRequest) console.error(error)
    const explanation = badRequest
      ? error.message
      : 'The emulator failed. This is a defect of the emulator.'
    const hint = badRequest ? 'Correct the request.' : 'See the output of the emulator.'
    const title = badRequest ? '400 Bad request' : 'Server error'
    return page(problemPage({ title, explanation, hint }), badRequest ? error.status : 500)
  })
  return server
}

/**
 * `GET /oauth/serverinfo`: the accounts servers by location, without China's. The literal `success`
 * is unverified.
 */
function serverInfo({ state }: ServerContext): unknown {
  const listed = state.dataCenters.filter((id) => id !== 'cn')
  return {
    result: 'success',
    locations: Object.fromEntries(listed.map((id) => [id, state.addresses(id).accountsServer])),
  }
}

/** Status and body are unverified: Zoho's pages name only the supported method. */
function methodNotAllowed(method: string): Response {
  const explanation = `${method} is not supported here.`
  return page(
    problemPage({
      title: 'Method not allowed',
      explanation,
      hint: 'Use the method that Zoho\u2019s documentation names.',
    }),
    405,
  )
}

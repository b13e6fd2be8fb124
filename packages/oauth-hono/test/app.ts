import { serve } from '@hono/node-server'
import {
  createBrowser,
  createEmulator,
  type Browser,
  type EmulatorOptions,
} from '@zrecruit/oauth-emulator'
import { Hono, type Context } from 'hono'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach } from 'vitest'
import { zohoRecruit, type RecruitOAuthEvent, type RecruitOAuthOptions } from '../src/index.ts'

/**
 * Starts an emulator and, on loopback, a Hono app with the library's routes, a page and two routes
 * behind the guard.
 */
export const startApp = async (
  options: { emulator?: EmulatorOptions; oauth?: Partial<RecruitOAuthOptions<Context>> } = {},
) => {
  const app = new Hono()
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const redirectUri = `${origin}/zoho/callback`
  const emulator = createEmulator({ ...options.emulator, redirectUris: [redirectUri] })
  await emulator.listen({ port: 0 })
  const events: RecruitOAuthEvent[] = []
  const session = { id: 'acme', principal: 'alice' as string | undefined }
  const zoho = zohoRecruit({
    clientId: emulator.client.id,
    clientSecret: emulator.client.secret,
    redirectUri,
    scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'],
    dataCenters: emulator.dataCenters,
    connectionFor: () =>
      session.principal === undefined
        ? undefined
        : { id: session.id, principal: session.principal },
    onEvent: (event) => void events.push(event),
    ...options.oauth,
  })
  app.route('/zoho', zoho.routes())
  app.get('/candidates', zoho.requireConnection(), async (c) =>
    c.json({ status: (await c.var.zoho.fetch('Candidates?per_page=2')).status }),
  )
  app.get('/users', zoho.requireConnection({ scopes: ['ZohoRecruit.users.READ'] }), (c) =>
    c.text('never'),
  )
  app.get('/', (c) => c.text('home'))
  app.onError((error, c) => zoho.errorResponse(error, c) ?? c.text('own error', 500))
  return {
    origin,
    emulator,
    zoho,
    events,
    session,
    async close() {
      server.close()
      await emulator.close()
    },
  }
}

/**
 * Creates an app and a browser before each test, because a client gets only ten consents in ten
 * minutes.
 */
export const useApp = () => {
  let app: Awaited<ReturnType<typeof startApp>>
  let browser: Browser
  beforeEach(async () => {
    app = await startApp()
    browser = createBrowser()
  })
  afterEach(() => app.close())
  return { app: () => app, browser: () => browser }
}

import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { zohoRecruit } from '../src/index.ts'
import { useApp } from './app.ts'

const { app, browser } = useApp()
const script = { headers: { accept: 'application/json' } }

/** Creates a second client beside the one of the app, with the routes in `/integrations/emea`. */
const createSecondClient = () => {
  const { emulator, origin } = app()
  return zohoRecruit({
    clientId: emulator.client.id,
    clientSecret: emulator.client.secret,
    redirectUri: `${origin}/integrations/emea/callback`,
    scopes: ['ZohoRecruit.users.READ'],
    dataCenters: emulator.dataCenters,
    connectionFor: () => ({ id: 'acme-emea', principal: 'alice' }),
  })
}

const connectBoth = async () => {
  const consent = await browser().open(`${app().origin}/zoho/connect`)
  await browser().submit(consent, { decision: 'approve' })
  const emea = createSecondClient()
  const { code } = app().emulator.issueSelfClientCode({
    scope: 'ZohoRecruit.users.READ',
    dataCenter: 'us',
  })
  await emea.connection('acme-emea').exchangeSelfClientCode(code, { principal: 'alice' })
  return { zoho: app().zoho, emea }
}

it('the guards of two clients set variables of different names', async () => {
  const { zoho, emea } = await connectBoth()
  const response = await new Hono()
    .get('/', zoho.requireConnection(), emea.requireConnection({ as: 'zohoEmea' }), (c) =>
      c.json([c.var.zoho.id, c.var.zohoEmea.id]),
    )
    .request('/', script)
  expect(await response.json()).toEqual(['acme', 'acme-emea'])
})

it('a guard does not replace a variable of another client or of the app', async () => {
  const { zoho, emea } = await connectBoth()
  const guardedByBoth = new Hono().get(
    '/',
    emea.requireConnection(),
    zoho.requireConnection(),
    (c) => c.text('never'),
  )
  const withOwnVariable = new Hono<{ Variables: { zoho: unknown } }>()
    .use(async (c, next) => {
      c.set('zoho', 'own')
      await next()
    })
    .get('/', zoho.requireConnection(), (c) => c.text('never'))
  for (const guarded of [guardedByBoth, withOwnVariable]) {
    app().events.length = 0
    const response = await guarded.request('/', script)
    expect([response.status, await response.json()]).toEqual([
      500,
      expect.objectContaining({ code: 'configuration-invalid' }),
    ])
    const message = expect.stringMatching(
      /`zoho` of the request is already set.*requireConn.* as: /,
    )
    expect(app().events).toContainEqual(
      expect.objectContaining({ error: expect.objectContaining({ message }) }),
    )
  }
})

it('the same guard can run twice, and for requests with other variables', async () => {
  const { zoho } = await connectBoth()
  const guarded = new Hono()
    .use(zoho.requireConnection())
    .get('/', zoho.requireConnection(), zoho.requireConnection({ as: 'again' }), (c) =>
      c.json([c.var.zoho.id, c.var.again.id]),
    )
  for (let count = 0; count < 2; count++)
    expect(await (await guarded.request('/', script)).json()).toEqual(['acme', 'acme'])
})

import { describe, expect, it } from 'vitest'
import type Koa from 'koa'
import { zohoRecruit, type ZohoRecruit } from '../src/index.ts'
import { connect, startApp } from './app.ts'
import { koaVersions } from './koa-versions.ts'
import { sendRaw } from './send-raw.ts'

const script = { accept: 'application/json' }

describe.each(koaVersions)('two clients in one app, on %s', (_, Framework) => {
  /** Starts an app, and connects it with two clients. */
  const startWithTwo = async (
    addGuarded: (app: Koa, zoho: ZohoRecruit, emea: ZohoRecruit) => void,
  ) => {
    const koa = new Framework()
    const app = await startApp(koa, { addMiddleware: () => {} })
    const { emulator, origin, zoho } = app
    const emea = zohoRecruit({
      clientId: emulator.client.id,
      clientSecret: emulator.client.secret,
      redirectUri: `${origin}/integrations/emea/callback`,
      scopes: ['ZohoRecruit.modules.ALL'],
      dataCenters: emulator.dataCenters,
      connectionFor: () => ({ id: 'acme-emea', principal: 'alice' }),
    })
    await connect(app)
    await connect({ emulator, zoho: emea }, 'acme-emea')
    koa.use(zoho.routes()).use(emea.routes())
    addGuarded(koa, zoho, emea)
    app.server.removeAllListeners('request').on('request', koa.callback())
    return app
  }

  it('set different names in `ctx.state`', async () => {
    const { origin } = await startWithTwo((koa, zoho, emea) =>
      koa
        .use(zoho.requireConnection())
        .use(emea.requireConnection({ as: 'zohoEmea' }))
        .use((ctx) => (ctx.body = `${ctx.state.zoho.id} ${ctx.state.zohoEmea.id}`)),
    )
    expect((await sendRaw(origin, '/', script)).text).toBe('acme acme-emea')
  })

  it('do not replace a value of `ctx.state`', async () => {
    for (const first of [
      (_zoho: ZohoRecruit, emea: ZohoRecruit) => emea.requireConnection(),
      (): Koa.Middleware => (ctx, next) => {
        ctx.state['zoho'] = 'own'
        return next()
      },
    ]) {
      const { origin, events } = await startWithTwo((koa, zoho, emea) =>
        koa
          .use(first(zoho, emea))
          .use(zoho.requireConnection())
          .use((ctx) => (ctx.body = 'never')),
      )
      const { status, text } = await sendRaw(origin, '/', script)
      expect([status, JSON.parse(text)]).toEqual([
        500,
        expect.objectContaining({ code: 'configuration-invalid' }),
      ])
      const message = expect.stringMatching(/`ctx\.state\.zoho` is already set.* as: /)
      expect(events).toContainEqual(
        expect.objectContaining({ error: expect.objectContaining({ message }) }),
      )
    }
  })

  it('can each have their guard twice', async () => {
    const { origin } = await startWithTwo((koa, zoho) =>
      koa
        .use(zoho.requireConnection())
        .use(zoho.requireConnection())
        .use((ctx) => (ctx.body = ctx.state.zoho.id)),
    )
    for (let count = 0; count < 2; count++)
      expect((await sendRaw(origin, '/', script)).text).toBe('acme')
  })
})

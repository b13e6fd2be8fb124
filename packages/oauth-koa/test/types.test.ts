import Router from '@koa/router'
import Koa, { type DefaultContext } from 'koa'
import mount from 'koa-mount'
import { describe, expectTypeOf, it } from 'vitest'
import { zohoRecruit, type Connection, type RecruitOAuthOptions } from '../src/index.ts'

interface AppState {
  user?: { id: string; company: string }
}

const options = {
  clientId: '1000.A',
  clientSecret: 'x',
  redirectUri: 'http://localhost:3000/zoho/callback',
  scopes: ['ZohoRecruit.modules.READ'],
} satisfies Partial<RecruitOAuthOptions>

describe('types', () => {
  it('ctx.state.zoho is typed after requireConnection(), with the app’s own state', () => {
    const zoho = zohoRecruit<AppState>({
      ...options,
      connectionFor: ({ state: { user } }) => {
        expectTypeOf(user).toEqualTypeOf<AppState['user']>()
        return user && { id: user.company, principal: user.id }
      },
    })
    const app = new Koa<AppState>()
    app.use(zoho.errorHandler())
    app.use(zoho.routes())
    app.use(mount('/zoho', zoho.routes()))
    const router = new Router<AppState>()
    router.get(
      '/candidates',
      zoho.requireConnection({ scopes: ['ZohoRecruit.modules.READ'] }),
      async (ctx) => {
        expectTypeOf(ctx.state.zoho).toEqualTypeOf<Connection>()
        expectTypeOf(ctx.state.user).toEqualTypeOf<AppState['user']>()
        ctx.body = await ctx.state.zoho.fetch('Candidates?per_page=50')
      },
    )
    router.all('/zoho/:route', zoho.routes())
    app.use(router.routes())
    app.use(zoho.requireConnection()).use((ctx) => {
      expectTypeOf(ctx.state.zoho).toEqualTypeOf<Connection>()
      expectTypeOf(ctx.state.user).toEqualTypeOf<AppState['user']>()
    })
    // @ts-expect-error A scope that Zoho does not have.
    zoho.requireConnection({ scopes: ['ZohoRecruit.nothing.READ'] })
  })

  it('ctx.state.zoho is typed in an app without types of its own', () => {
    const zoho = zohoRecruit({
      ...options,
      connectionFor: (ctx) => ({ id: ctx.state.company, principal: ctx.get('x-user') }),
    })
    const app = new Koa()
    app.use(zoho.errorHandler()).use(zoho.routes()).use(mount('/zoho', zoho.routes()))
    app.use(
      new Router()
        .get('/candidates', zoho.requireConnection(), (ctx) =>
          expectTypeOf(ctx.state.zoho).toEqualTypeOf<Connection>(),
        )
        .routes(),
    )
    app
      .use(zoho.requireConnection())
      .use((ctx) => expectTypeOf(ctx.state.zoho).toEqualTypeOf<Connection>())
  })

  it('ctx.state.zoho is typed with the app’s own context', () => {
    interface AppContext extends DefaultContext {
      tenant: string
    }
    const zoho = zohoRecruit<AppState, AppContext>({
      ...options,
      connectionFor: (ctx) => ({ id: ctx.tenant, principal: 'alice' }),
    })
    new Koa<AppState, AppContext>()
      .use(zoho.routes())
      .use(zoho.requireConnection())
      .use((ctx) => {
        expectTypeOf(ctx.state.zoho).toEqualTypeOf<Connection>()
        expectTypeOf(ctx.tenant).toEqualTypeOf<string>()
      })
  })

  it('ctx.state has the name in `as`', () => {
    const zoho = zohoRecruit({ ...options, connectionFor: () => undefined })
    new Koa().use(zoho.requireConnection({ as: 'zohoEmea' })).use((ctx) => {
      expectTypeOf(ctx.state.zohoEmea).toEqualTypeOf<Connection>()
    })
    const withOwnState = zohoRecruit<AppState>({ ...options, connectionFor: () => undefined })
    new Koa<AppState>()
      .use(withOwnState.requireConnection())
      .use(withOwnState.requireConnection({ as: 'zohoEmea' }))
      .use((ctx) => {
        expectTypeOf(ctx.state.zoho).toEqualTypeOf<Connection>()
        expectTypeOf(ctx.state.zohoEmea).toEqualTypeOf<Connection>()
        expectTypeOf(ctx.state.user).toEqualTypeOf<AppState['user']>()
      })
  })
})

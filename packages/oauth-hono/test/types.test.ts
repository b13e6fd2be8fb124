import { Hono } from 'hono'
import { describe, expectTypeOf, it } from 'vitest'
import {
  zohoRecruit,
  zohoRecruitFromBindings,
  type Connection,
  type ConnectionStore,
} from '../src/index.ts'

type AppEnv = { Variables: { company: string; user: string } }
type AppOnBindings = AppEnv & { Bindings: { SECRET: string; STORE: ConnectionStore } }

const common = {
  clientId: '1000.A',
  redirectUri: 'http://localhost:3000/zoho/callback',
  scopes: ['ZohoRecruit.modules.READ'],
} as const

describe('types', () => {
  it('c.var.zoho is typed after requireConnection(), with the app’s own variables', () => {
    const zoho = zohoRecruit<AppEnv>({
      ...common,
      clientSecret: 'x',
      connectionFor: (c) => ({ id: c.get('company'), principal: c.get('user') }),
    })
    const app = new Hono<AppEnv>()
    app.route('/zoho', zoho.routes())
    app.get('/candidates', zoho.requireConnection(), (c) => {
      expectTypeOf(c.var.zoho).toEqualTypeOf<Connection>()
      expectTypeOf(c.var.company).toEqualTypeOf<string>()
      return c.var.zoho.fetch('Candidates?per_page=50')
    })
    expectTypeOf(zoho.connection).toBeCallableWith('acme')
    // @ts-expect-error: `with` needs bindings, and this app has none
    void zoho.with
  })

  it('c.var.zoho is typed with the app’s bindings', () => {
    const zoho = zohoRecruitFromBindings<AppOnBindings>((env) => {
      expectTypeOf(env).toEqualTypeOf<AppOnBindings['Bindings']>()
      return {
        ...common,
        clientSecret: env.SECRET,
        store: env.STORE,
        connectionFor: (c) => {
          expectTypeOf(c.env).toEqualTypeOf<AppOnBindings['Bindings']>()
          return { id: c.get('company'), principal: c.get('user') }
        },
      }
    })
    const app = new Hono<AppOnBindings>()
    app.route('/zoho', zoho.routes())
    app.get(
      '/candidates',
      zoho.requireConnection({ scopes: ['ZohoRecruit.modules.READ'] }),
      (c) => {
        expectTypeOf(c.var.zoho).toEqualTypeOf<Connection>()
        expectTypeOf(c.var.company).toEqualTypeOf<string>()
        expectTypeOf(c.env).toEqualTypeOf<AppOnBindings['Bindings']>()
        return c.var.zoho.fetch('Candidates?per_page=50')
      },
    )
    app.get('/ungated', (c) => {
      // @ts-expect-error: no requireConnection() before it
      void c.var.zoho
      return c.text('')
    })
    expectTypeOf(zoho.with).toBeCallableWith({ SECRET: 'x', STORE: {} as ConnectionStore })
    expectTypeOf<
      ReturnType<ReturnType<typeof zoho.with>['connection']>
    >().toEqualTypeOf<Connection>()
    // @ts-expect-error: outside of a request, `with` needs the bindings
    void zoho.connection
  })
})

import { Hono } from 'hono'
import { describe, expectTypeOf, it } from 'vitest'
import { zohoRecruit, type Connection } from '../src/index.ts'

type AppEnv = { Variables: { company: string; user: string } }

describe('types', () => {
  it('c.var.zoho is typed where connected() stands, beside the app’s own variables', () => {
    const zoho = zohoRecruit<AppEnv>({
      clientId: '1000.A',
      clientSecret: 'x',
      redirectUri: 'http://localhost:3000/zoho/callback',
      scopes: ['ZohoRecruit.modules.READ'],
      connectionFor: (c) => ({ id: c.get('company'), principal: c.get('user') }),
    })
    const app = new Hono<AppEnv>()
    app.route('/zoho', zoho.routes())
    app.get('/candidates', zoho.connected(), (c) => {
      expectTypeOf(c.var.zoho).toEqualTypeOf<Connection>()
      expectTypeOf(c.var.company).toEqualTypeOf<string>()
      return c.var.zoho.fetch('Candidates?per_page=50')
    })
  })
})

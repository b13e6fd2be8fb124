import { Hono } from 'hono'
import { hc } from 'hono/client'
import { expect, expectTypeOf, it } from 'vitest'
import { zohoRecruit, type Connection, type ZohoProblem, type ZohoVariables } from '../src/index.ts'

const zoho = zohoRecruit({
  clientId: '1000.A',
  clientSecret: 'x',
  redirectUri: 'http://localhost:3000/zoho/callback',
  scopes: ['ZohoRecruit.modules.READ'],
  connectionFor: () => ({ id: 'acme', principal: 'alice' }),
})

it('the routes are typed for hc', async () => {
  const app = new Hono()
    .route('/zoho', zoho.routes())
    .get('/candidates', zoho.requireConnection(), (c) => c.json({ id: c.var.zoho.id }))
  const client = hc<typeof app>('http://localhost:3000', {
    fetch: (input: Request | string | URL, init?: RequestInit) =>
      app.request(input instanceof URL ? input.href : input, init),
  })
  const response = await client.zoho.connect.$post({ query: { returnTo: '/x', dataCenter: 'eu' } })
  if (!response.ok) throw new Error()
  const body = await response.json()
  expectTypeOf(body).toEqualTypeOf<{ url: string }>()
  expect(body.url).toMatch(/^https:\/\/accounts\.zoho\.eu\//)
  const refused = await client.zoho.connect.$post({ query: { returnTo: '//evil.example' } })
  if (refused.ok) throw new Error()
  const problem = await refused.json()
  expectTypeOf(problem).toEqualTypeOf<ZohoProblem>()
  expect(problem.status).toBe(refused.status)
  expect(client.zoho.connect.$url().pathname).toBe('/zoho/connect')
  expect((await client.zoho.disconnect.$post()).status).toBe(204)
  // The app's own routes keep their types.
  expectTypeOf(await client.candidates.$get().then((own) => own.json())).toEqualTypeOf<{
    id: string
  }>()
  // @ts-expect-error: no route of the library
  void client.zoho.else
})

it('a guard for the whole app is typed with `ZohoVariables`', () => {
  const app = new Hono<{ Variables: ZohoVariables & ZohoVariables<'zohoEmea'> }>()
  app.use(zoho.requireConnection())
  app.get('/', (c) => {
    expectTypeOf(c.var.zoho).toEqualTypeOf<Connection>()
    expectTypeOf(c.var.zohoEmea).toEqualTypeOf<Connection>()
    return c.text('')
  })
  new Hono().use(zoho.requireConnection({ as: 'zohoEmea' })).get('/', (c) => {
    expectTypeOf(c.var.zohoEmea).toEqualTypeOf<Connection>()
    // @ts-expect-error: this guard sets another variable
    void c.var.zoho
    return c.text('')
  })
})

import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { perTest, startApp } from './app.ts'

const { app } = perTest()

it('throws when the routes are mounted at another path than that of `redirectUri`', async () => {
  const elsewhere = new Hono().route('/auth', app().zoho.routes())
  elsewhere.onError((error, c) => c.text(error.message, 500))
  expect(await (await elsewhere.request('/auth/connect')).text()).toMatch(
    /received a request for \/auth\/connect, but the option `redirectUri` says \/zoho\/callback/,
  )
})

it('answers at `/` behind a proxy that strips the whole path', async () => {
  const behind = await startApp({ oauth: { mountPath: '/' } })
  const answer = await new Hono().route('/', behind.zoho.routes()).request('/connect')
  const location = new URL(answer.headers.get('location') ?? '')
  expect([answer.status, location.searchParams.get('redirect_uri')]).toEqual([
    303,
    `${behind.origin}/zoho/callback`,
  ])
  await behind.close()
})

import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { useApp, startApp } from './app.ts'

const { app } = useApp()

it('a request throws if the routes are not mounted at the path of `redirectUri`', async () => {
  const wronglyMountedApp = new Hono().route('/auth', app().zoho.routes())
  wronglyMountedApp.onError((error, c) => c.text(error.message, 500))
  expect(await (await wronglyMountedApp.request('/auth/connect')).text()).toMatch(
    /received a request for \/auth\/connect\. .*`redirectUri`, the callback is \/zoho\/callback/,
  )
})

it('the routes are at `/` behind a proxy that strips the whole path', async () => {
  const proxiedApp = await startApp({ oauth: { mountPath: '/' } })
  const response = await new Hono().route('/', proxiedApp.zoho.routes()).request('/connect')
  const location = new URL(response.headers.get('location') ?? '')
  expect([response.status, location.searchParams.get('redirect_uri')]).toEqual([
    303,
    `${proxiedApp.origin}/zoho/callback`,
  ])
  await proxiedApp.close()
})

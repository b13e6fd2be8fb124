import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { expect, it } from 'vitest'
import { useApp, startApp } from './app.ts'

const { app, browser } = useApp()
const page = { headers: { accept: 'text/html' } }

it('a consent returns to the browser’s path, behind a proxy that strips a prefix', async () => {
  const proxiedApp = await startApp({
    oauth: { redirectUri: 'https://app.example.com/tenant/zoho/callback', mountPath: '/zoho' },
  })
  const response = await new Hono()
    .get('/candidates', proxiedApp.zoho.requireConnection(), (c) => c.text('in'))
    .request('/candidates', page)
  expect(response.headers.get('location')).toBe(
    '/tenant/zoho/connect?returnTo=%2Ftenant%2Fcandidates',
  )
  await proxiedApp.close()
})

it('a handler can return Zoho’s response, with the headers of the app’s middleware', async () => {
  await browser().submit(await browser().open(`${app().origin}/zoho/connect`), {
    decision: 'approve',
  })
  const zoho = app().zoho
  const appWithHeaders = new Hono()
    .use(secureHeaders())
    .get('/', zoho.requireConnection(), (c) => c.var.zoho.fetch('Candidates?per_page=1'))
  const response = await appWithHeaders.request('/')
  expect([
    response.status,
    response.headers.get('set-cookie'),
    response.headers.get('x-frame-options'),
  ]).toEqual([200, null, 'SAMEORIGIN'])
  const text = await response.text()
  expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  expect(JSON.parse(text)).toMatchObject({ data: [expect.anything()] })
})

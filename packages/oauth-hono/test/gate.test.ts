import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { expect, it } from 'vitest'
import { perTest, startApp } from './app.ts'

const { app, browser } = perTest()
const page = { headers: { accept: 'text/html' } }

it('returns to the path that the browser sees, behind a proxy that strips a prefix', async () => {
  const behind = await startApp({
    oauth: { redirectUri: 'https://app.example.com/tenant/zoho/callback', mountPath: '/zoho' },
  })
  const answer = await new Hono()
    .get('/candidates', behind.zoho.requireConnection(), (c) => c.text('in'))
    .request('/candidates', page)
  expect(answer.headers.get('location')).toBe(
    '/tenant/zoho/connect?returnTo=%2Ftenant%2Fcandidates',
  )
  await behind.close()
})

it('returns Zoho’s response with the headers of the app’s middleware', async () => {
  await browser().submit(await browser().open(`${app().origin}/zoho/connect`), {
    decision: 'approve',
  })
  const zoho = app().zoho
  const own = new Hono()
    .use(secureHeaders())
    .get('/', zoho.requireConnection(), (c) => c.var.zoho.fetch('Candidates?per_page=1'))
  const answer = await own.request('/')
  expect([
    answer.status,
    answer.headers.get('set-cookie'),
    answer.headers.get('content-length'),
    answer.headers.get('x-frame-options'),
  ]).toEqual([200, null, null, 'SAMEORIGIN'])
  expect(await answer.json()).toMatchObject({ data: [expect.anything()] })
})

import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { expect, it } from 'vitest'
import { perTest, startApp } from './app.ts'

const { app, browser } = perTest()
const page = { headers: { accept: 'text/html' } }

it('may stand before the whole app: the way in stays open', async () => {
  const whole = new Hono()
    .use(app().zoho.requireConnection())
    .route('/zoho', app().zoho.routes())
    .get('/', (c) => c.text('in'))
  expect((await whole.request('/', page)).headers.get('location')).toBe(
    '/zoho/connect?returnTo=%2F',
  )
  expect((await whole.request('/zoho/connect', page)).headers.get('location')).toContain(
    '/oauth/v2/auth?',
  )
})

it('returns to the path that the browser sees, where a proxy strips a prefix', async () => {
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

it('hands on what Zoho answers, as this app’s own', async () => {
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

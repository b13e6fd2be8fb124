import { describe, expect, it } from 'vitest'
import { navigation } from './browser.ts'
import { startRoutes } from './start-routes.ts'

const local = { redirectUri: 'http://localhost:3000/zoho/callback' }

describe('in development, with `redirectUri` at localhost', () => {
  it.each<[string, Record<string, string>]>([
    ['127.0.0.1', { host: '127.0.0.1:3000' }],
    ['[::1]', { host: '[::1]:3000' }],
    ['127.0.0.1 behind a proxy', { host: 'localhost.internal', 'x-forwarded-host': '127.0.0.1' }],
    ['127.0.0.1, by a link', { host: '127.0.0.1:3000', referer: 'http://127.0.0.1:3000/' }],
  ])('refuses a browser at %s before the consent', async (_, headers) => {
    const { browser } = await startRoutes(local)
    const response = await browser.send('/zoho/connect?returnTo=/jobs', {
      ...navigation,
      ...headers,
    })
    expect([response.status, response.code, browser.jar.size]).toEqual([400, 'host-mismatch', 0])
    expect(response.body).toContain('href="http://localhost:3000/zoho/connect?returnTo=%2Fjobs"')
  })

  it.each<[string, Record<string, string>]>([
    ['localhost', { host: 'localhost:3000' }],
    ['localhost at another port', { host: 'localhost:5173' }],
    [
      'localhost, behind a proxy that changes Host',
      { host: '127.0.0.1:3000', referer: 'http://localhost:5173/' },
    ],
    [
      'localhost, behind a proxy that says so',
      { host: '127.0.0.1:3000', 'x-forwarded-host': 'localhost:5173' },
    ],
    ['an unknown host', {}],
  ])('accepts a browser at %s', async (_, headers) => {
    const { browser } = await startRoutes(local)
    const { url } = await browser.send('/zoho/connect', { ...navigation, ...headers })
    expect(url?.pathname).toBe('/oauth/v2/auth')
  })
})

it('a dev server that proxies the routes at another port needs no ticket', async () => {
  const page = 'http://localhost:5173'
  const { browser } = await startRoutes({ ...local, trustedOrigins: [page] })
  const { url } = await browser.send('/zoho/connect?returnTo=/jobs', {
    ...navigation,
    host: 'localhost:5173',
  })
  const state = url?.searchParams.get('state') ?? ''
  // The user returns to the page, and not to the API.
  expect((await browser.sendCallback(state)).url?.href).toBe(`${page}/jobs`)
})

it('a public app ignores the internal host behind a proxy', async () => {
  const { browser } = await startRoutes()
  const { url } = await browser.send('/zoho/connect', { ...navigation, host: '127.0.0.1:8080' })
  expect(url?.pathname).toBe('/oauth/v2/auth')
})

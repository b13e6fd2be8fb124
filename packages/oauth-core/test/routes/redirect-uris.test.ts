import { describe, expect, it } from 'vitest'
import { startRoutes } from './start-routes.ts'

describe.each([
  ['https://app.example.com/zoho/callback/', '/zoho', '/callback/'],
  ['https://app.example.com/callback', '', '/callback'],
  ['https://app.example.com/oauth/', '', '/oauth/'],
  ['https://app.example.com/a/b/c', '/a/b', '/c'],
])('with the redirect URI %s', (redirectUri, mount, callback) => {
  it('the routes are beside the callback, and a consent finishes', async () => {
    const { browser, zoho } = await startRoutes({ redirectUri })
    expect(zoho.paths).toEqual({ connect: '/connect', callback, disconnect: '/disconnect' })
    const { url } = await browser.send(`${mount}/connect?returnTo=/jobs`)
    expect(url?.searchParams.get('redirect_uri')).toBe(redirectUri)
    const state = url?.searchParams.get('state') ?? ''
    const finished = await browser.send(`${mount}${callback}?state=${state}&code=1000.code`)
    expect([finished.status, finished.url?.pathname]).toEqual([303, '/jobs'])
  })
})

import { describe, expect, it } from 'vitest'
import { house } from '../client/house.ts'
import { ann, byScript, fromZoho, navigation, createBrowser } from './browser.ts'
import { startRoutes, type Who, form } from './start-routes.ts'

describe('callbackIdentity', () => {
  it('S2, S3: `cookie` finishes in the browser that began, without a session', async () => {
    const home = await startRoutes({ callbackIdentity: 'cookie' })
    const state = await home.browser.begin()
    home.session.who = undefined
    const callsBefore = home.session.calls
    expect((await createBrowser(home.zoho).back(state)).code).toBe('callback-unbound')
    expect((await home.browser.back(state)).status).toBe(303)
    expect(home.session.calls).toBe(callsBefore)
    expect(await home.zoho.connection('acme').status()).toMatchObject({
      status: 'active',
      principal: 'ann',
    })
    expect((await home.browser.send('/zoho/connect')).code).toBe('principal-missing')
  })

  it('S3: `session` is the default', async () => {
    const home = await startRoutes()
    const state = await home.browser.begin()
    home.session.who = { id: 'acme', principal: 'bob' }
    expect((await home.browser.back(state, { code: '1000.code' }, byScript)).code).toBe(
      'principal-mismatch',
    )
  })

  it.each([null, '', 'binding', true])(
    '%j is refused when the app starts',
    async (callbackIdentity) => {
      const home = await house()
      expect(() => home.client({ callbackIdentity: callbackIdentity as 'session' })).toThrow(
        /callbackIdentity/,
      )
    },
  )
})

describe('C4, S3: an app whose session cookie is SameSite=Strict', () => {
  it.each<[string, Who]>([
    ['no user', undefined],
    ['another user', { id: 'acme', principal: 'guest' }],
  ])('gets a page that reloads once if the first request has %s', async (_, stranger) => {
    const home = await startRoutes()
    const state = await home.browser.begin()
    const writes = home.counts.writes
    home.session.who = stranger
    const hop = await home.browser.back(state)
    expect([hop.status, hop.headers.get('location'), hop.headers.getSetCookie()]).toEqual([
      200,
      null,
      [],
    ])
    expect(hop.body).toContain('<meta http-equiv="refresh" content="0">')
    expect(hop.body).not.toMatch(new RegExp(`${state}|1000\\.code`))
    expect([home.server.received.length, home.counts.writes, home.browser.jar.size]).toEqual([
      0,
      writes,
      1,
    ])
    home.session.who = ann
    const again = await home.browser.back(state, { code: '1000.code' }, form)
    expect([again.status, home.tokenCalls().length]).toEqual([303, 1])
  })

  it('is refused after the reload, so that there is no loop', async () => {
    const home = await startRoutes()
    const state = await home.browser.begin()
    home.session.who = undefined
    expect((await home.browser.back(state)).status).toBe(200)
    expect((await home.browser.back(state, { code: '1000.code' }, form)).code).toBe(
      'principal-missing',
    )
    expect(home.browser.jar.size).toBe(0)
  })

  it.each<[string, Record<string, string>]>([
    ['a reload', form],
    ['a typed address', navigation],
    ['a browser without Sec-Fetch headers', { accept: 'text/html' }],
    ['a script', { ...byScript, 'sec-fetch-site': 'cross-site' }],
    [
      'an image',
      {
        accept: 'image/*',
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'no-cors',
        'sec-fetch-dest': 'image',
      },
    ],
  ])('gets no reload for %s', async (_, headers) => {
    const home = await startRoutes()
    const state = await home.browser.begin()
    home.session.who = undefined
    const answer = await home.browser.back(state, { code: '1000.code' }, headers)
    expect([answer.status, answer.code]).toEqual([401, 'principal-missing'])
  })

  it('gets no reload for an invalid callback', async () => {
    const home = await startRoutes()
    const state = await home.browser.begin()
    home.session.who = undefined
    expect((await createBrowser(home.zoho).back(state)).code).toBe('callback-unbound')
    expect((await home.browser.send('/zoho/callback', fromZoho)).code).toBe('callback-malformed')
  })
})

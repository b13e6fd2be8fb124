import { describe, expect, it } from 'vitest'
import { startSetup } from '../client/setup.ts'
import { ann, byScript, fromZoho, navigation, createBrowser } from './browser.ts'
import { startRoutes, type Who, sameOriginNavigation } from './start-routes.ts'

describe('with the option callbackIdentity,', () => {
  it('S2, S3: `cookie` lets the browser finish its consent without a session', async () => {
    const setup = await startRoutes({ callbackIdentity: 'cookie' })
    const state = await setup.browser.startConsent()
    setup.session.who = undefined
    const callsBefore = setup.session.calls
    expect((await createBrowser(setup.zoho).sendCallback(state)).code).toBe('callback-unbound')
    expect((await setup.browser.sendCallback(state)).status).toBe(303)
    // Only the callback without a cookie asks who is signed in.
    expect(setup.session.calls).toBe(callsBefore + 1)
    expect(await setup.zoho.connection('acme').status()).toMatchObject({
      status: 'active',
      principal: 'ann',
    })
    expect((await setup.browser.send('/zoho/connect')).code).toBe('principal-missing')
  })

  it('S3: the default `session` refuses another user', async () => {
    const setup = await startRoutes()
    const state = await setup.browser.startConsent()
    setup.session.who = { id: 'acme', principal: 'bob' }
    expect((await setup.browser.sendCallback(state, { code: '1000.code' }, byScript)).code).toBe(
      'principal-mismatch',
    )
  })

  it.each([null, '', 'binding', true])(
    '%j is refused when the app starts',
    async (callbackIdentity) => {
      const setup = await startSetup()
      expect(() => setup.client({ callbackIdentity: callbackIdentity as 'session' })).toThrow(
        /callbackIdentity/,
      )
    },
  )
})

describe('C4, S3: the callback of an app whose session cookie is SameSite=Strict', () => {
  it.each<[string, Who]>([
    ['no user', undefined],
    ['another user', { id: 'acme', principal: 'guest' }],
  ])(
    'responds with a page that reloads itself if the first request has %s',
    async (_, firstUser) => {
      const setup = await startRoutes()
      const state = await setup.browser.startConsent()
      const writes = setup.counts.writes
      setup.session.who = firstUser
      const reloadPage = await setup.browser.sendCallback(state)
      expect([
        reloadPage.status,
        reloadPage.headers.get('location'),
        reloadPage.headers.getSetCookie(),
      ]).toEqual([200, null, []])
      expect(reloadPage.body).toContain('<meta http-equiv="refresh" content="0">')
      expect(reloadPage.body).not.toMatch(new RegExp(`${state}|1000\\.code`))
      expect([setup.server.received.length, setup.counts.writes, setup.browser.jar.size]).toEqual([
        0,
        writes,
        1,
      ])
      setup.session.who = ann
      const afterReload = await setup.browser.sendCallback(
        state,
        { code: '1000.code' },
        sameOriginNavigation,
      )
      expect([afterReload.status, setup.tokenCalls().length]).toEqual([303, 1])
    },
  )

  it('refuses the reload if it has no user either, so that there is no loop', async () => {
    const setup = await startRoutes()
    const state = await setup.browser.startConsent()
    setup.session.who = undefined
    expect((await setup.browser.sendCallback(state)).status).toBe(200)
    expect(
      (await setup.browser.sendCallback(state, { code: '1000.code' }, sameOriginNavigation)).code,
    ).toBe('principal-missing')
    expect([...setup.browser.jar.keys()]).toEqual(['__Host-zro-last'])
  })

  it.each<[string, Record<string, string>]>([
    ['a request that is the reload', sameOriginNavigation],
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
  ])('does not respond with a page that reloads to %s', async (_, headers) => {
    const setup = await startRoutes()
    const state = await setup.browser.startConsent()
    setup.session.who = undefined
    const response = await setup.browser.sendCallback(state, { code: '1000.code' }, headers)
    expect([response.status, response.code]).toEqual([401, 'principal-missing'])
  })

  it('does not respond with a page that reloads to an invalid callback', async () => {
    const setup = await startRoutes()
    const state = await setup.browser.startConsent()
    setup.session.who = undefined
    expect((await createBrowser(setup.zoho).sendCallback(state)).code).toBe('callback-unbound')
    expect((await setup.browser.send('/zoho/callback', fromZoho)).code).toBe('callback-malformed')
  })
})

import { describe, expect, it } from 'vitest'
import { connect } from '../client/setup.ts'
import { appOrigin, byScript, fromZoho, navigation } from './browser.ts'
import { startRoutes, sameOriginNavigation } from './start-routes.ts'

/**
 * Requests that another site or a sibling host can make a browser send, with the cookies that
 * SameSite allows.
 */
const foreignRequests: [string, Record<string, string>][] = [
  ['a form of another site', { ...fromZoho, origin: 'https://evil.example' }],
  [
    'a form of a sibling host',
    { ...navigation, 'sec-fetch-site': 'same-site', origin: 'https://evil.app.example.com' },
  ],
  [
    'a script of another site',
    {
      ...byScript,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      origin: 'https://evil.example',
    },
  ],
  [
    'a script of a sibling host',
    { ...byScript, 'sec-fetch-site': 'same-site', origin: 'https://evil.app.example.com' },
  ],
  [
    'another site, in a browser without Sec-Fetch-Site',
    { accept: 'text/html', origin: 'https://evil.example' },
  ],
  [
    'a page that hides its origin, in a browser without Sec-Fetch-Site',
    { accept: 'text/html', origin: 'null' },
  ],
  ['the same host over http', { accept: 'text/html', origin: 'http://app.example.com' }],
  [
    'the same host at another port',
    { accept: 'text/html', origin: 'https://app.example.com:8443' },
  ],
  [
    'an origin that begins with the origin of the app',
    { accept: 'text/html', origin: 'https://app.example.com.evil.example' },
  ],
  [
    'a Sec-Fetch-Site value that no browser sends',
    { accept: 'text/html', 'sec-fetch-site': 'SAME-ORIGIN', origin: appOrigin },
  ],
]

const ownRequests: [string, Record<string, string>][] = [
  ['a form of the app', { ...sameOriginNavigation, origin: appOrigin }],
  ['a form of the app that hides its origin', { ...sameOriginNavigation, origin: 'null' }],
  ['a script of the app', { ...byScript, origin: appOrigin }],
  ['the app, in a browser without Sec-Fetch-Site', { accept: 'text/html', origin: appOrigin }],
  ['a program that is no browser', { accept: '*/*' }],
]

describe.each(['/zoho/connect', '/zoho/disconnect'])('POST %s', (path) => {
  it.each(foreignRequests)(
    'S11: from %s is refused without a cookie or an effect',
    async (_, headers) => {
      const setup = await startRoutes()
      await connect(setup)
      const response = await setup.browser.send(path, headers, 'POST')
      expect([
        response.status,
        response.code,
        response.headers.getSetCookie(),
        setup.server.received.length,
      ]).toEqual([403, 'cross-site-request', [], 0])
      expect((await setup.zoho.connection('acme').status()).status).toBe('active')
    },
  )

  it.each(ownRequests)('from %s is accepted', async (_, headers) => {
    const setup = await startRoutes()
    await connect(setup)
    expect((await setup.browser.send(path, headers, 'POST')).status).toBeLessThan(400)
  })
})

describe('POST /connect', () => {
  it('gives a script the authorization URL, and redirects a form to it', async () => {
    const { browser } = await startRoutes()
    const response = await browser.send('/zoho/connect?returnTo=/candidates', byScript, 'POST')
    expect([
      response.status,
      response.headers.get('content-type'),
      browser.jar.size,
      response.headers.get('location'),
    ]).toEqual([200, 'application/json', 1, null])
    const { url, ...more } = JSON.parse(response.body) as { url: string }
    expect([more, new URL(url).searchParams.get('response_type')]).toEqual([{}, 'code'])
    expect(
      (await browser.sendCallback(new URL(url).searchParams.get('state') as string)).headers.get(
        'location',
      ),
    ).toBe('/candidates')
    const navigated = await browser.send('/zoho/connect', sameOriginNavigation, 'POST')
    expect([navigated.status, navigated.url?.pathname]).toEqual([303, '/oauth/v2/auth'])
  })

  it('checks `dataCenter` and `returnTo` in the query as GET does', async () => {
    const { browser } = await startRoutes()
    expect((await browser.send('/zoho/connect?dataCenter=mars', byScript, 'POST')).code).toBe(
      'argument-invalid',
    )
    expect(
      (await browser.send('/zoho/connect?returnTo=//evil.example', byScript, 'POST')).code,
    ).toBe('argument-invalid')
    expect(browser.jar.size).toBe(0)
  })

  it('S10: refuses a start without a signed-in user', async () => {
    const { browser, session } = await startRoutes()
    session.who = undefined
    const response = await browser.send('/zoho/connect', byScript, 'POST')
    expect([response.status, response.code, browser.jar.size]).toEqual([
      401,
      'principal-missing',
      0,
    ])
  })
})

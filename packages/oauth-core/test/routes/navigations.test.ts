import { describe, expect, it } from 'vitest'
import { appOrigin, byScript, navigation } from './browser.ts'
import { sameOriginNavigation, startRoutes } from './start-routes.ts'

const sameOrigin = { 'sec-fetch-site': 'same-origin' }

/** Requests of a browser for /connect that nobody would see the result of. */
const hiddenRequests: [string, Record<string, string>][] = [
  ['fetch()', byScript],
  ['fetch() that accepts HTML', { ...byScript, accept: 'text/html' }],
  ['a prefetch of a router', { ...byScript, 'next-router-prefetch': '1', rsc: '1' }],
  ['an image', { ...sameOrigin, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ['a script', { ...sameOrigin, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
  [
    'a link rel=prefetch',
    { ...sameOrigin, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty' },
  ],
  ['a frame', { ...sameOriginNavigation, 'sec-fetch-dest': 'iframe' }],
  ['a frameset', { ...sameOriginNavigation, 'sec-fetch-dest': 'frame' }],
  ['an object', { ...sameOriginNavigation, 'sec-fetch-dest': 'object' }],
  ['an embed', { ...sameOriginNavigation, 'sec-fetch-dest': 'embed' }],
]

describe.each(hiddenRequests)('GET /connect by %s', (_, headers) => {
  it('S14: starts nothing, sets no cookie, and says how to start', async () => {
    const { browser, events } = await startRoutes()
    const response = await browser.send('/zoho/connect', headers)
    expect([response.status, response.code, response.url, browser.jar.size]).toEqual([
      400,
      'navigation-required',
      undefined,
      0,
    ])
    expect(events.at(-1)).toMatchObject({ type: 'request-refused', route: 'connect' })
  })
})

it('S14: five hidden requests do not remove the cookie of a real one', async () => {
  const { browser } = await startRoutes()
  const state = await browser.startConsent()
  for (const [, headers] of hiddenRequests) await browser.send('/zoho/connect', headers)
  expect((await browser.sendCallback(state)).status).toBe(303)
})

it('S14: POST /connect in a frame starts nothing', async () => {
  const { browser } = await startRoutes()
  const headers = { ...sameOriginNavigation, 'sec-fetch-dest': 'iframe' }
  const response = await browser.send('/zoho/connect', headers, 'POST')
  expect([response.code, browser.jar.size]).toEqual(['navigation-required', 0])
})

it.each<[string, Record<string, string>]>([
  ['a browser with Sec-Fetch headers', navigation],
  ['a browser without them', { accept: 'text/html' }],
  ['a program', { accept: '*/*' }],
  ['a program that sends only Sec-Fetch-Mode', { 'sec-fetch-mode': 'cors' }],
])('GET /connect by %s starts a consent', async (_, headers) => {
  const { browser } = await startRoutes()
  expect((await browser.send('/zoho/connect', headers)).url?.pathname).toBe('/oauth/v2/auth')
})

describe.each<[string, Record<string, string>]>([
  ['sec-purpose: prefetch', { ...navigation, 'sec-purpose': 'prefetch' }],
  ['sec-purpose: prerender', { ...navigation, 'sec-purpose': 'prefetch;prerender' }],
  ['purpose: prefetch', { ...navigation, purpose: 'prefetch' }],
  ['x-purpose: preview', { accept: 'text/html', 'x-purpose': 'preview' }],
  ['x-moz: prefetch', { accept: 'text/html', 'x-moz': 'prefetch' }],
])('a page that is loaded in advance (%s)', (_, headers) => {
  it('S14: gets a status with which no browser uses it later', async () => {
    const { browser, zoho } = await startRoutes()
    expect((await browser.send('/zoho/connect', headers)).status).toBe(503)
    expect(browser.jar.size).toBe(0)
    const request = new Request(`${appOrigin}/candidates`, { headers })
    expect(await zoho.requireConnection(request)).toMatchObject({ status: 503 })
  })
})

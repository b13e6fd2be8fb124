import { describe, expect, it } from 'vitest'
import { connect } from '../client/setup.ts'
import { appOrigin, byScript } from './browser.ts'
import { startRoutes } from './start-routes.ts'

const spa = 'https://spa.example.com'
const trustedOrigins = [spa]
/** A script of the single-page app, on a sibling host of the API. */
const fromSpa = { ...byScript, 'sec-fetch-site': 'same-site', origin: spa }

describe('a page of a trusted origin', () => {
  it('starts a consent with POST, reads the response, and returns to itself', async () => {
    const { browser } = await startRoutes({ trustedOrigins })
    const query = new URLSearchParams({ returnTo: `${spa}/jobs?page=2` })
    const response = await browser.send(`/zoho/connect?${query}`, fromSpa, 'POST')
    expect([
      response.status,
      response.headers.get('access-control-allow-origin'),
      response.headers.get('access-control-allow-credentials'),
      response.headers.get('vary'),
    ]).toEqual([200, spa, 'true', 'Origin'])
    const { url } = JSON.parse(response.body) as { url: string }
    const state = new URL(url).searchParams.get('state') ?? ''
    expect((await browser.sendCallback(state)).url?.href).toBe(`${spa}/jobs?page=2`)
  })

  it('disconnects with POST', async () => {
    const setup = await startRoutes({ trustedOrigins })
    await connect(setup)
    expect((await setup.browser.send('/zoho/disconnect', fromSpa, 'POST')).status).toBe(204)
  })

  it('can read a failure', async () => {
    const { browser, session } = await startRoutes({ trustedOrigins })
    session.who = undefined
    const response = await browser.send('/zoho/connect', fromSpa, 'POST')
    expect([response.code, response.headers.get('access-control-allow-origin')]).toEqual([
      'principal-missing',
      spa,
    ])
  })

  it('gets an answer to its preflight', async () => {
    const { browser } = await startRoutes({ trustedOrigins })
    const preflight = {
      origin: spa,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-app',
    }
    const { status, headers } = await browser.send('/zoho/connect', preflight, 'OPTIONS')
    expect([
      status,
      headers.get('access-control-allow-origin'),
      headers.get('access-control-allow-credentials'),
      headers.get('access-control-allow-methods'),
      headers.get('access-control-allow-headers'),
    ]).toEqual([204, spa, 'true', 'GET, POST', 'authorization,x-app'])
  })
})

describe.each([
  'https://spa.example.com.evil.example',
  'https://evil.spa.example.com',
  'http://spa.example.com',
  'https://spa.example.com:8443',
  'https://SPA.example.com',
  'null',
  'https://evil.example',
])('a page of the origin %s', (origin) => {
  const headers = { ...byScript, 'sec-fetch-site': 'cross-site', origin }

  it.each(['/zoho/connect', '/zoho/disconnect'])('S11: cannot POST %s', async (path) => {
    const setup = await startRoutes({ trustedOrigins })
    await connect(setup)
    const response = await setup.browser.send(path, headers, 'POST')
    expect([
      response.status,
      response.code,
      response.headers.get('access-control-allow-origin'),
      response.headers.get('access-control-allow-credentials'),
      setup.browser.jar.size,
    ]).toEqual([403, 'cross-site-request', null, null, 0])
    expect((await setup.zoho.connection('acme').status()).status).toBe('active')
  })

  it('gets no answer to its preflight', async () => {
    const { browser } = await startRoutes({ trustedOrigins })
    const preflight = { origin, 'access-control-request-method': 'POST' }
    const response = await browser.send('/zoho/connect', preflight, 'OPTIONS')
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([
      405,
      null,
    ])
  })

  it('B14: is no target of returnTo', async () => {
    const { browser } = await startRoutes({ trustedOrigins })
    const query = new URLSearchParams({ returnTo: `${origin}/` })
    const response = await browser.send(`/zoho/connect?${query}`)
    const isTheTrustedOne = origin === 'https://SPA.example.com' // A URL has no upper case in it.
    expect(response.code).toBe(isTheTrustedOne ? undefined : 'argument-invalid')
  })
})

it('without `trustedOrigins`, responses have no CORS header', async () => {
  const { browser } = await startRoutes()
  const response = await browser.send('/zoho/connect', { ...byScript, origin: appOrigin }, 'POST')
  expect([response.status, response.headers.get('vary')]).toEqual([200, null])
})

it('a page of another site is told about tickets, because it cannot get the cookie', async () => {
  const { browser, events } = await startRoutes({ trustedOrigins })
  const headers = { ...fromSpa, 'sec-fetch-site': 'cross-site' }
  const response = await browser.send('/zoho/connect', headers, 'POST')
  expect([response.status, response.code, browser.jar.size]).toEqual([403, 'cross-site-request', 0])
  expect(response.body).toContain('connectTickets')
  expect(events.at(-1)).toMatchObject({ type: 'request-refused', route: 'connect' })
})

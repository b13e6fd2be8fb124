import { describe, expect, it } from 'vitest'
import { appOrigin, byScript, fromZoho, navigation } from './browser.ts'
import { startRoutes, sameOriginNavigation } from './start-routes.ts'

describe('requireConnection() without a connection', () => {
  const responseTo = async (
    headers: Record<string, string>,
    method = 'GET',
    path = '/candidates?page=2',
  ) => {
    const { zoho } = await startRoutes()
    const response = (await zoho.requireConnection(
      new Request(appOrigin + path, { method, headers }),
    )) as Response
    return {
      status: response.status,
      location: response.headers.get('location'),
      type: response.headers.get('content-type'),
      cache: response.headers.get('cache-control'),
      body: await response.text(),
    }
  }
  const connectPath = '/zoho/connect?returnTo=%2Fcandidates%3Fpage%3D2'

  it.each<[string, Record<string, string>]>([
    ['a page', navigation],
    ['a page that another site linked to', fromZoho],
    ['a page in a browser without Sec-Fetch headers', { accept: 'text/html' }],
    [
      'a page in a frame',
      { ...navigation, 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'same-origin' },
    ],
  ])('redirects %s to connect, with a returnTo', async (_, headers) => {
    expect(await responseTo(headers)).toMatchObject({
      status: 303,
      location: connectPath,
      cache: 'no-store',
    })
  })

  it.each<[string, Record<string, string>, string]>([
    ['a script', byScript, 'GET'],
    ['a POST of a script', byScript, 'POST'],
    ['a program', { accept: '*/*' }, 'GET'],
    ['a program without headers', {}, 'DELETE'],
  ])('gives %s the URL of connect', async (_, headers, method) => {
    const response = await responseTo(headers, method)
    expect(response).toMatchObject({
      status: 401,
      location: null,
      type: 'application/problem+json',
      cache: 'no-store',
    })
    expect(JSON.parse(response.body)).toMatchObject({
      code: 'not-connected',
      remedy: 'ask-consent',
      connect: `${appOrigin}/zoho/connect`,
    })
  })

  it.each(['HEAD', 'POST', 'PUT'])(
    'does not redirect a %s of a page, which would return as a GET',
    async (method) => {
      expect(await responseTo(sameOriginNavigation, method)).toMatchObject({
        status: 401,
        location: null,
        type: 'text/html; charset=utf-8',
      })
    },
  )

  it('S11: refuses connect in a frame of another site', async () => {
    const { browser } = await startRoutes()
    const framed = await browser.send('/zoho/connect', { ...fromZoho, 'sec-fetch-dest': 'iframe' })
    expect([framed.status, framed.code, browser.jar.size]).toEqual([403, 'cross-site-request', 0])
  })

  it('B14: returns no user to another site', async () => {
    expect((await responseTo(navigation, 'GET', '//evil.example/x')).location).toBe('/zoho/connect')
  })
})

import { describe, expect, it } from 'vitest'
import type { RecruitOAuthOptions } from '../../src/index.ts'
import { connect, grant, house } from '../client/house.ts'
import { faultyStore } from '../client/faulty-store.ts'
import { appOrigin, byScript, fromZoho, navigation, createBrowser } from './browser.ts'

type Who = { id: string; principal: string } | undefined
const ann = { id: 'acme', principal: 'ann' }

const startRoutes = async (options: Partial<RecruitOAuthOptions> = {}) => {
  const store = faultyStore()
  const home = await house({ store: store.wrap })
  home.script.token = grant()
  const session: { who: Who; calls: number } = { who: ann, calls: 0 }
  const connectionFor = () => {
    session.calls += 1
    return session.who
  }
  const zoho = home.client({ connectionFor, ...options })
  return { ...home, ...store, session, zoho, browser: createBrowser(zoho) }
}

const form = { ...navigation, 'sec-fetch-site': 'same-origin' }
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
  ['a form of the app', { ...form, origin: appOrigin }],
  ['a form of the app that hides its origin', { ...form, origin: 'null' }],
  ['a script of the app', { ...byScript, origin: appOrigin }],
  ['the app, in a browser without Sec-Fetch-Site', { accept: 'text/html', origin: appOrigin }],
  ['a program that is no browser', { accept: '*/*' }],
]

describe.each(['/zoho/connect', '/zoho/disconnect'])('POST %s', (path) => {
  it.each(foreignRequests)(
    'S11: from %s is refused without a cookie or an effect',
    async (_, headers) => {
      const home = await startRoutes()
      await connect(home)
      const answer = await home.browser.send(path, headers, 'POST')
      expect([
        answer.status,
        answer.code,
        answer.headers.getSetCookie(),
        home.server.received.length,
      ]).toEqual([403, 'cross-site-request', [], 0])
      expect((await home.zoho.connection('acme').status()).status).toBe('active')
    },
  )

  it.each(ownRequests)('from %s is accepted', async (_, headers) => {
    const home = await startRoutes()
    await connect(home)
    expect((await home.browser.send(path, headers, 'POST')).status).toBeLessThan(400)
  })
})

describe('POST /connect', () => {
  it('gives a script the authorization URL, and redirects a form to it', async () => {
    const { browser } = await startRoutes()
    const answer = await browser.send('/zoho/connect?returnTo=/candidates', byScript, 'POST')
    expect([
      answer.status,
      answer.headers.get('content-type'),
      browser.jar.size,
      answer.headers.get('location'),
    ]).toEqual([200, 'application/json', 1, null])
    const { url, ...more } = JSON.parse(answer.body) as { url: string }
    expect([more, new URL(url).searchParams.get('response_type')]).toEqual([{}, 'code'])
    expect(
      (await browser.back(new URL(url).searchParams.get('state') as string)).headers.get(
        'location',
      ),
    ).toBe('/candidates')
    const navigated = await browser.send('/zoho/connect', form, 'POST')
    expect([navigated.status, navigated.url?.pathname]).toEqual([303, '/oauth/v2/auth'])
  })

  it('checks `dataCenter` and `returnTo` in the query as GET does', async () => {
    const { browser } = await startRoutes()
    expect((await browser.send('/zoho/connect?dataCenter=mars', byScript, 'POST')).code).toBe(
      'data-center-unknown',
    )
    expect(
      (await browser.send('/zoho/connect?returnTo=//evil.example', byScript, 'POST')).code,
    ).toBe('argument-invalid')
    expect(browser.jar.size).toBe(0)
  })

  it('S10: refuses a start without a signed-in user', async () => {
    const { browser, session } = await startRoutes()
    session.who = undefined
    const answer = await browser.send('/zoho/connect', byScript, 'POST')
    expect([answer.status, answer.code, browser.jar.size]).toEqual([401, 'principal-missing', 0])
  })
})

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

describe('requireConnection() without a connection', () => {
  const answerTo = async (
    headers: Record<string, string>,
    method = 'GET',
    path = '/candidates?page=2',
  ) => {
    const { zoho } = await startRoutes()
    const answer = (await zoho.requireConnection(
      new Request(appOrigin + path, { method, headers }),
    )) as Response
    return {
      status: answer.status,
      location: answer.headers.get('location'),
      type: answer.headers.get('content-type'),
      cache: answer.headers.get('cache-control'),
      body: await answer.text(),
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
    expect(await answerTo(headers)).toMatchObject({
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
    const answer = await answerTo(headers, method)
    expect(answer).toMatchObject({
      status: 401,
      location: null,
      type: 'application/problem+json',
      cache: 'no-store',
    })
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'not-connected',
      remedy: 'ask-consent',
      connect: `${appOrigin}/zoho/connect`,
    })
  })

  it.each(['HEAD', 'POST', 'PUT'])(
    'does not redirect a %s of a page, which would return as a GET',
    async (method) => {
      expect(await answerTo(form, method)).toMatchObject({
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
    expect((await answerTo(navigation, 'GET', '//evil.example/x')).location).toBe(
      '/zoho/connect?returnTo=%2F',
    )
  })
})

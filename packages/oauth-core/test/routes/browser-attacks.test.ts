import { describe, expect, it } from 'vitest'
import { RecruitOAuthError } from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { errorCodeOf, grant, pause, times, until } from '../client/setup.ts'
import { appOrigin, createBrowser, fromZoho, navigation } from './browser.ts'
import { sameOriginNavigation, startRoutes } from './start-routes.ts'
import { displayName, fromSite, site, startTicket, stateOf } from './start-ticket.ts'

describe('B14: `failureReturnTo` gets no parameter that was not checked, by', () => {
  const query = new URLSearchParams({ returnTo: 'https://evil.example', dataCenter: 'e"v' })
  const foreignForm = { ...fromZoho, origin: 'https://evil.example' }
  it.each<[string, string, Record<string, string>, string]>([
    ['a link with an invalid ticket', `/zoho/connect?ticket=x&${query}`, fromZoho, 'GET'],
    ['a form to /connect', `/zoho/connect?${query}`, foreignForm, 'POST'],
    ['a form to /disconnect', `/zoho/disconnect?${query}`, foreignForm, 'POST'],
  ])('%s', async (_, path, headers, method) => {
    const { browser } = await startRoutes({ failureReturnTo: '/settings' })
    const { url } = await browser.send(path, headers, method)
    expect([url?.pathname, [...(url?.searchParams.keys() ?? [])]]).toEqual([
      '/settings',
      ['connectError'],
    ])
  })
})

describe('with `cookieName`,', () => {
  const foreignCallback = ['A'.repeat(43), { error: 'x' }] as const

  it('a callback with another state does not remove a pending request', async () => {
    const { browser } = await startRoutes({ cookieName: '__session' })
    const state = await browser.startConsent()
    await browser.sendCallback(...foreignCallback)
    expect((await browser.sendCallback(state)).status).toBe(303)
  })

  it('a callback does not clear a cookie that is not the library’s', async () => {
    const { browser } = await startRoutes({ cookieName: '__session' })
    browser.jar.set('__session', 'of the app')
    await browser.sendCallback(...foreignCallback)
    expect(browser.jar.get('__session')).toBe('of the app')
  })

  it('S13: tickets need the prefix `__Host-`, so that no sibling host can plant one', async () => {
    const codeFor = (cookieName: string, redirectUri = `${appOrigin}/zoho/callback`) =>
      errorCodeOf(startRoutes({ cookieName, redirectUri, connectTickets: true }))
    expect(await codeFor('__session')).toBe('configuration-invalid')
    expect(await codeFor('__Host-session')).toBe('ok')
    expect(await codeFor('session', 'http://localhost:3000/zoho/callback')).toBe('ok')
  })
})

describe('S13: a user who signs in during the consent of a ticket is compared', () => {
  it('also if the session cookie is SameSite=Strict', async () => {
    let who: object | undefined = { id: 'acme', principal: 'ann', displayName }
    const setup = await startRoutes({
      trustedOrigins: [site],
      connectTickets: true,
      connectionFor: (request) =>
        (request.headers.get('sec-fetch-site') === 'cross-site' ? undefined : who) as never,
    })
    const { body } = await createBrowser(setup.zoho).send('/zoho/connect', { x: 'app' }, 'POST')
    const path = (JSON.parse(body) as { url: string }).url.replace(appOrigin, '')
    who = undefined
    const browser = createBrowser(setup.zoho)
    const state = stateOf((await browser.send(path, sameOriginNavigation, 'POST')).url)
    who = { id: 'globex', principal: 'bob' }
    const first = await browser.sendCallback(state)
    expect(first.body).toContain('http-equiv="refresh"')
    const second = await browser.sendCallback(state, { code: '1000.c' }, sameOriginNavigation)
    expect([second.code, setup.tokenCalls()]).toEqual(['principal-mismatch', []])
  })

  it('also with `callbackIdentity: cookie`', async () => {
    const setup = await startTicket('', { callbackIdentity: 'cookie' })
    const { browser, ticketPath, session, tokenCalls } = setup
    const { url } = await browser.send(ticketPath, sameOriginNavigation, 'POST')
    session.who = { id: 'globex', principal: 'bob' }
    const response = await browser.sendCallback(stateOf(url), { code: '1000.c' }, navigation)
    expect([response.code, tokenCalls()]).toEqual(['principal-mismatch', []])
  })

  it('and without a session, the consent finishes after one reload', async () => {
    const { browser, ticketPath } = await startTicket()
    const { url } = await browser.send(ticketPath, sameOriginNavigation, 'POST')
    const state = stateOf(url)
    expect((await browser.sendCallback(state)).body).toContain('http-equiv="refresh"')
    const second = await browser.sendCallback(state, { code: '1000.c' }, sameOriginNavigation)
    expect(second.status).toBe(303)
  })
})

it.each(['requireConnection', 'errorResponse'] as const)(
  'B11: %s at the path of the callback passes on no code',
  async (name) => {
    const { zoho, session } = await startRoutes({ signIn: '/login' })
    for (const who of [undefined, session.who]) {
      session.who = who
      for (const path of ['/zoho/callback', '/elsewhere/callback']) {
        const url = `${appOrigin}${path}?state=${'s'.repeat(43)}&code=1000.secretcode`
        const request = new Request(url, { headers: navigation })
        const response =
          name === 'requireConnection'
            ? await zoho.requireConnection(request)
            : zoho.errorResponse(new RecruitOAuthError('principal-missing'), request)
        const { headers, ...rest } = response as Response
        expect(`${headers.get('location')}${JSON.stringify(rest)}`).not.toContain('secretcode')
        expect(await (response as Response).text()).not.toContain('secretcode')
      }
    }
  },
)

it('callbacks that wait for one exchange share the reads of the store', async () => {
  let reads = 0
  const inner = memoryStore()
  const read: typeof inner.read = (id) => {
    reads += 1
    return inner.read(id)
  }
  const { browser, script, zoho } = await startRoutes({ store: { ...inner, read } })
  const state = await browser.startConsent()
  const jar = new Map(browser.jar)
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  let isHeld = false
  script.token = async (response, request) => {
    isHeld = true
    await held
    grant()(response, request)
  }
  const first = browser.sendCallback(state)
  await until(() => isHeld)
  reads = 0
  const others = times(100, () => createBrowser(zoho, new Map(jar)).sendCallback(state))
  await pause(1_000)
  // Each of the hundred callbacks reads the record a few times, and only one of them waits.
  const readsWhileWaiting = reads
  release()
  const statuses = (await Promise.all([first, ...others])).map(({ status }) => status)
  expect(new Set(statuses)).toEqual(new Set([303]))
  expect(readsWhileWaiting).toBeLessThan(300)
})

it('S13: a display name cannot change the direction of the text', async () => {
  const setup = await startRoutes({ trustedOrigins: [site], connectTickets: true })
  for (const control of ['\u202e', '\u2066', '\u200f']) {
    setup.session.who = { id: 'acme', principal: 'ann', displayName: `x${control}` } as never
    const response = await createBrowser(setup.zoho).send('/zoho/connect', fromSite, 'POST')
    expect(response.code).toBe('configuration-invalid')
  }
})

describe('`signIn` makes no endless redirect', () => {
  it.each([
    ['with a slash at the end', '/login', '/login/?returnTo=%2F'],
    ['in another case', '/Login', '/login?returnTo=%2F'],
    ['at a trusted origin', 'https://login.example.net/start', '/start?returnTo=%2F'],
  ])('behind the guard, %s', async (_, signIn, path) => {
    const { zoho, session } = await startRoutes({
      signIn,
      trustedOrigins: ['https://login.example.net'],
    })
    session.who = undefined
    const request = new Request(appOrigin + path, { headers: navigation })
    expect(((await zoho.requireConnection(request)) as Response).status).toBe(401)
  })

  it('signing in after POST /disconnect does not connect', async () => {
    const { browser, session } = await startRoutes({ signIn: '/login' })
    session.who = undefined
    const { url } = await browser.send('/zoho/disconnect', sameOriginNavigation, 'POST')
    expect([url?.pathname, url?.search]).toEqual(['/login', ''])
  })
})

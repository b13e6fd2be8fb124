import { describe, expect, it } from 'vitest'
import { appOrigin, byScript, navigation } from './browser.ts'
import { sameOriginNavigation, startRoutes } from './start-routes.ts'

const startSignedOut = async (options: Parameters<typeof startRoutes>[0]) => {
  const setup = await startRoutes(options)
  setup.session.who = undefined
  const guard = async (path: string, headers: Record<string, string> = navigation) =>
    (await setup.zoho.requireConnection(new Request(appOrigin + path, { headers }))) as Response
  return { ...setup, guard }
}

describe('if nobody is signed in', () => {
  it('the guard redirects a page to `signIn`, which leads back', async () => {
    const { guard } = await startSignedOut({ signIn: '/login?from=zoho#form' })
    const response = await guard('/candidates?page=2')
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      '/login?from=zoho&returnTo=%2Fcandidates%3Fpage%3D2#form',
    ])
  })

  it('`signIn` can be at a trusted origin', async () => {
    const { guard } = await startSignedOut({
      signIn: 'https://login.example.net/start',
      trustedOrigins: ['https://login.example.net'],
    })
    expect((await guard('/candidates')).headers.get('location')).toBe(
      'https://login.example.net/start?returnTo=%2Fcandidates',
    )
  })

  it('/connect redirects to `signIn`, which leads back to /connect', async () => {
    const { browser } = await startSignedOut({ signIn: '/login' })
    const { url } = await browser.send('/zoho/connect?returnTo=/jobs&dataCenter=eu')
    expect([url?.pathname, url?.searchParams.get('returnTo')]).toEqual([
      '/login',
      '/zoho/connect?returnTo=%2Fjobs&dataCenter=eu',
    ])
  })

  it('the callback redirects to `signIn`, without its code', async () => {
    const { browser, session } = await startSignedOut({ signIn: '/login' })
    session.who = { id: 'acme', principal: 'ann' }
    const state = await browser.startConsent('?returnTo=/jobs')
    session.who = undefined
    const { url } = await browser.sendCallback(state, { code: '1000.code' }, sameOriginNavigation)
    expect([url?.pathname, url?.searchParams.get('returnTo')]).toEqual([
      '/login',
      '/zoho/connect?returnTo=%2Fjobs&dataCenter=eu',
    ])
  })

  it('a script gets 401 and no redirect', async () => {
    const { guard } = await startSignedOut({ signIn: '/login' })
    const response = await guard('/candidates', byScript)
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { code: 'principal-missing', title: 'Please sign in' },
    ])
  })

  it('without `signIn`, a page asks the user to sign in', async () => {
    const { guard } = await startSignedOut({})
    const response = await guard('/candidates')
    const body = await response.text()
    expect([response.status, /<h1>(.*?)<\/h1>/.exec(body)?.[1]]).toEqual([401, 'Please sign in'])
    expect(body).not.toContain('Not connected')
  })

  it('a sign-in page behind the guard gets a page, and no endless redirect', async () => {
    const { guard } = await startSignedOut({ signIn: '/login' })
    expect((await guard('/login?returnTo=%2Fcandidates')).status).toBe(401)
  })

  it.each(['//evil.example/x', '/..//evil.example', '/\\evil.example'])(
    'no path of a request leads the sign-in page to another site: %s',
    async (path) => {
      const { session, zoho } = await startSignedOut({ signIn: '/login' })
      session.who = undefined
      const request = {
        url: `${appOrigin}${path}`,
        method: 'GET',
        headers: new Headers(navigation),
      }
      const response = (await zoho.requireConnection(request as Request)) as Response
      expect(response.headers.get('location')).toBe('/login')
    },
  )
})

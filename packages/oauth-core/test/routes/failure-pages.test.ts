import { describe, expect, it } from 'vitest'
import { errorCodes, RecruitOAuthError, type ErrorCode, type RoutePage } from '../../src/index.ts'
import { appOrigin, byScript, navigation, type Visited } from './browser.ts'
import { sameOriginNavigation, startRoutes, type RoutesSetup } from './start-routes.ts'

/** The links and buttons of a page: method, label and address. */
const actionsIn = (body: string): string[] => {
  const text = (html: string) => html.replaceAll('&#38;', '&').replaceAll('&#39;', "'")
  const link = /<a class="\w+" href="([^"]*)">([^<]*)<\/a>/
  const form = /<form method="post" action="([^"]*)"><button class="\w+">([^<]*)<\/button><\/form>/
  return [...body.matchAll(new RegExp(`${link.source}|${form.source}`, 'g'))].map(
    ([, href, label, action, button]) =>
      href === undefined
        ? `POST ${text(button ?? '')}: ${text(action ?? '')}`
        : `${text(label ?? '')}: ${text(href)}`,
  )
}

const back = 'Back to the app: /'
const startAgain = 'Start again: /zoho/connect?returnTo=%2Fjobs%3Fpage%3D2&dataCenter=eu'

const refusedCallback = async (setup: RoutesSetup): Promise<Visited> => {
  const state = await setup.browser.startConsent('?returnTo=/jobs%3Fpage=2&dataCenter=eu')
  return setup.browser.sendCallback(state, { error: 'access_denied' })
}

describe('the page of a failure', () => {
  it('starts again with the same returnTo and data center, and leads back', async () => {
    const { body } = await refusedCallback(await startRoutes())
    expect(actionsIn(body)).toEqual([startAgain, back])
  })

  it('keeps returnTo and data center if /connect itself fails', async () => {
    const setup = await startRoutes()
    setup.faults.read = 'down'
    const { code, body } = await setup.browser.send('/zoho/connect?returnTo=/jobs&dataCenter=eu')
    expect([code, actionsIn(body)]).toEqual([
      'store-unavailable',
      ['Try again: /zoho/connect?returnTo=%2Fjobs&dataCenter=eu', back],
    ])
  })

  it('drops a returnTo and a data center that are not valid', async () => {
    const { browser } = await startRoutes()
    const { body } = await browser.send('/zoho/connect?returnTo=//evil.example&dataCenter=mars')
    expect([body.includes('evil'), body.includes('mars')]).toEqual([false, false])
  })

  it('offers a guarded page again if the store does not respond', async () => {
    const setup = await startRoutes()
    setup.faults.read = 'down'
    const request = new Request(`${appOrigin}/candidates?page=2`, { headers: navigation })
    const response = (await setup.zoho.requireConnection(request)) as Response
    expect(actionsIn(await response.text())).toEqual(['Try again: /candidates?page=2', back])
  })

  it('never links to another host', async () => {
    const setup = await startRoutes()
    setup.faults.read = 'down'
    for (const path of ['//evil.example/x', '/..//evil.example']) {
      const request = { url: appOrigin + path, method: 'GET', headers: new Headers(navigation) }
      const response = (await setup.zoho.requireConnection(request as Request)) as Response
      expect(actionsIn(await response.text())).toEqual([back])
    }
  })

  it('offers another try if Zoho did not confirm a revocation', async () => {
    const setup = await startRoutes()
    const state = await setup.browser.startConsent()
    await setup.browser.sendCallback(state)
    setup.script.revoke = (response) => void response.writeHead(500).end()
    const { code, body } = await setup.browser.send(
      '/zoho/disconnect',
      sameOriginNavigation,
      'POST',
    )
    expect([code, actionsIn(body)]).toEqual([
      'revocation-failed',
      ['POST Try again: /zoho/disconnect', back],
    ])
  })

  it('offers no other try if Zoho refuses a scope', async () => {
    const { browser } = await startRoutes()
    const state = await browser.startConsent()
    const { body } = await browser.sendCallback(state, { error: 'invalid_scope' })
    expect(actionsIn(body)).toEqual([back])
    expect(body).toContain('Trying again will not help')
  })

  it('for missing scopes offers another consent only if the app requests them', async () => {
    const scopes = ['ZohoRecruit.users.READ'] as const
    const setup = await startRoutes()
    await setup.browser.sendCallback(await setup.browser.startConsent())
    const actionsFor = async (zoho: RoutesSetup['zoho']) => {
      const request = new Request(`${appOrigin}/users`, { headers: navigation })
      const response = (await zoho.requireConnection(request, { scopes })) as Response
      return actionsIn(await response.text())
    }
    expect(await actionsFor(setup.zoho)).toEqual([back])
    const asking = setup.client({ scopes: ['ZohoRecruit.modules.ALL', ...scopes] })
    expect(await actionsFor(asking)).toEqual([
      'Connect Zoho Recruit: /zoho/connect?returnTo=%2Fusers',
      back,
    ])
  })
})

const accountSwitched = (): RecruitOAuthError => new RecruitOAuthError('account-switched')

it('after another Zoho account, both ways out are offered', async () => {
  const { zoho } = await startRoutes()
  const request = new Request(`${appOrigin}/jobs`, { headers: navigation })
  const body = (await zoho.errorResponse(accountSwitched(), request)?.text()) ?? ''
  expect(body).not.toMatch(/not connected/i)
  expect(actionsIn(body)).toEqual([
    'Choose the other account: /zoho/connect?returnTo=%2Fjobs',
    'POST Disconnect, and use this account: ' +
      '/zoho/disconnect?returnTo=%2Fzoho%2Fconnect%3FreturnTo%3D%252Fjobs',
    back,
  ])
})

describe.each(Object.keys(errorCodes) as ErrorCode[])('the page of %s', (code) => {
  it('is written for customers, and scripts get both texts', async () => {
    const { zoho } = await startRoutes()
    const respond = (headers: Record<string, string>) =>
      zoho.errorResponse(new RecruitOAuthError(code), new Request(appOrigin, { headers }))
    const page = (await respond(navigation)?.text()) ?? ''
    const words = page.replaceAll(/<(style|code)>.*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ')
    expect(words).not.toMatch(
      /`|\bscopes?\b|redirectUri|\/connect|\bstore\b|callback|encryption|token|OAuth|null/,
    )
    const problem = (await respond(byScript)?.json()) as Record<string, string>
    expect(page).toContain((problem['userMessage'] ?? '?').replaceAll("'", '&#39;'))
    expect(problem['detail']).toContain(errorCodes[code].summary)
  })
})

describe('`failureReturnTo`', () => {
  it('redirects to the app, with the code and what the user wanted', async () => {
    const setup = await startRoutes({ failureReturnTo: '/settings?tab=zoho#top' })
    const { status, headers } = await refusedCallback(setup)
    expect([status, headers.get('location')]).toEqual([
      303,
      '/settings?tab=zoho&connectError=consent-refused' +
        '&returnTo=%2Fjobs%3Fpage%3D2&dataCenter=eu#top',
    ])
    expect(headers.getSetCookie().length).toBe(2)
  })

  it('does not change the response to a script', async () => {
    const { browser } = await startRoutes({ failureReturnTo: '/settings' })
    const response = await browser.send('/zoho/connect?dataCenter=mars', byScript, 'POST')
    expect([response.status, response.code]).toEqual([400, 'argument-invalid'])
  })

  it('behind the guard, it gets a page instead of another consent', async () => {
    const { zoho } = await startRoutes({ failureReturnTo: '/settings' })
    const request = new Request(`${appOrigin}/settings?connectError=throttled`, {
      headers: navigation,
    })
    expect(((await zoho.requireConnection(request)) as Response).status).toBe(401)
  })
})

describe('`renderPage`', () => {
  it('replaces the page, and gets its contents and the request', async () => {
    const pages: RoutePage[] = []
    const setup = await startRoutes({
      renderPage: (page, request) => {
        pages.push(page)
        return `<!doctype html><title>${request.headers.get('accept-language')}</title>`
      },
    })
    const response = await setup.browser.send('/zoho/connect?returnTo=//evil.example', {
      ...navigation,
      'accept-language': 'de',
    })
    expect([response.status, response.body]).toEqual([400, '<!doctype html><title>de</title>'])
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(pages).toEqual([
      {
        type: 'error',
        status: 400,
        code: 'argument-invalid',
        title: 'This link is not correct',
        text: expect.any(String),
        actions: [{ type: 'back', label: 'Back to the app', href: '/', method: 'GET' }],
      },
    ])
  })

  it.each<[string, () => string]>([
    [
      'throws',
      () => {
        throw new Error('canary-render')
      },
    ],
    ['returns no string', () => undefined as unknown as string],
  ])('that %s is reported, and the default page is sent', async (_, renderPage) => {
    const { browser, events } = await startRoutes({ renderPage })
    const response = await browser.send('/zoho/connect?returnTo=//evil.example')
    expect([response.status, response.code]).toEqual([400, 'argument-invalid'])
    expect(response.body).not.toContain('canary')
    expect(events.at(-1)).toMatchObject({
      type: 'render-page-failed',
      dangerousCause: expect.any(Error),
    })
  })
})

import { describe, expect, it } from 'vitest'
import { refusal, throttle } from '../client/setup.ts'
import { respond } from '../endpoints/server.ts'
import { byScript, fromZoho, navigation, type Visited } from './browser.ts'
import { startRoutes, type RoutesSetup } from './start-routes.ts'

const canary = 'CANARYcanary'
const code = `1000.${canary}`

/**
 * The callback of a request that this browser began, with the canary in its parameters. `between`
 * runs before the callback.
 */
const sendCallback = async (
  setup: RoutesSetup,
  parameters: Record<string, string> = { code },
  headers: Record<string, string> = fromZoho,
  between?: () => unknown,
): Promise<Visited> => {
  const state = await setup.browser.startConsent()
  between?.()
  return setup.browser.sendCallback(state, { canary, ...parameters }, headers)
}

/** Requests for every kind of response of the routes. */
const branches: [what: string, status: number, visit: (setup: RoutesSetup) => Promise<Visited>][] =
  [
    ['connect', 303, ({ browser }) => browser.send(`/zoho/connect?x=${canary}`)],
    ['connect by a script', 200, ({ browser }) => browser.send('/zoho/connect', byScript, 'POST')],
    [
      'connect by a form',
      303,
      ({ browser }) =>
        browser.send('/zoho/connect', { ...navigation, 'sec-fetch-site': 'same-origin' }, 'POST'),
    ],
    [
      'connect from another site',
      200,
      ({ browser }) => browser.send(`/zoho/connect?returnTo=/home&x=${canary}`, fromZoho),
    ],
    [
      'connect by an image of another site',
      403,
      ({ browser }) =>
        browser.send('/zoho/connect', {
          accept: 'image/*',
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'no-cors',
          'sec-fetch-dest': 'image',
        }),
    ],
    [
      'connect by a form of another site',
      403,
      ({ browser }) => browser.send('/zoho/connect', fromZoho, 'POST'),
    ],
    [
      'connect with a returnTo on another site',
      400,
      ({ browser }) => browser.send(`/zoho/connect?returnTo=//${canary}.example`),
    ],
    [
      'connect with an unknown data center',
      400,
      ({ browser }) => browser.send(`/zoho/connect?dataCenter=${canary}`),
    ],
    [
      'connect signed out',
      401,
      ({ browser, session }) => {
        session.who = undefined
        return browser.send('/zoho/connect')
      },
    ],
    [
      'connect by prefetch',
      503,
      ({ browser }) => browser.send('/zoho/connect', { ...navigation, 'sec-purpose': 'prefetch' }),
    ],
    ['connect by HEAD', 405, ({ browser }) => browser.send('/zoho/connect', navigation, 'HEAD')],
    ['callback', 303, (setup) => sendCallback(setup, { code })],
    ['callback by a script', 303, (setup) => sendCallback(setup, { code }, byScript)],
    [
      'callback by prefetch',
      503,
      (setup) =>
        sendCallback(setup, { code }, { ...fromZoho, 'sec-purpose': 'prefetch;prerender' }),
    ],
    [
      'callback signed out, from Zoho',
      200,
      (setup) => sendCallback(setup, { code }, fromZoho, () => (setup.session.who = undefined)),
    ],
    [
      'callback signed out',
      401,
      (setup) => sendCallback(setup, { code }, byScript, () => (setup.session.who = undefined)),
    ],
    [
      'callback of another user',
      403,
      (setup) =>
        sendCallback(
          setup,
          { code },
          byScript,
          () => (setup.session.who = { id: 'acme', principal: 'bob' }),
        ),
    ],
    [
      'malformed callback',
      400,
      ({ browser }) => browser.send(`/zoho/callback?error_description=${canary}`, fromZoho),
    ],
    [
      'callback without a cookie',
      400,
      ({ browser }) => browser.sendCallback('S'.repeat(43), { code, canary }),
    ],
    [
      'callback with access_denied',
      400,
      (setup) => sendCallback(setup, { error: 'access_denied', error_description: canary }),
    ],
    [
      'callback with another error',
      502,
      (setup) => sendCallback(setup, { error: canary, error_description: canary }),
    ],
    [
      'callback with an unknown accounts server',
      500,
      (setup) => sendCallback(setup, { code, 'accounts-server': `https://${canary}.example` }),
    ],
    [
      'callback with a contradicting location',
      500,
      (setup) => sendCallback(setup, { code, location: canary }),
    ],
    ['callback with tokens', 400, (setup) => sendCallback(setup, { code, access_token: canary })],
    [
      'callback whose code is refused',
      502,
      (setup) => {
        setup.script.token = refusal('invalid_code')
        return sendCallback(setup, { code })
      },
    ],
    [
      'callback while Zoho throttles',
      503,
      (setup) => {
        setup.script.token = throttle
        return sendCallback(setup, { code })
      },
    ],
    [
      'callback that Zoho answers with HTML',
      502,
      (setup) => {
        setup.script.token = respond(`<b>${canary}`)
        return sendCallback(setup, { code })
      },
    ],
    [
      'callback while the store is down',
      503,
      (setup) => sendCallback(setup, { code }, fromZoho, () => (setup.faults.write = 'down')),
    ],
    [
      'callback by POST',
      405,
      ({ browser }) => browser.send(`/zoho/callback?${canary}`, fromZoho, 'POST'),
    ],
    [
      'disconnect',
      303,
      ({ browser }) =>
        browser.send(
          `/zoho/disconnect?x=${canary}`,
          { ...navigation, 'sec-fetch-site': 'same-origin' },
          'POST',
        ),
    ],
    [
      'disconnect by a script',
      204,
      ({ browser }) => browser.send('/zoho/disconnect', byScript, 'POST'),
    ],
    [
      'disconnect by another site',
      403,
      ({ browser }) => browser.send('/zoho/disconnect', fromZoho, 'POST'),
    ],
    ['disconnect by GET', 405, ({ browser }) => browser.send('/zoho/disconnect')],
  ]

describe.each(branches)('the response to %s with status %i', (_, status, visit) => {
  it('B10, O4: is not cached, sends no Referer, and redirects only with 303', async () => {
    const got = await visit(await startRoutes())
    const { headers } = got
    expect([
      got.status,
      headers.get('cache-control'),
      headers.get('referrer-policy'),
      headers.get('x-content-type-options'),
    ]).toEqual([status, 'no-store', 'no-referrer', 'nosniff'])
    if (status < 300 || status > 399) expect(headers.get('location')).toBe(null)
  })

  it('C7, B9: shows no input of the request; pages have no frame and no script', async () => {
    const got = await visit(await startRoutes())
    expect(`${got.body}${JSON.stringify([...got.headers])}`).not.toMatch(/canary/i)
    if (!got.headers.get('content-type')?.startsWith('text/html')) return
    expect(got.headers.get('content-security-policy')).toMatch(
      new RegExp(
        "^default-src 'none'; style-src 'sha256-[\\w+/]{43}='; frame-ancestors 'none'; " +
          "base-uri 'none'; form-action 'none'$",
      ),
    )
    expect(got.body).not.toMatch(
      /<(script|iframe|object|embed|img|link|form|base)|\bon\w+=|javascript:|postMessage|opener/i,
    )
  })
})

it('B10: the callback redirects to a URL without its parameters', async () => {
  const { browser } = await startRoutes()
  const got = await browser.sendCallback(
    await browser.startConsent('?returnTo=/candidates%3Fpage=2'),
  )
  expect(got.headers.get('location')).toBe('/candidates?page=2')
})

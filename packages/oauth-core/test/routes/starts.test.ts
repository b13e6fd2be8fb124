import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRecruitOAuthError } from '../../src/index.ts'
import { errorCodeOf, grant, startSetup, key, minute, second, times } from '../client/setup.ts'
import { byScript, navigation, createBrowser, ann } from './browser.ts'

it('S10: refuses a start without a signed-in user', async () => {
  const browser = createBrowser((await startSetup()).client({ connectionFor: () => undefined }))
  for (const [headers, method] of [
    [navigation, 'GET'],
    [byScript, 'POST'],
  ] as const) {
    const response = await browser.send('/zoho/connect', headers, method)
    expect([response.status, response.code, response.headers.getSetCookie()]).toEqual([
      401,
      'principal-missing',
      [],
    ])
  }
})

describe('S10: the authorization codes of one client', () => {
  /** Ten consents within two minutes for ten connections. */
  const startWithSpentQuota = async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    const who = { id: 'company-0', principal: 'ann' }
    const zoho = setup.client({ connectionFor: () => who })
    const consent = async (index: number) => {
      who.id = `company-${index}`
      const browser = createBrowser(zoho)
      expect((await browser.sendCallback(await browser.startConsent())).status).toBe(303)
    }
    const early = createBrowser(zoho)
    const state = await early.startConsent()
    for (const index of times(10, (count) => count)) {
      await consent(index)
      setup.time.advance(10 * second)
    }
    who.id = 'company-0'
    return { ...setup, zoho, who, early, state, consent }
  }

  it('are counted for all connections and processes, and the eleventh start fails', async () => {
    const setup = await startWithSpentQuota()
    for (const zoho of [setup.zoho, setup.client()]) {
      const response = await createBrowser(zoho).send('/zoho/connect', byScript, 'POST')
      const wait = Number(response.headers.get('retry-after'))
      expect([
        response.status,
        response.code,
        JSON.parse(response.body).remedy,
        response.headers.getSetCookie(),
      ]).toEqual([503, 'codes-exhausted', 'retry', []])
      expect(wait).toBeGreaterThan(450)
      expect(wait).toBeLessThanOrEqual(500)
    }
    expect((await createBrowser(setup.zoho).send('/zoho/connect')).code).toBe('codes-exhausted')
    expect(await errorCodeOf(setup.zoho.startAuthorization(ann))).toBe('codes-exhausted')
    const error = await setup.zoho.startAuthorization(ann).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(isRecruitOAuthError(error) && error.retryAt).toBeGreaterThan(
      setup.time.now() + 8 * minute,
    )
  })

  it('are available again one by one, ten minutes after each', async () => {
    const setup = await startWithSpentQuota()
    setup.time.advance(10 * minute - 95 * second)
    await setup.consent(11)
    expect((await createBrowser(setup.zoho).send('/zoho/connect')).code).toBe('codes-exhausted')
    setup.time.advance(10 * second)
    expect((await createBrowser(setup.zoho).send('/zoho/connect')).status).toBe(303)
  })

  it('explain `access_denied` while they are used up', async () => {
    const setup = await startWithSpentQuota()
    expect((await setup.early.sendCallback(setup.state, { error: 'access_denied' })).code).toBe(
      'codes-exhausted',
    )
    expect([...setup.early.jar.keys()]).toEqual(['__Host-zro-last'])
  })

  it('are not used up by invented or refused codes', async () => {
    const setup = await startSetup()
    setup.script.token = (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"error":"invalid_code"}')
    const zoho = setup.client()
    for (const _ of times(10, () => 0)) {
      const browser = createBrowser(zoho)
      expect(
        (await browser.sendCallback(await browser.startConsent(), { code: '1000.made.up' })).code,
      ).toBe('code-rejected')
    }
    const browser = createBrowser(zoho)
    expect(
      (await browser.sendCallback(await browser.startConsent(), { error: 'access_denied' })).code,
    ).toBe('consent-refused')
  })
})

it('S4: a request ends only at the mount, client and key that began it', async () => {
  const mount = fc.record({
    path: fc.constantFrom('/zoho', '/a/zoho', '/b/zoho', '/zoho/zoho'),
    clientId: fc.constantFrom('1000.ONE', '1000.TWO'),
    host: fc.constantFrom('app.example.com', 'other.example.com'),
    encryptionKeys: fc.constantFrom([key], [Buffer.alloc(32, 8).toString('base64'), key]),
  })
  const seen = { same: 0, other: 0 }
  await fc.assert(
    fc.asyncProperty(mount, mount, async (a, b) => {
      const setup = await startSetup({ finished: () => {} })
      setup.script.token = grant()
      const optionsOf = ({ path, clientId, host, encryptionKeys }: typeof a) =>
        setup.options({ clientId, encryptionKeys, redirectUri: `https://${host}${path}/callback` })
      const begun = await setup.client(optionsOf(a)).startAuthorization(ann)
      const query = new URLSearchParams({
        state: new URL(begun.url).searchParams.get('state') ?? '',
        code: '1000.code',
      })
      const response = await setup.client(optionsOf(b)).handle(
        new Request(`https://${b.host}${b.path}/callback?${query}`, {
          headers: { cookie: `${begun.cookie.name}=${begun.cookie.value}` },
        }),
      )
      // A client with a former key opens the cookies of a client that still uses this key.
      const opens = a.encryptionKeys.length <= b.encryptionKeys.length
      const same = a.path === b.path && a.clientId === b.clientId && a.host === b.host && opens
      await setup.server.close()
      expect([response?.status, setup.tokenCalls().length]).toEqual(same ? [303, 1] : [400, 0])
      seen[same ? 'same' : 'other'] += 1
    }),
    {
      numRuns: 150,
      examples: [
        [
          { path: '/zoho', clientId: '1000.ONE', host: 'app.example.com', encryptionKeys: [key] },
          { path: '/zoho', clientId: '1000.ONE', host: 'app.example.com', encryptionKeys: [key] },
        ],
      ],
    },
  )
  expect(Math.min(seen.same, seen.other)).toBeGreaterThan(0)
})

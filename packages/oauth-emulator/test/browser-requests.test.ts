import { describe, expect, it } from 'vitest'
import { authorizationUrl, connect, redirectUri, start, readState } from './support.ts'
import { exchangeRequest, transports } from './transports.ts'
import {
  changingRequests,
  foreignHeaders,
  sendExactly,
  withRealOrigin,
} from './browser-requests.ts'

describe.each(transports)('requests from a browser, %s', (transport, startEmulator) => {
  it.each(Object.entries(foreignHeaders))(
    'G5: %s can neither change nor read anything',
    async (_, headers) => {
      const target = await startEmulator()
      const { emulator, send } = target
      const exchanged = await send(...exchangeRequest(target))
      const { refresh_token: refreshToken } = (await exchanged.json()) as { refresh_token: string }
      // A refused request must not use up this fault.
      emulator.addFault({ on: 'authorize', kind: 'html', times: 1 })
      const before = readState(emulator)
      for (const [url, init] of changingRequests(emulator, refreshToken)) {
        const response = await send(url, {
          ...init,
          headers: { ...init.headers, ...withRealOrigin(headers, url) },
        })
        expect([response.status, await response.text()], `${init.method} ${url}`).toEqual([
          403,
          expect.stringContaining('Another website sent this request'),
        ])
        expect(response.headers.get('access-control-allow-origin')).toBe(null)
      }
      expect(readState(emulator)).toEqual(before)
      for (const path of [
        '',
        '/',
        '/view',
        '/snapshot',
        '/settings',
        '/tokens',
        '/journal',
        '/faults',
        '/users',
        '/calls',
      ]) {
        const url = `${emulator.dataCenters.us.accountsServer}/_emulator${path}`
        const response = await send(url, { headers: withRealOrigin(headers, url) })
        expect(
          [response.status, (await response.text()).includes(emulator.client.secret)],
          path,
        ).toEqual([403, false])
      }
    },
  )

  it.each([
    { 'sec-fetch-site': 'same-origin', origin: 'null' },
    { 'sec-fetch-site': 'same-origin', origin: 'OWN' },
    { origin: 'OWN' },
    {},
  ])(
    'G5: the emulator serves its own pages and other programs: %j',
    async (headers: Record<string, string>) => {
      const { emulator, send } = await startEmulator()
      const { accountsServer } = emulator.dataCenters.us
      const post = (url: string, body: URLSearchParams | string, more = {}) =>
        send(url, { method: 'POST', body, headers: { ...withRealOrigin(headers, url), ...more } })
      expect(
        (await post(authorizationUrl(emulator), new URLSearchParams({ decision: 'approve' })))
          .status,
      ).toBe(302)
      expect(
        (await post(`${accountsServer}/_emulator/`, new URLSearchParams({ action: 'reset' })))
          .status,
      ).toBe(303)
      expect(
        (
          await post(`${accountsServer}/_emulator/clock`, '{"advanceSeconds":1}', {
            'content-type': 'application/json; charset=utf-8',
          })
        ).status,
      ).toBe(200)
      expect(
        (
          await post(
            `${accountsServer}/oauth/v2/token`,
            new URLSearchParams({
              grant_type: 'refresh_token',
              client_id: 'x',
              client_secret: 'y',
            }),
          )
        ).status,
      ).toBe(200)
    },
  )

  it('G5: another site may link only to the consent page and the inspector', async () => {
    const { emulator, send } = await startEmulator()
    const { accountsServer, recruitApi } = emulator.dataCenters.us
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    const status = async (url: string, more: Record<string, string> = {}, method = 'GET') => {
      const init = { method, headers: { ...link, ...more } }
      return transport === 'in process' ? (await send(url, init)).status : sendExactly(url, init)
    }
    for (const url of [authorizationUrl(emulator), `${accountsServer}/_emulator/`]) {
      expect(await status(url)).toBe(200)
      expect(await status(url, { 'sec-fetch-site': 'same-site', 'sec-fetch-user': '?1' })).toBe(200)
      for (const dest of ['iframe', 'frame', 'object', 'embed', 'image', 'empty'])
        expect(await status(url, { 'sec-fetch-dest': dest }), dest).toBe(403)
      for (const mode of ['no-cors', 'cors', 'websocket'])
        expect(await status(url, { 'sec-fetch-mode': mode }), mode).toBe(403)
      expect(await status(url, { 'sec-purpose': 'prefetch;prerender' })).toBe(403)
      expect(await status(url, {}, 'POST')).toBe(403)
    }
    expect(emulator.tokens()).toMatchObject({ refreshTokens: [], accessTokens: [] })
    for (const url of [
      `${accountsServer}/_emulator/tokens`,
      `${accountsServer}/oauth/v2/token`,
      `${recruitApi}/Candidates`,
    ])
      expect(await status(url), url).toBe(403)
  })

  it('G5: a URL typed into the address bar can be read but changes nothing', async () => {
    const { emulator, send } = await startEmulator()
    const { accountsServer } = emulator.dataCenters.us
    const headers = {
      'sec-fetch-site': 'none',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    for (const url of [
      authorizationUrl(emulator),
      `${accountsServer}/_emulator/`,
      `${accountsServer}/_emulator/tokens`,
    ])
      expect((await send(url, { headers })).status).toBe(200)
    expect(
      (await send(`${accountsServer}/_emulator/reset`, { method: 'POST', headers })).status,
    ).toBe(403)
  })

  it('G5: control endpoints require the JSON content type from every browser', async () => {
    const { emulator, send } = await startEmulator()
    const url = `${emulator.dataCenters.us.accountsServer}/_emulator/settings`
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain; application/json',
    ]) {
      const response = await send(url, {
        method: 'POST',
        body: '{"codeLifeSeconds":480}',
        headers: { 'content-type': type, 'sec-fetch-site': 'same-origin' },
      })
      expect([response.status, await response.text()], type).toEqual([
        415,
        expect.stringContaining('Content-Type: application/json'),
      ])
    }
    expect(emulator.settings().codeLifeSeconds).toBe(60)
  })

  it('G5: responses forbid frames, cross-origin loading and content sniffing', async () => {
    const { emulator, send } = await startEmulator()
    const { accountsServer, recruitApi, apiDomain, uploadServer, sandboxApi } =
      emulator.dataCenters.us
    emulator.addFault({ on: 'revoke', kind: 'empty' })
    const urls = [
      authorizationUrl(emulator),
      authorizationUrl(emulator, { scope: 'x' }),
      `${recruitApi}/Candidates`,
      apiDomain,
      `${uploadServer}/recruit/v2/upload`,
      `${sandboxApi}/Candidates`,
      `${accountsServer}/oauth/v2/token/revoke`,
    ]
    for (const url of [
      ...urls,
      ...['', '/', '/view', '/tokens', '/nothing'].map(
        (path) => `${accountsServer}/_emulator${path}`,
      ),
    ]) {
      const { headers } = await send(url)
      expect(
        [...headers.keys()].filter((name) => name.startsWith('access-control')),
        url,
      ).toEqual([])
      expect(Object.fromEntries(headers)).toMatchObject({
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      if (headers.get('content-type')?.startsWith('text/html'))
        expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
  })

  it('G5: the Recruit API accepts forwarded browser headers with an access token', async () => {
    const { emulator, send } = await startEmulator()
    const visitor = { 'sec-fetch-site': 'same-origin', origin: 'https://app.example.com' }
    const headers = {
      ...visitor,
      ...foreignHeaders['another site'],
      authorization: 'Zoho-oauthtoken 1000.a.b',
    }
    expect(
      (await send(`${emulator.dataCenters.us.recruitApi}/Candidates`, { headers })).status,
    ).toBe(401)
    expect(
      (await send(`${emulator.dataCenters.us.accountsServer}/_emulator/tokens`, { headers }))
        .status,
    ).toBe(403)
  })
})

it('a client without a browser can connect', async () => {
  const emulator = await start()
  expect((await connect(emulator)).refreshToken).toMatch(/^1000\./)
  expect(emulator.client.redirectUris).toEqual([redirectUri])
})

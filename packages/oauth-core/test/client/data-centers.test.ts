import { describe, expect, it } from 'vitest'
import {
  zohoDataCenters,
  type RecruitOAuthOptions,
  type ZohoDataCenterId,
} from '../../src/index.ts'
import { createConnection } from '../../src/client/connection.ts'
import { codeOf, key, mint, returning } from './house.ts'

const ids = Object.keys(zohoDataCenters) as ZohoDataCenterId[]

/** Options with Zoho's data centers. `fetch` records each URL and answers with a grant. */
const recordingOptions = (more: Partial<RecruitOAuthOptions> = {}) => {
  const sent: { url: string; secret: string | null }[] = []
  const options: RecruitOAuthOptions = {
    clientId: '1000.CLIENT',
    clientSecret: Object.fromEntries(ids.map((id) => [id, `secret-of-${id}`])),
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    encryptionKeys: [key],
    connectionFor: () => undefined,
    fetch: async (url, init) => {
      sent.push({
        url,
        secret: new URLSearchParams(await new Response(init.body).text()).get('client_secret'),
      })
      return Response.json({ access_token: mint('access'), refresh_token: mint('refresh') })
    },
    ...more,
  }
  return { sent, options }
}

const completeCallback = async (
  parameters: Record<string, string>,
  more?: Partial<RecruitOAuthOptions>,
) => {
  const { sent, options } = recordingOptions(more)
  const browser = await returning(options)
  return { code: await codeOf(browser.complete({ code: '1000.code', ...parameters })), sent }
}

describe.each(ids)('the accounts server of %s', (id) => {
  const named = { 'accounts-server': zohoDataCenters[id].accountsServer }
  const ownRequest = [
    { url: `${zohoDataCenters[id].accountsServer}/oauth/v2/token`, secret: `secret-of-${id}` },
  ]

  it('B6, B7: gets its own secret with its location, none or an unknown one', async () => {
    for (const more of [
      {},
      { location: id },
      { location: 'mars' },
      { location: id.toUpperCase() },
    ]) {
      expect(await completeCallback({ ...named, ...more })).toEqual({
        code: 'ok',
        sent: ownRequest,
      })
    }
  })

  it('B6: is not called if the callback names another location', async () => {
    for (const location of ids.filter((other) => other !== id))
      expect(await completeCallback({ ...named, location })).toEqual({
        code: 'data-center-mismatch',
        sent: [],
      })
  })

  it('B6: is called if the callback names only its location', async () => {
    expect(await completeCallback({ location: id })).toEqual({ code: 'ok', sent: ownRequest })
  })

  it('B6, B7: is not called if the client has no secret for it', async () => {
    const start = id === 'us' ? 'eu' : 'us'
    const { code, sent } = await completeCallback(named, {
      dataCenter: start,
      clientSecret: { [start]: 'secret' },
    })
    expect([code, sent]).toEqual(['data-center-unknown', []])
  })
})

const knownId = (text: string | undefined): ZohoDataCenterId | undefined =>
  ids.find((id) => id === text)

const addressOf = (server: string | undefined): string | undefined => {
  const id = knownId(server)
  return id === undefined ? server : zohoDataCenters[id].accountsServer
}

// The rule: the accounts server decides, and a known location must agree with it. With neither, the
// data center where consent began.
const expectedDataCenter = (
  began: ZohoDataCenterId,
  location: string | undefined,
  server: string | undefined,
): ZohoDataCenterId | undefined => {
  if (server !== undefined) return knownId(server)
  return location === undefined ? began : knownId(location)
}

const expectedCode = (
  decides: ZohoDataCenterId | undefined,
  location: string | undefined,
): string => {
  if (decides === undefined) return 'data-center-unknown'
  const known = knownId(location)
  return known !== undefined && known !== decides ? 'data-center-mismatch' : 'ok'
}

it('B6, B5: follows the rule for every start, location and accounts server', async () => {
  const { sent, options } = recordingOptions()
  const locations = [...ids, 'mars', undefined]
  const accountsServers = [...ids, 'https://accounts.zoho.mars', undefined]
  const wrong: unknown[] = []
  let called = 0
  for (const began of ids) {
    for (const location of locations) {
      for (const server of accountsServers) {
        const address = addressOf(server)
        const decides = expectedDataCenter(began, location, server)
        const code = expectedCode(decides, location)
        const browser = await returning(
          { ...options, dataCenter: began },
          { id: `${began}-${location}-${server}`, principal: 'ann' },
        )
        sent.length = 0
        const parameters = {
          code: '1000.code',
          ...(location !== undefined && { location }),
          ...(address !== undefined && { 'accounts-server': address }),
        }
        const result = await codeOf(
          browser.complete(parameters, { id: `${began}-${location}-${server}`, principal: 'ann' }),
        )
        const expected =
          code === 'ok' && decides !== undefined
            ? [
                {
                  url: `${zohoDataCenters[decides].accountsServer}/oauth/v2/token`,
                  secret: `secret-of-${decides}`,
                },
              ]
            : []
        called += expected.length
        if (result !== code || JSON.stringify(sent) !== JSON.stringify(expected))
          wrong.push({ began, location, server, result, sent: [...sent] })
      }
    }
  }
  expect(wrong).toEqual([])
  // For each start: eleven servers with no location, their own or an unknown one; eleven locations
  // alone; neither.
  expect(called).toBe(11 * (11 * 3 + 11 + 1))
}, 60_000)

it('B6: emits location-unexpected for an unknown location only', async () => {
  for (const [location, isReported] of [
    ['mars', true],
    ['eu', false],
  ] as const) {
    const events: string[] = []
    await completeCallback(
      { 'accounts-server': zohoDataCenters.eu.accountsServer, location },
      { onEvent: ({ type }) => void events.push(type) },
    )
    expect(events.includes('location-unexpected')).toBe(isReported)
  }
})

it('B6: without either, calls the data center where consent began', async () => {
  expect((await completeCallback({}, { dataCenter: 'cn' })).sent.map(({ url }) => url)).toEqual([
    'https://accounts.zoho.com.cn/oauth/v2/token',
  ])
})

it('B5: accepts only the exact accounts servers of the table', async () => {
  const strangers = [
    '',
    'null',
    'us',
    'accounts.zoho.com',
    '//accounts.zoho.com',
    'http://accounts.zoho.com',
    'https:accounts.zoho.com',
    'https:/accounts.zoho.com',
    'HTTPS://accounts.zoho.com',
    'https://accounts.zoho.com/',
    'https://accounts.zoho.com//',
    'https://accounts.zoho.com/oauth',
    'https://accounts.zoho.com.',
    'https://accounts.zoho.com:443',
    'https://accounts.zoho.com:8443',
    'https://accounts.zoho.com@evil.example',
    'https://evil@accounts.zoho.com',
    'https://accounts.zoho.com.evil.example',
    'https://accounts.zoho.com%2eevil.example',
    'https://evil.example',
    'https://evil.example/https://accounts.zoho.com',
    'https://evil.example#https://accounts.zoho.com',
    'https://accounts.zoho.com#',
    'https://accounts.zoho.com?',
    'https://Accounts.zoho.com',
    'https://accounts.ZOHO.com',
    ' https://accounts.zoho.com',
    'https://accounts.zoho.com ',
    'https://accounts.zoho.com\0',
    'https://accounts.zoho.com\n',
    '\uFEFFhttps://accounts.zoho.com',
    'https://accounts.zoho.com\u200b',
    'https://accounts.zоho.com',
    'https://accounts.xn--zho-5cd.com',
    'https://accounts%2Ezoho.com',
    'https://accounts。zoho.com',
    'https://[::1]',
    'https://127.0.0.1',
    'https://2130706433',
    'https://localhost',
    'https://accounts.zoho.ca',
    'https://accounts.zoho.cn',
    'https://accounts.zoho.au',
    'https://www.zohoapis.com',
    'https://recruit.zoho.com',
    'https://accounts.zoho.com\\@evil.example',
    'javascript:alert(1)',
    'data:,',
    'file:///etc/passwd',
    '__proto__',
    'constructor',
    '[object Object]',
    'https://accounts.zoho.com,https://evil.example',
    'https://accounts.zoho.com https://evil.example',
  ]
  for (const stranger of strangers) {
    for (const location of [{}, { location: 'us' }]) {
      const result = await completeCallback({ 'accounts-server': stranger, ...location })
      expect({ stranger, ...result }).toEqual({ stranger, code: 'data-center-unknown', sent: [] })
    }
  }
})

it('B5, T12: refreshes and revokes at the same host, even if answers name another', async () => {
  const sent: string[] = []
  const { options } = recordingOptions()
  const poisoned = {
    ...options,
    fetch: async (url: string) => {
      sent.push(new URL(url).host)
      return Response.json({
        access_token: mint('access'),
        refresh_token: mint('refresh'),
        api_domain: 'https://evil.example',
        location: 'eu',
        'accounts-server': 'https://evil.example',
        status: 'success',
      })
    },
  }
  const browser = await returning(poisoned)
  await browser.complete({
    code: '1000.code',
    'accounts-server': 'https://accounts.zoho.in',
    location: 'in',
  })
  const acme = createConnection(browser.engine, 'acme', () => {})
  await acme.refresh()
  await acme.fetch('Candidates')
  await acme.revoke()
  expect(sent).toEqual([
    'accounts.zoho.in',
    'accounts.zoho.in',
    'recruit.zoho.in',
    'accounts.zoho.in',
  ])
})

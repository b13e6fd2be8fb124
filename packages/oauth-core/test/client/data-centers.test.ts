import { describe, expect, it } from 'vitest'
import { zohoDataCenters, type ZohoDataCenterId } from '../../src/index.ts'
import { errorCodeOf, startConsent } from './setup.ts'
import { dataCenterIds, recordingOptions, completeCallback } from './data-centers.ts'

describe.each(dataCenterIds)('the accounts server of %s', (id) => {
  const named = { 'accounts-server': zohoDataCenters[id].accountsServer }
  const ownRequest = [
    { url: `${zohoDataCenters[id].accountsServer}/oauth/v2/token`, secret: `secret-of-${id}` },
  ]

  it('B6, B7: gets its own secret, with its location, no location or an unknown one', async () => {
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
    for (const location of dataCenterIds.filter((other) => other !== id))
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
  dataCenterIds.find((id) => id === text)

const addressOf = (server: string | undefined): string | undefined => {
  const id = knownId(server)
  return id === undefined ? server : zohoDataCenters[id].accountsServer
}

// The rule: a named accounts server decides, and a known location must agree with it. Without an
// accounts server, the location decides. Without both, the data center where consent began decides.
const expectedDataCenter = (
  began: ZohoDataCenterId,
  location: string | undefined,
  server: string | undefined,
): ZohoDataCenterId | undefined => {
  if (server !== undefined) return knownId(server)
  return location === undefined ? began : knownId(location)
}

const expectedCode = (
  decidingId: ZohoDataCenterId | undefined,
  location: string | undefined,
): string => {
  if (decidingId === undefined) return 'data-center-unknown'
  const known = knownId(location)
  return known !== undefined && known !== decidingId ? 'data-center-mismatch' : 'ok'
}

it('B6, B5: follows the rule for every start, location and accounts server', async () => {
  const { sent, options } = recordingOptions()
  const locations = [...dataCenterIds, 'mars', undefined]
  const accountsServers = [...dataCenterIds, 'https://accounts.zoho.mars', undefined]
  const wrong: unknown[] = []
  let called = 0
  for (const began of dataCenterIds) {
    for (const location of locations) {
      for (const server of accountsServers) {
        const address = addressOf(server)
        const decidingId = expectedDataCenter(began, location, server)
        const code = expectedCode(decidingId, location)
        const browser = await startConsent(
          { ...options, dataCenter: began },
          { id: `${began}-${location}-${server}`, principal: 'ann' },
        )
        sent.length = 0
        const parameters = {
          code: '1000.code',
          ...(location !== undefined && { location }),
          ...(address !== undefined && { 'accounts-server': address }),
        }
        const result = await errorCodeOf(
          browser.complete(parameters, { id: `${began}-${location}-${server}`, principal: 'ann' }),
        )
        const expected =
          code === 'ok' && decidingId !== undefined
            ? [
                {
                  url: `${zohoDataCenters[decidingId].accountsServer}/oauth/v2/token`,
                  secret: `secret-of-${decidingId}`,
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
  // For each data center where consent begins, these callbacks lead to a request: eleven accounts
  // servers, each with no location, its own location or an unknown location; eleven locations
  // alone; and a callback with neither.
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

it('B6: calls the data center where consent began if the callback names none', async () => {
  expect((await completeCallback({}, { dataCenter: 'cn' })).sent.map(({ url }) => url)).toEqual([
    'https://accounts.zoho.com.cn/oauth/v2/token',
  ])
})

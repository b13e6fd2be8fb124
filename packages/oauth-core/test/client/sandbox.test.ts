import { describe, expect, it } from 'vitest'
import { sandboxOf, zohoDataCenters, type DataCenter, type DataCenters } from '../../src/index.ts'
import { errorCodeOf, startConsent } from './setup.ts'
import { recordingOptions } from './data-centers.ts'
import { startEmulated } from './symptoms/situations.ts'

const { us, eu } = zohoDataCenters
/** A sandbox as an app may write it by hand, without `sandbox`. */
const sandboxApiOf = (dataCenter: DataCenter): DataCenter => ({
  ...dataCenter,
  recruitApi: dataCenter.sandboxApi ?? '',
})

const dataCenters = {
  us,
  eu,
  'us-sandbox': sandboxOf(us),
  'eu-sandbox': sandboxOf(eu),
} satisfies DataCenters

/** Completes a consent that began at `start`, and returns the data center of the connection. */
const endOf = async (
  start: string,
  parameters: Record<string, string>,
  table: DataCenters = dataCenters,
): Promise<string> => {
  const { options } = recordingOptions({ dataCenters: table, clientSecret: 'secret' })
  const events: string[] = []
  const onEvent = (event: { type: string; dataCenter?: unknown }) => {
    if (event.type === 'connected') events.push(String(event.dataCenter))
  }
  const browser = await startConsent({ ...options, dataCenter: start, onEvent })
  const code = await errorCodeOf(browser.complete({ code: '1000.code', ...parameters }))
  return code === 'ok' ? events.join() : code
}

/** The forms in which a callback can name the user's data center. */
const callbacksOf = (location: 'us' | 'eu'): Record<string, string>[] => [
  { location, 'accounts-server': zohoDataCenters[location].accountsServer },
  { location },
  { 'accounts-server': zohoDataCenters[location].accountsServer },
]

describe.each(['us', 'eu'] as const)('a consent of a user in %s', (location) => {
  it.each(callbacksOf(location))(
    'that began at a sandbox ends at a sandbox: %j',
    async (callback) => {
      expect(await endOf('us-sandbox', callback)).toBe(`${location}-sandbox`)
    },
  )

  it.each(callbacksOf(location))('that began in production ends there: %j', async (callback) => {
    expect(await endOf('us', callback)).toBe(location)
  })

  it.each(callbacksOf(location))(
    'does not depend on the order of the entries or on their ids: %j',
    async (callback) => {
      const table = { b: dataCenters['eu-sandbox'], a: dataCenters['us-sandbox'], us, eu }
      expect(await endOf('a', callback, table)).toBe(location === 'us' ? 'a' : 'b')
      expect(await endOf('us', callback, table)).toBe(location)
    },
  )
})

it('a callback that names no data center ends where the consent began', async () => {
  expect(await endOf('us-sandbox', {})).toBe('us-sandbox')
  expect(await endOf('eu', {})).toBe('eu')
})

it.each(callbacksOf('eu'))(
  'a consent that began at a sandbox is refused if the data center has no sandbox: %j',
  async (callback) => {
    const { 'eu-sandbox': _removed, ...table } = dataCenters
    expect(await endOf('us-sandbox', callback, table)).toBe('data-center-unknown')
  },
)

it.each(callbacksOf('eu'))(
  'a consent that began in production is refused if there is only a sandbox: %j',
  async (callback) => {
    const { eu: _removed, ...table } = dataCenters
    expect(['data-center-unknown']).toContain(await endOf('us', callback, table))
  },
)

it('the error names both entries', async () => {
  const { 'eu-sandbox': _removed, ...table } = dataCenters
  const { options, sent } = recordingOptions({ dataCenters: table, clientSecret: 'secret' })
  const browser = await startConsent({ ...options, dataCenter: 'us-sandbox' })
  await expect(browser.complete({ code: '1000.code', location: 'eu' })).rejects.toMatchObject({
    dataCenter: 'eu',
    summary: expect.stringMatching(/`us-sandbox`, which is a sandbox.*`eu`, which is no sandbox/),
    hint: 'Add the sandbox of `eu` to `dataCenters` with `sandboxOf`.',
  })
  expect(sent).toEqual([])
})

it.each([
  { 'us-sb': sandboxApiOf(us), us, eu, 'eu-sb': sandboxApiOf(eu) },
  { us, 1: sandboxApiOf(us), eu, 'eu-sb': sandboxApiOf(eu) },
  { 'eu-sb': sandboxApiOf(eu), eu, us },
])('without `sandbox`, entries with the ids of Zoho are production: %j', async (table) => {
  for (const callback of callbacksOf('eu')) expect(await endOf('us', callback, table)).toBe('eu')
})

it('a second entry with the same accounts server is a sandbox by default', async () => {
  const table = {
    us,
    eu,
    trial: { ...us, recruitApi: 'https://recruitsandbox.zoho.com/recruit/v2' },
  }
  expect(await endOf('trial', { location: 'us' }, table)).toBe('trial')
  expect(await endOf('trial', { location: 'eu' }, table)).toBe('data-center-unknown')
  expect(await endOf('us', { location: 'us' }, table)).toBe('us')
})

it('an app with only sandboxes needs no production entries', async () => {
  const table = { us: sandboxOf(us), eu: sandboxOf(eu) }
  for (const callback of callbacksOf('eu')) expect(await endOf('us', callback, table)).toBe('eu')
})

it('calls the Recruit API of the sandbox', () => {
  expect(sandboxOf(us)).toEqual({
    accountsServer: 'https://accounts.zoho.com',
    apiDomain: 'https://www.zohoapis.com',
    recruitApi: 'https://recruitsandbox.zoho.com/recruit/v2',
    sandbox: true,
  })
  expect(() => sandboxOf(sandboxOf(us))).toThrow('no `sandboxApi`')
})

it('reads and writes the sandbox of the emulator, and not production', async () => {
  const { emulator, client, consent } = await startEmulated()
  const emulated = emulator.dataCenters
  const table = {
    ...emulated,
    'us-sandbox': sandboxOf(emulated.us),
    'eu-sandbox': sandboxOf(emulated.eu),
  }
  const zoho = client({ dataCenters: table, scopes: ['ZohoRecruit.modules.ALL'] })
  await consent('eu', zoho, 'sandbox')
  const acme = zoho.connection('acme')
  expect((await acme.status()).dataCenter).toBe('eu-sandbox')
  const body = JSON.stringify({ data: [{ Last_Name: 'Sandmann' }] })
  expect((await acme.fetch('Candidates', { method: 'POST', body })).status).toBe(201)
  const path = 'Candidates?per_page=200'
  expect(await (await acme.fetch(path)).text()).toContain('Sandmann')
  await consent('eu', zoho)
  expect((await acme.status()).dataCenter).toBe('eu')
  expect(await (await acme.fetch(path)).text()).not.toContain('Sandmann')
})

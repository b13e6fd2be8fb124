'use strict'

const { createEmulator } = require('@zrecruit/oauth-emulator')
const { createCandidates, Throttled } = require('./candidates.js')

const emulator = createEmulator({ dataCenters: ['eu'] })
let candidates

const newCode = () =>
  emulator.issueSelfClientCode({ scope: 'ZohoRecruit.modules.READ', dataCenter: 'eu' }).code

beforeAll(() => emulator.listen({ port: 0 }))
afterAll(() => emulator.close())
beforeEach(() => {
  emulator.reset()
  const { accountsServer, recruitApi } = emulator.dataCenters.eu
  candidates = createCandidates({
    accountsServer,
    recruitApi,
    clientId: emulator.client.id,
    clientSecret: emulator.client.secret,
  })
})

test('exchanges a code and reads candidates', async () => {
  await candidates.connect(newCode())
  expect(await candidates.names()).toHaveLength(3)
})

test('refreshes once when the clock of the emulator is an hour ahead', async () => {
  await candidates.connect(newCode())
  emulator.advanceClock(3600)
  expect(await candidates.names()).toHaveLength(3)
  expect(emulator.calls()).toMatchObject({ token: 2, api: 2 })
})

test.each(['en', 'zh'])(
  'recognises throttling in the language %s, and sends no further request',
  async (throttleLanguage) => {
    emulator.configure({ throttleLanguage, accessTokenBudget: { limit: 1, windowSeconds: 600 } })
    await candidates.connect(newCode())
    await expect(candidates.refresh()).rejects.toThrow(Throttled)
    expect(emulator.calls().token).toBe(2)
    emulator.advanceClock(600)
    await candidates.refresh()
  },
)

test('repeats a refresh when the connection drops', async () => {
  await candidates.connect(newCode())
  emulator.addFault({ on: 'token', grantType: 'refresh_token', kind: 'drop-after', times: 1 })
  await candidates.refresh()
  expect(await candidates.names()).toHaveLength(3)
})

test('does not send a code twice when the connection drops', async () => {
  emulator.addFault({ on: 'token', grantType: 'authorization_code', kind: 'drop-after', times: 1 })
  await expect(candidates.connect(newCode())).rejects.toThrow('fetch failed')
  expect(emulator.calls().token).toBe(1)
})

test('throws when the user has revoked the consent in Zoho’s settings', async () => {
  await candidates.connect(newCode())
  emulator.revokeByUser({ dataCenter: 'eu' })
  await expect(candidates.names()).rejects.toThrow('invalid_code')
})

import { describe, expect, it } from 'vitest'
import { startEmulated } from './symptoms/situations.ts'
import { respond, silence, type Reply } from '../endpoints/server.ts'
import { apiOk, errorCodeOf, minute, refusal, tally, throttle, times, tokens } from './setup.ts'
import {
  unauthorizedReply,
  brokenEndpointsReply,
  startConnected,
  statusOf,
} from './broken-endpoints.ts'

describe('G4: a refused token that cannot be replaced', () => {
  it.each<[string, Reply]>([
    ['is throttled', throttle],
    ['fails', respond('', 503)],
    ['responds with HTML', respond('<html>')],
  ])(
    'gives the caller the 401 of Zoho if the accounts server %s, and is still served',
    async (_, reply) => {
      const setup = await startConnected()
      setup.script.api = brokenEndpointsReply(['Assessments'])
      setup.script.token = reply
      const valid = await setup.acme.accessToken()
      for (const _time of times(3, () => 0)) {
        expect(await (await setup.acme.fetch('Assessments')).json()).toMatchObject({
          code: 'INVALID_TOKEN',
        })
        expect([
          await setup.acme.accessToken(),
          await statusOf(setup.acme.fetch('Candidates')),
        ]).toEqual([valid, 200])
      }
      expect(setup.tokenCalls().length).toBe(1)
    },
  )

  it.each<[string, Reply, string]>([
    ['the refresh token was revoked at Zoho', refusal('invalid_code'), 'needs-consent'],
    ['the client secret is wrong', refusal('invalid_client_secret'), 'client-secret-rejected'],
    ['the client is unknown', refusal('invalid_client'), 'client-rejected'],
  ])('leads to an error if %s', async (_, reply, code) => {
    const setup = await startConnected()
    setup.script.api = unauthorizedReply('INVALID_TOKEN')
    setup.script.token = reply
    expect(await errorCodeOf(setup.acme.fetch('Candidates'))).toBe(code)
  })

  it('leads to an error after this process or another revoked the connection', async () => {
    for (const revoker of ['this', 'another']) {
      const setup = await startConnected()
      setup.script.api = async (response, request) => {
        await (revoker === 'this' ? setup.acme : setup.client().connection('acme')).revoke()
        await unauthorizedReply('INVALID_TOKEN')(response, request)
      }
      expect(await errorCodeOf(setup.acme.fetch('Candidates'))).toBe('connection-revoked')
      expect(setup.tokenCalls().length).toBe(0)
    }
  })
})

it('G4: makes one request for all processes to replace a token that Zoho invalidated', async () => {
  const setup = await startConnected()
  const old = await setup.acme.accessToken()
  setup.script.api = (response, request) =>
    (request.headers.authorization?.endsWith(old) ? unauthorizedReply('INVALID_TOKEN') : apiOk)(
      response,
      request,
    )
  const processes = times(3, () => setup.client().connection('acme'))
  await Promise.all(processes.map((one) => one.accessToken()))
  const names = ['Candidates', 'org', 'Assessments', 'JobOpenings']
  const all = times(120, (index) => statusOf(processes[index % 3]!.fetch(names[index % 4]!)))
  expect([tally((await Promise.all(all)).map(String)), setup.tokenCalls().length]).toEqual([
    { 200: 120 },
    1,
  ])
})

it('G4: repeats a call with the token that another process stored', async () => {
  const setup = await startConnected()
  const late = setup.client().connection('acme')
  const old = await late.accessToken()
  setup.script.api = (response, request) =>
    (request.headers.authorization?.endsWith(old) ? unauthorizedReply('INVALID_TOKEN') : apiOk)(
      response,
      request,
    )
  expect([await statusOf(setup.acme.fetch('org')), await statusOf(late.fetch('org'))]).toEqual([
    200, 200,
  ])
  expect(setup.tokenCalls().length).toBe(1)
})

it('G4: does not count the refresh of a stale token against the endpoint', async () => {
  const setup = await startConnected()
  setup.script.token = silence
  const acme = setup.client().connection('acme')
  const old = await acme.accessToken()
  let hasTimeAdvanced = false
  setup.script.api = (response, request) => {
    // The token becomes stale while Zoho answers.
    if (!hasTimeAdvanced) setup.time.advance(58.5 * minute)
    hasTimeAdvanced = true
    setup.script.token = tokens()
    return (
      request.headers.authorization?.endsWith(old) ? unauthorizedReply('INVALID_TOKEN') : apiOk
    )(response, request)
  }
  expect([await statusOf(acme.fetch('Assessments')), setup.tokenCalls().length]).toEqual([200, 1])
  setup.script.api = brokenEndpointsReply(['Assessments'])
  expect([await statusOf(acme.fetch('Assessments')), setup.tokenCalls().length]).toEqual([401, 2])
  expect([await statusOf(acme.fetch('Assessments')), setup.tokenCalls().length]).toEqual([401, 2])
})

it('G4: makes one request to replace the tokens that the emulator expired', async () => {
  const { emulator, client, consent } = await startEmulated()
  const oauth = client()
  await consent('eu', oauth)
  const acme = oauth.connection('acme')
  await acme.accessToken()
  emulator.endAccessTokens()
  const before = emulator.calls().token
  const statuses = await Promise.all(
    times(40, (index) => statusOf(acme.fetch(index % 2 ? 'Candidates' : 'org'))),
  )
  expect([new Set(statuses), emulator.calls().token - before]).toEqual([new Set([200]), 1])
})

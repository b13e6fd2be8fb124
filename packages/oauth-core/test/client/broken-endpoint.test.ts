import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { startEmulated } from './symptoms/situations.ts'
import { answer, json, silence, type Reply } from '../endpoints/server.ts'
import {
  apiOk,
  codeOf,
  connect,
  house,
  minute,
  refusal,
  second,
  tally,
  throttle,
  times,
  tokens,
  until,
  type House,
} from './house.ts'

const unauthorizedReply = (code: string): Reply =>
  json({ code, message: 'invalid oauth token', status: 'error' }, 401, { 'x-zoho': 'kept' })

/** An API whose endpoints with one of these prefixes always answer 401. */
const brokenEndpoints =
  (names: readonly string[], code = 'INVALID_TOKEN'): Reply =>
  (response, request) => {
    const endpoint = request.url.slice('/recruit/v2/'.length)
    return (names.some((name) => endpoint.startsWith(name)) ? unauthorizedReply(code) : apiOk)(
      response,
      request,
    )
  }

const startConnected = async () => {
  const home = await house()
  await connect(home)
  return { ...home, acme: home.client().connection('acme') }
}

const statusOf = async (work: Promise<Response>): Promise<number> => (await work).status
const countRejections = ({ events }: House) =>
  events.filter(({ type }) => type === 'access-token-rejected').length

describe.each(['INVALID_TOKEN', 'AUTHENTICATION_FAILURE'])(
  'G4: an endpoint that always answers 401 %s',
  (code) => {
    it('costs one token request in ten minutes and does not block other calls', async () => {
      const home = await startConnected()
      home.script.api = brokenEndpoints(['Assessments'], code)
      const served = new Set<string>()
      for (const index of times(30, (one) => one)) {
        const answered = await home.acme.fetch(`Assessments/${index}?page=${index}`)
        expect([answered.status, answered.headers.get('x-zoho')]).toEqual([401, 'kept'])
        expect(((await answered.json()) as { code: string }).code).toBe(code)
        expect(await statusOf(home.acme.fetch('Candidates'))).toBe(200)
        served.add(await home.acme.accessToken())
        home.time.push(15 * second)
      }
      expect([home.tokenCalls().length, served.size]).toEqual([1, 1])
      await until(() => countRejections(home) === 1)
      home.time.push(10 * minute)
      for (const _ of times(5, () => 0))
        expect(await statusOf(home.acme.fetch('Assessments'))).toBe(401)
      expect(home.tokenCalls().length).toBe(2)
    })

    it('costs many callers in two processes one token request', async () => {
      const home = await startConnected()
      home.script.api = brokenEndpoints(['Assessments'], code)
      const processes = [home.client().connection('acme'), home.client().connection('acme')]
      const all = times(100, (index) =>
        statusOf(processes[index % 2]!.fetch(index % 4 ? 'Assessments' : 'Candidates')),
      )
      expect(tally((await Promise.all(all)).map(String))).toEqual({ 401: 75, 200: 25 })
      for (const one of [...processes, home.client().connection('acme')]) {
        expect([await statusOf(one.fetch('Assessments')), await codeOf(one.accessToken())]).toEqual(
          [401, 'ok'],
        )
      }
      expect(home.tokenCalls().length).toBe(1)
    })
  },
)

it('G4: treats other spellings, record ids and queries as the same endpoint', async () => {
  const home = await startConnected()
  home.script.api = unauthorizedReply('INVALID_TOKEN')
  const spellings = [
    'Assessments',
    '/Assessments',
    'Assessments/',
    'Assessments?x=1',
    'Assessments#x',
    'Assessments/12',
    './Assessments',
    'x/../Assessments/7/y',
    'assessments',
    '%41ssessments',
    'Assessments%3Fx',
    './/Assessments',
  ]
  for (const path of spellings) await home.acme.fetch(path)
  await home.acme.fetch('Assessments', { method: 'DELETE' })
  // Only the spelling with `%3F` is another endpoint.
  expect(home.tokenCalls().length).toBe(2)
})

it('G4: an endpoint that answers 401 every other time costs one token request', async () => {
  const home = await startConnected()
  let calls = 0
  home.script.api = (response, request) =>
    (++calls % 2 ? unauthorizedReply('INVALID_TOKEN') : apiOk)(response, request)
  const statuses = []
  for (const _ of times(20, () => 0))
    statuses.push(String(await statusOf(home.acme.fetch('Candidates'))))
  // The library repeats the first call. After that, each caller gets Zoho's answer.
  expect([tally(statuses), home.tokenCalls().length]).toEqual([{ 200: 10, 401: 10 }, 1])
})

it('G4: many broken endpoints leave two token requests for the expiry of the token', async () => {
  const home = await startConnected()
  const names = times(12, (index) => `Broken${index}`)
  home.script.api = brokenEndpoints(names)
  for (const name of names) {
    expect([
      await statusOf(home.acme.fetch(name)),
      await statusOf(home.acme.fetch('Candidates')),
    ]).toEqual([401, 200])
    expect(await codeOf(home.acme.accessToken())).toBe('ok')
  }
  const all = await Promise.all(
    names.map((name) => statusOf(home.client().connection('acme').fetch(name))),
  )
  expect([new Set(all), home.tokenCalls().length]).toEqual([new Set([401]), 3])
  expect([await codeOf(home.acme.refresh()), await codeOf(home.acme.refresh())]).toEqual([
    'ok',
    'ok',
  ])
  expect(await codeOf(home.acme.refresh())).toBe('refresh-budget-spent')
  // The budget is spent, so the unexpired token is served.
  expect([
    await codeOf(home.acme.accessToken()),
    await statusOf(home.acme.fetch('Candidates')),
  ]).toEqual(['ok', 200])
  expect(await statusOf(home.acme.fetch(names[0]!))).toBe(401)
})

it('G4: repeats a refused POST once, and only once', async () => {
  const home = await startConnected()
  home.script.api = brokenEndpoints(['Assessments'])
  const bodies = () =>
    home.server.received
      .filter(({ url }) => url.startsWith('/recruit'))
      .map(({ method, body }) => `${method} ${body}`)
  expect(await statusOf(home.acme.fetch('Assessments', { method: 'POST', body: 'one' }))).toBe(401)
  expect(await statusOf(home.acme.fetch('Assessments', { method: 'POST', body: 'two' }))).toBe(401)
  expect(bodies()).toEqual(['POST one', 'POST one', 'POST two'])
})

it('G4: does not repeat a stream, but still requests a new token', async () => {
  const home = await startConnected()
  const old = await home.acme.accessToken()
  home.script.api = brokenEndpoints(['Assessments'])
  const body = Readable.toWeb(Readable.from(['the body'])) as ReadableStream
  expect(
    await statusOf(home.acme.fetch('Assessments', { method: 'POST', body, duplex: 'half' })),
  ).toBe(401)
  expect(
    home.server.received.filter(({ url }) => url.startsWith('/recruit')).map((call) => call.body),
  ).toEqual(['the body'])
  expect([(await home.acme.accessToken()) === old, home.tokenCalls().length]).toEqual([false, 1])
})

describe('G4: a refused token that cannot be replaced', () => {
  it.each<[string, Reply]>([
    ['is throttled', throttle],
    ['fails', answer('', 503)],
    ['answers with HTML', answer('<html>')],
  ])(
    'gives the caller the 401 of Zoho if the accounts server %s, and is still served',
    async (_, reply) => {
      const home = await startConnected()
      home.script.api = brokenEndpoints(['Assessments'])
      home.script.token = reply
      const valid = await home.acme.accessToken()
      for (const _time of times(3, () => 0)) {
        expect(await (await home.acme.fetch('Assessments')).json()).toMatchObject({
          code: 'INVALID_TOKEN',
        })
        expect([
          await home.acme.accessToken(),
          await statusOf(home.acme.fetch('Candidates')),
        ]).toEqual([valid, 200])
      }
      expect(home.tokenCalls().length).toBe(1)
    },
  )

  it.each<[string, Reply, string]>([
    ['the refresh token was revoked at Zoho', refusal('invalid_code'), 'needs-consent'],
    ['the client secret is wrong', refusal('invalid_client_secret'), 'client-secret-rejected'],
    ['the client is unknown', refusal('invalid_client'), 'client-rejected'],
  ])('is an error if %s', async (_, reply, code) => {
    const home = await startConnected()
    home.script.api = unauthorizedReply('INVALID_TOKEN')
    home.script.token = reply
    expect(await codeOf(home.acme.fetch('Candidates'))).toBe(code)
  })

  it('is an error after this process or another revoked the connection', async () => {
    for (const revoker of ['this', 'another']) {
      const home = await startConnected()
      home.script.api = async (response, request) => {
        await (revoker === 'this' ? home.acme : home.client().connection('acme')).revoke()
        await unauthorizedReply('INVALID_TOKEN')(response, request)
      }
      expect(await codeOf(home.acme.fetch('Candidates'))).toBe('connection-revoked')
      expect(home.tokenCalls().length).toBe(0)
    }
  })
})

it('G4: replaces a token that Zoho invalidated by one request for all processes', async () => {
  const home = await startConnected()
  const old = await home.acme.accessToken()
  home.script.api = (response, request) =>
    (request.headers.authorization?.endsWith(old) ? unauthorizedReply('INVALID_TOKEN') : apiOk)(
      response,
      request,
    )
  const processes = times(3, () => home.client().connection('acme'))
  await Promise.all(processes.map((one) => one.accessToken()))
  const names = ['Candidates', 'org', 'Assessments', 'JobOpenings']
  const all = times(120, (index) => statusOf(processes[index % 3]!.fetch(names[index % 4]!)))
  expect([tally((await Promise.all(all)).map(String)), home.tokenCalls().length]).toEqual([
    { 200: 120 },
    1,
  ])
})

it('G4: repeats a call with the token that another process stored', async () => {
  const home = await startConnected()
  const late = home.client().connection('acme')
  const old = await late.accessToken()
  home.script.api = (response, request) =>
    (request.headers.authorization?.endsWith(old) ? unauthorizedReply('INVALID_TOKEN') : apiOk)(
      response,
      request,
    )
  expect([await statusOf(home.acme.fetch('org')), await statusOf(late.fetch('org'))]).toEqual([
    200, 200,
  ])
  expect(home.tokenCalls().length).toBe(1)
})

it('G4: does not count the refresh of a stale token against the endpoint', async () => {
  const home = await startConnected()
  home.script.token = silence
  const acme = home.client().connection('acme')
  const old = await acme.accessToken()
  let refreshed = false
  home.script.api = (response, request) => {
    if (!refreshed) home.time.push(58.5 * minute) // The token becomes stale while Zoho answers.
    refreshed = true
    home.script.token = tokens()
    return (
      request.headers.authorization?.endsWith(old) ? unauthorizedReply('INVALID_TOKEN') : apiOk
    )(response, request)
  }
  expect([await statusOf(acme.fetch('Assessments')), home.tokenCalls().length]).toEqual([200, 1])
  home.script.api = brokenEndpoints(['Assessments'])
  expect([await statusOf(acme.fetch('Assessments')), home.tokenCalls().length]).toEqual([401, 2])
  expect([await statusOf(acme.fetch('Assessments')), home.tokenCalls().length]).toEqual([401, 2])
})

it('G4: replaces tokens that the emulator expired by one request', async () => {
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

import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { apiOk, errorCodeOf, minute, second, tally, times, until } from './setup.ts'
import {
  unauthorizedReply,
  brokenEndpointsReply,
  startConnected,
  statusOf,
  countRejections,
} from './broken-endpoints.ts'

describe.each(['INVALID_TOKEN', 'AUTHENTICATION_FAILURE'])(
  'G4: an endpoint that always answers 401 %s',
  (code) => {
    it('costs one token request in ten minutes and does not block other calls', async () => {
      const setup = await startConnected()
      setup.script.api = brokenEndpointsReply(['Assessments'], code)
      const served = new Set<string>()
      for (const index of times(30, (position) => position)) {
        const answered = await setup.acme.fetch(`Assessments/${index}?page=${index}`)
        expect([answered.status, answered.headers.get('x-zoho')]).toEqual([401, 'kept'])
        expect(((await answered.json()) as { code: string }).code).toBe(code)
        expect(await statusOf(setup.acme.fetch('Candidates'))).toBe(200)
        served.add(await setup.acme.accessToken())
        setup.time.advance(15 * second)
      }
      expect([setup.tokenCalls().length, served.size]).toEqual([1, 1])
      await until(() => countRejections(setup) === 1)
      setup.time.advance(10 * minute)
      for (const _ of times(5, () => 0))
        expect(await statusOf(setup.acme.fetch('Assessments'))).toBe(401)
      expect(setup.tokenCalls().length).toBe(2)
    })

    it('costs many callers in two processes one token request', async () => {
      const setup = await startConnected()
      setup.script.api = brokenEndpointsReply(['Assessments'], code)
      const processes = [setup.client().connection('acme'), setup.client().connection('acme')]
      const all = times(100, (index) =>
        statusOf(processes[index % 2]!.fetch(index % 4 ? 'Assessments' : 'Candidates')),
      )
      expect(tally((await Promise.all(all)).map(String))).toEqual({ 401: 75, 200: 25 })
      for (const one of [...processes, setup.client().connection('acme')]) {
        expect([
          await statusOf(one.fetch('Assessments')),
          await errorCodeOf(one.accessToken()),
        ]).toEqual([401, 'ok'])
      }
      expect(setup.tokenCalls().length).toBe(1)
    })
  },
)

it('G4: treats other spellings, record ids and queries as the same endpoint', async () => {
  const setup = await startConnected()
  setup.script.api = unauthorizedReply('INVALID_TOKEN')
  const spellings = [
    'Assessments',
    '/Assessments',
    'Assessments/',
    'Assessments?x=1',
    'Assessments?x',
    'Assessments/12',
    './Assessments',
    'x/../Assessments/7/y',
    'assessments',
    '%41ssessments',
    'Assessments%3Fx',
    './/Assessments',
  ]
  for (const path of spellings) await setup.acme.fetch(path)
  await setup.acme.fetch('Assessments', { method: 'DELETE' })
  // Only the spelling with `%3F` is another endpoint.
  expect(setup.tokenCalls().length).toBe(2)
})

it('G4: an endpoint that answers 401 every other time costs one token request', async () => {
  const setup = await startConnected()
  let calls = 0
  setup.script.api = (response, request) =>
    (++calls % 2 ? unauthorizedReply('INVALID_TOKEN') : apiOk)(response, request)
  const statuses = []
  for (const _ of times(20, () => 0))
    statuses.push(String(await statusOf(setup.acme.fetch('Candidates'))))
  // The library repeats the first call. After that, each caller gets Zoho's response.
  expect([tally(statuses), setup.tokenCalls().length]).toEqual([{ 200: 10, 401: 10 }, 1])
})

it('G4: many broken endpoints leave two token requests for the expiry of the token', async () => {
  const setup = await startConnected()
  const names = times(12, (index) => `Broken${index}`)
  setup.script.api = brokenEndpointsReply(names)
  for (const name of names) {
    expect([
      await statusOf(setup.acme.fetch(name)),
      await statusOf(setup.acme.fetch('Candidates')),
    ]).toEqual([401, 200])
    expect(await errorCodeOf(setup.acme.accessToken())).toBe('ok')
  }
  const all = await Promise.all(
    names.map((name) => statusOf(setup.client().connection('acme').fetch(name))),
  )
  expect([new Set(all), setup.tokenCalls().length]).toEqual([new Set([401]), 3])
  expect([
    await errorCodeOf(setup.acme.refresh()),
    await errorCodeOf(setup.acme.refresh()),
  ]).toEqual(['ok', 'ok'])
  expect(await errorCodeOf(setup.acme.refresh())).toBe('refresh-budget-spent')
  // The budget is spent, so the unexpired token is served.
  expect([
    await errorCodeOf(setup.acme.accessToken()),
    await statusOf(setup.acme.fetch('Candidates')),
  ]).toEqual(['ok', 200])
  expect(await statusOf(setup.acme.fetch(names[0]!))).toBe(401)
})

it('G4: repeats a refused POST once, and only once', async () => {
  const setup = await startConnected()
  setup.script.api = brokenEndpointsReply(['Assessments'])
  const bodies = () =>
    setup.server.received
      .filter(({ url }) => url.startsWith('/recruit'))
      .map(({ method, body }) => `${method} ${body}`)
  expect(await statusOf(setup.acme.fetch('Assessments', { method: 'POST', body: 'one' }))).toBe(401)
  expect(await statusOf(setup.acme.fetch('Assessments', { method: 'POST', body: 'two' }))).toBe(401)
  expect(bodies()).toEqual(['POST one', 'POST one', 'POST two'])
})

it('G4: does not repeat a stream, but still requests a new token', async () => {
  const setup = await startConnected()
  const old = await setup.acme.accessToken()
  setup.script.api = brokenEndpointsReply(['Assessments'])
  const body = Readable.toWeb(Readable.from(['the body'])) as ReadableStream
  expect(
    await statusOf(setup.acme.fetch('Assessments', { method: 'POST', body, duplex: 'half' })),
  ).toBe(401)
  expect(
    setup.server.received.filter(({ url }) => url.startsWith('/recruit')).map((call) => call.body),
  ).toEqual(['the body'])
  expect([(await setup.acme.accessToken()) === old, setup.tokenCalls().length]).toEqual([false, 1])
})

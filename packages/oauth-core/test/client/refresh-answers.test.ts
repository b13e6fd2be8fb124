import { describe, expect, it } from 'vitest'
import type { DataCenter } from '../../src/index.ts'
import { answer, drop, json, type Reply } from '../wire/server.ts'
import { codeOf, connect, hasty, house, minute, refusal, second, tally, throttle, times, tokens, until } from './house.ts'

interface Row {
  readonly reply: Reply
  /** What a caller without a valid token gets. */
  readonly code: string
  readonly calls: number
  readonly status?: string
}

/** Row by row, the token endpoint's answers to a refresh (trust.md, 3.4). */
const rows: Record<string, Row> = {
  'a token': { reply: tokens(), code: 'ok', calls: 1 },
  invalid_code: { reply: refusal('invalid_code'), code: 'needs-consent', calls: 1, status: 'needs-consent' },
  'invalid_code with 400': { reply: refusal('invalid_code', 400), code: 'needs-consent', calls: 1, status: 'needs-consent' },
  invalid_client: { reply: refusal('invalid_client'), code: 'client-rejected', calls: 1 },
  'invalid_client with 401': { reply: refusal('invalid_client', 401), code: 'client-rejected', calls: 1 },
  invalid_client_secret: { reply: refusal('invalid_client_secret'), code: 'client-secret-rejected', calls: 1 },
  throttling: { reply: throttle, code: 'throttled', calls: 1 },
  'an unknown error': { reply: refusal('general_error'), code: 'accounts-server-error', calls: 2 },
  HTML: { reply: answer('<html>'), code: 'answer-malformed', calls: 2 },
  nothing: { reply: answer(''), code: 'answer-malformed', calls: 2 },
  'too much': { reply: answer('x'.repeat(70_000)), code: 'answer-malformed', calls: 2 },
  'wrong types': { reply: json({ access_token: 1 }), code: 'answer-malformed', calls: 2 },
  '429': { reply: answer('', 429), code: 'throttled', calls: 1 },
  '503': { reply: answer('', 503), code: 'accounts-server-unavailable', calls: 2 },
  '307': { reply: answer('', 307, { location: 'http://127.0.0.1:9/' }), code: 'redirect-refused', calls: 1 },
  'a dropped connection': { reply: drop, code: 'accounts-server-unreachable', calls: 2 },
}

describe.each(Object.entries(rows))('a refresh that is answered with %s', (_, { reply, code, calls, status = 'active' }) => {
  it.concurrent('fails so, without a valid token', async ({ onTestFinished: finished }) => {
    const home = await house({ finished })
    await connect(home)
    home.time.push(61 * minute)
    home.script.token = reply
    const acme = home.client(hasty).connection('acme')
    expect(tally(await Promise.all(times(20, () => codeOf(acme.accessToken()))))).toEqual({ [code]: 20 })
    expect(home.tokenCalls().length).toBe(calls)
    expect((await acme.status()).status).toBe(status)
    // Asking again at once is answered from the record.
    expect(await codeOf(acme.accessToken())).toBe(code)
    expect(home.tokenCalls().length).toBe(calls)
  })

  it.concurrent('disturbs nobody who has a valid token', async ({ onTestFinished: finished }) => {
    const home = await house({ finished })
    await connect(home)
    home.script.token = reply
    const acme = home.client(hasty).connection('acme')
    const valid = await acme.accessToken()
    home.time.push(57 * minute)
    expect(await acme.accessToken()).toBe(valid)
    await until(() => home.events.some(({ type }) => type === 'refreshed' || type === 'refresh-failed' || type === 'consent-lost'))
    // Ahead of time nobody waits: what fails is not asked twice.
    expect(home.tokenCalls().length).toBe(1)
    expect(await codeOf(acme.accessToken())).toBe(code === 'needs-consent' ? code : 'ok')
    expect((await acme.status()).status).toBe(status)
  })
})

describe('a refresh', () => {
  it.concurrent('that can\'t connect tries once more, and says so', async ({ onTestFinished: finished }) => {
    const home = await house({ finished })
    await connect(home)
    home.time.push(61 * minute)
    let calls = 0
    const zoho = home.client({ ...hasty, fetch: () => { calls += 1; return fetch('http://127.0.0.1:9/') } })
    const error: { code?: string; fault?: string; retryAt?: number } = await zoho.connection('acme').accessToken().then(() => ({}), (thrown: object) => thrown)
    expect([error.code, error.fault, calls]).toEqual(['accounts-server-unreachable', 'network', 2])
    expect(error.retryAt).toBeGreaterThan(home.time.now() + 4 * second)
  })

  it.concurrent('that fails once succeeds by its second call', async ({ onTestFinished: finished }) => {
    const home = await house({ finished })
    await connect(home)
    home.time.push(61 * minute)
    home.script.token = (response, request) => (home.tokenCalls().length === 1 ? answer('', 502) : tokens())(response, request)
    expect(await codeOf(home.client(hasty).connection('acme').accessToken())).toBe('ok')
    expect(home.server.received.length).toBe(2)
  })

  it.concurrent('with a secret that was rotated costs no caller an error', async ({ onTestFinished: finished }) => {
    const home = await house({ finished })
    await connect(home)
    home.time.push(61 * minute)
    home.script.token = (response, request) => (request.form.get('client_secret') === 'former' ? tokens() : refusal('invalid_client_secret'))(response, request)
    const acme = home.client({ clientSecret: ['the-client-secret', 'former'] }).connection('acme')
    expect(tally(await Promise.all(times(20, () => codeOf(acme.accessToken()))))).toEqual({ ok: 20 })
    expect(home.tokenCalls().length).toBe(2)
  })
})

describe('throttling', () => {
  it.concurrent('stops every process, until the cool-down is over', async ({ onTestFinished: finished }) => {
    const home = await house({ finished })
    await connect(home)
    home.time.push(61 * minute)
    home.script.token = throttle
    const [one, two] = [home.client().connection('acme'), home.client().connection('acme')]
    expect(await codeOf(one.accessToken())).toBe('throttled')
    home.script.token = tokens()
    const error: { code?: string; retryAt?: number } = await two.accessToken().then(() => ({}), (thrown: object) => thrown)
    expect(error.code).toBe('throttled')
    expect(Math.abs((error.retryAt ?? 0) - home.time.now() - 10 * minute)).toBeLessThan(second)
    expect(tally(await Promise.all(times(500, (index) => codeOf((index % 2 ? one : two).accessToken()))))).toEqual({ throttled: 500 })
    expect(home.tokenCalls().length).toBe(1)
    home.time.push(10 * minute)
    expect(tally(await Promise.all(times(100, (index) => codeOf((index % 2 ? one : two).accessToken()))))).toEqual({ ok: 100 })
    expect(home.tokenCalls().length).toBe(2)
  })

  it.concurrent('serves what is still valid meanwhile', async ({ onTestFinished: finished }) => {
    const home = await house({ finished })
    await connect(home)
    home.script.token = throttle
    const [one, two] = [home.client().connection('acme'), home.client().connection('acme')]
    home.time.push(56 * minute)
    expect(await codeOf(one.accessToken())).toBe('ok')
    await until(() => home.events.some(({ type }) => type === 'refresh-failed'))
    expect(tally(await Promise.all(times(100, (index) => codeOf((index % 2 ? one : two).accessToken()))))).toEqual({ ok: 100 })
    expect(home.tokenCalls().length).toBe(1)
  })
})

it.concurrent('five refreshes in ten minutes are the budget', async ({ onTestFinished: finished }) => {
  const home = await house({ finished })
  await connect(home)
  const acme = home.client().connection('acme')
  for (const _ of times(5, () => 0)) await acme.refresh()
  const error: { code?: string; retryAt?: number } = await acme.refresh().then(() => ({}), (thrown: object) => thrown)
  expect(error.code).toBe('refresh-budget-spent')
  expect(Math.abs((error.retryAt ?? 0) - home.time.now() - 10 * minute)).toBeLessThan(5 * second)
  expect([home.tokenCalls().length, await codeOf(acme.accessToken())]).toEqual([5, 'ok'])
  home.time.push(10 * minute)
  expect(await codeOf(acme.refresh())).toBe('ok')
})

it.concurrent('a data center that is configured no longer is named, and its lease given back', async ({ onTestFinished: finished }) => {
  const home = await house({ finished })
  await connect(home)
  home.time.push(61 * minute)
  const other = { dataCenter: 'us', dataCenters: { us: { ...home.options().dataCenters?.['eu'], accountsServer: 'https://accounts.zoho.com' } as DataCenter } }
  const startedAt = performance.now()
  expect(await codeOf(home.client(other).connection('acme').accessToken())).toBe('data-center-unknown')
  expect(await codeOf(home.client(other).connection('acme').accessToken())).toBe('data-center-unknown')
  expect([performance.now() - startedAt < 1_000, home.server.received.length]).toEqual([true, 0])
  home.time.push(6 * second)
  expect(await codeOf(home.client().connection('acme').accessToken())).toBe('ok')
})

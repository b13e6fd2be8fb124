import { describe, expect, it } from 'vitest'
import { respond } from '../endpoints/server.ts'
import { faultyStore } from './faulty-store.ts'
import {
  errorCodeOf,
  connect,
  grant,
  withoutJitter,
  startSetup,
  minute,
  pause,
  refusal,
  startConsent,
  second,
  throttle,
  times,
  tokens,
  until,
  type Setup,
} from './setup.ts'

/** Completes `count` consents in the browser, each for another connection and in a new process. */
const completeConsents = async (setup: Setup, count: number) => {
  setup.script.token = grant()
  for (const index of times(count, (position) => position)) {
    const ref = { id: `company-${index}`, principal: 'ann' }
    await (await startConsent(setup.options(), ref)).complete({ code: `1000.code.${index}` }, ref)
  }
}

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => ({}),
    (error: object) => error,
  ) as Promise<{ code?: string; remedy?: string; retryAt?: number }>

describe('the quota of ten authorization codes in ten minutes of a client', () => {
  it('S10: refuses the eleventh code in every process for ten minutes', async () => {
    const setup = await startSetup()
    await completeConsents(setup, 10)
    const error = await errorOf(
      setup.client().startAuthorization({ id: 'one-more', principal: 'bob' }),
    )
    expect([error.code, error.remedy]).toEqual(['codes-exhausted', 'retry'])
    expect(Math.abs((error.retryAt ?? 0) - setup.time.now() - 10 * minute)).toBeLessThan(
      10 * second,
    )
    setup.time.advance(10 * minute)
    expect(
      await errorCodeOf(setup.client().startAuthorization({ id: 'one-more', principal: 'bob' })),
    ).toBe('ok')
  })

  it('B9: does not treat access_denied as a refusal by the user when it is spent', async () => {
    const setup = await startSetup()
    const early = await startConsent(setup.options(), { id: 'one-more', principal: 'ann' })
    expect(
      await errorCodeOf(
        early.complete({ error: 'access_denied' }, { id: 'one-more', principal: 'ann' }),
      ),
    ).toBe('consent-refused')
    await completeConsents(setup, 10)
    expect(
      await errorCodeOf(
        early.complete({ error: 'access_denied' }, { id: 'one-more', principal: 'ann' }),
      ),
    ).toBe('codes-exhausted')
    expect(
      await errorCodeOf(
        early.complete({ error: 'server_error' }, { id: 'one-more', principal: 'ann' }),
      ),
    ).toBe('consent-failed')
  })

  it('S10: does not count codes that a browser invented', async () => {
    const setup = await startSetup()
    for (const index of times(12, (position) => position)) {
      const ref = { id: `company-${index}`, principal: 'mallory' }
      const browser = await startConsent(setup.options(), ref)
      setup.script.token = refusal('invalid_code')
      expect(await errorCodeOf(browser.complete({ code: '1000.made.up' }, ref))).toBe(
        'code-rejected',
      )
    }
    expect(
      await errorCodeOf(setup.client().startAuthorization({ id: 'acme', principal: 'ann' })),
    ).toBe('ok')
  })

  it('is not shared by clients that share a store, and its row is no connection', async () => {
    const setup = await startSetup()
    await completeConsents(setup, 10)
    expect(
      await errorCodeOf(
        setup
          .client({ clientId: '1000.OTHER' })
          .startAuthorization({ id: 'acme', principal: 'ann' }),
      ),
    ).toBe('ok')
    const rows = await setup.store.list({ limit: 1000 })
    expect(
      rows
        .filter(({ id }) => id.startsWith('\x1f'))
        .map(({ status, principal }) => [status, principal]),
    ).toEqual([['none', undefined]])
    expect(await setup.store.list({ limit: 1000, pending: true })).toEqual([])
  })

  it('R7: starts again if no key can open its row', async () => {
    const setup = await startSetup()
    await completeConsents(setup, 10)
    const options = { encryptionKeys: [Buffer.alloc(32, 9).toString('base64')] }
    const newcomer = { id: 'one-more', principal: 'bob' }
    expect(await errorCodeOf(setup.client(options).startAuthorization(newcomer))).toBe('ok')
    for (const index of times(10, (position) => position)) {
      const ref = { id: `newer-${index}`, principal: 'ann' }
      await (
        await startConsent(setup.options(options), ref)
      ).complete({ code: `1000.newer.${index}` }, ref)
    }
    expect(await errorCodeOf(setup.client(options).startAuthorization(newcomer))).toBe(
      'codes-exhausted',
    )
  })
})

describe('F8: an accounts server that fails while a token is due', () => {
  it('gets at most three requests, and callers are served until the token expires', async () => {
    const setup = await startSetup()
    await connect(setup)
    const calledAt: number[] = []
    setup.script.token = (response, request) => {
      calledAt.push(setup.time.now())
      return respond('', 503)(response, request)
    }
    const first = setup.client(withoutJitter).connection('acme')
    const other = setup.client(withoutJitter).connection('acme')
    const valid = await first.accessToken()
    setup.time.advance(48 * minute)
    const useFor = async (steps: number) => {
      for (const _ of times(steps, () => 0)) {
        setup.time.advance(20 * second)
        expect([await first.accessToken(), await other.accessToken()]).toEqual([valid, valid])
        await pause(20) // Background work takes real time.
      }
    }
    await useFor(29) // Until 2 min 20 s before the token expires: no caller waits yet.
    const earlyCalls = setup.tokenCalls().length
    expect([earlyCalls > 0, earlyCalls <= 3]).toEqual([true, true])
    await useFor(6) // Until 20 s before the token expires: two requests were kept for this time.
    // At most five requests start in ten minutes. The clock advances by at most 20 s between the
    // lease and the request.
    for (const [index, at] of calledAt.slice(5).entries())
      expect(at - calledAt[index]!).toBeGreaterThan(9.5 * minute)
    expect(setup.tokenCalls().length).toBeGreaterThan(earlyCalls)
    expect(
      new Set(
        setup.events.flatMap((event) => (event.type === 'refresh-failed' ? [event.code] : [])),
      ),
    ).toEqual(new Set(['accounts-server-unavailable']))
    // Once the server works again, the first caller after the cool-down gets a new token.
    setup.script.token = tokens()
    setup.time.advance(10 * minute)
    expect(await first.accessToken()).not.toBe(valid)
  })
})

it('T14: serves an expiring token while Zoho throttles, then an error with retryAt', async () => {
  const setup = await startSetup()
  await connect(setup)
  setup.script.token = throttle
  const acme = setup.client().connection('acme')
  const valid = await acme.accessToken()
  setup.time.advance(58 * minute + 30 * second)
  expect([await acme.accessToken(), await acme.accessToken(), setup.tokenCalls().length]).toEqual([
    valid,
    valid,
    1,
  ])
  setup.time.advance(2 * minute)
  const error = await errorOf(acme.accessToken())
  expect([error.code, setup.tokenCalls().length]).toEqual(['throttled', 1])
  expect(Math.abs((error.retryAt ?? 0) - setup.time.now() - 8 * minute)).toBeLessThan(5 * second)
})

it('T14: throttling fails refresh(), but not callers that can use the valid token', async () => {
  const store = faultyStore()
  const setup = await startSetup({ store: store.wrap })
  await connect(setup)
  setup.script.token = throttle
  const acme = setup.client().connection('acme')
  const valid = await acme.accessToken()
  setup.time.advance(58 * minute + 30 * second)
  await acme.accessToken()
  let reads = 0
  let meanwhile: Promise<string> | undefined
  store.before.read = async () => {
    // The first read finds the current token, the second belongs to the refresh.
    if (++reads === 2) meanwhile = acme.accessToken().catch(String)
  }
  expect(await errorCodeOf(acme.refresh())).toBe('throttled')
  expect(await meanwhile).toBe(valid)
  expect(setup.tokenCalls().length).toBe(1)
})

it('F8: a failed refresh just before a token expires delays no caller afterwards', async () => {
  const setup = await startSetup()
  await connect(setup)
  setup.script.token = respond('', 503)
  const acme = setup.client(withoutJitter).connection('acme')
  const valid = await acme.accessToken()
  setup.time.advance(60 * minute - 10 * second)
  expect(await acme.accessToken()).toBe(valid)
  setup.script.token = tokens()
  setup.time.advance(10 * second)
  expect(await acme.accessToken()).not.toBe(valid)
})

it('L5: emits an event for the fifteenth refresh token of a connection', async () => {
  const setup = await startSetup()
  setup.script.token = grant()
  for (const index of times(15, (position) => position))
    await setup
      .client()
      .connection('acme')
      .exchangeSelfClientCode(`1000.code.${index}`, { principal: 'ann' })
  await until(() => setup.events.length >= 16)
  expect(setup.events.filter(({ type }) => type === 'refresh-tokens-piling')).toEqual([
    { type: 'refresh-tokens-piling', refreshTokens: 15, connection: 'acme' },
  ])
})

import { describe, expect, it } from 'vitest'
import type { DataCenter } from '../../src/index.ts'
import { respond } from '../endpoints/server.ts'
import { throttleBodies } from './matrix.ts'
import {
  errorCodeOf,
  connect,
  withoutJitter,
  startSetup,
  minute,
  refusal,
  second,
  tally,
  throttle,
  times,
  tokens,
  until,
} from './setup.ts'

// Tests several responses together. matrix-refresh.slow.test.ts tests each single response.

describe('a refresh', () => {
  it.concurrent(
    'that fails once succeeds with its second request',
    async ({ onTestFinished: finished }) => {
      const setup = await startSetup({ finished })
      await connect(setup)
      setup.time.advance(61 * minute)
      setup.script.token = (response, request) =>
        (setup.tokenCalls().length === 1 ? respond('', 502) : tokens())(response, request)
      expect(await errorCodeOf(setup.client(withoutJitter).connection('acme').accessToken())).toBe(
        'ok',
      )
      expect(setup.server.received.length).toBe(2)
    },
  )

  it.concurrent(
    'L7: with a rotated client secret causes no error',
    async ({ onTestFinished: finished }) => {
      const setup = await startSetup({ finished })
      await connect(setup)
      setup.time.advance(61 * minute)
      setup.script.token = (response, request) =>
        (request.form.get('client_secret') === 'former'
          ? tokens()
          : refusal('invalid_client_secret'))(response, request)
      const acme = setup
        .client({ clientSecret: ['the-client-secret', 'former'] })
        .connection('acme')
      expect(tally(await Promise.all(times(20, () => errorCodeOf(acme.accessToken()))))).toEqual({
        ok: 20,
      })
      expect(setup.tokenCalls().length).toBe(2)
    },
  )
})

describe('T14: throttling', () => {
  it.concurrent.for(Object.entries(throttleBodies))(
    'in %s stops the requests of 1,000 callers in all processes for ten minutes',
    async ([, body], { onTestFinished: finished }) => {
      const setup = await startSetup({ finished })
      await connect(setup)
      setup.time.advance(61 * minute)
      setup.script.token = respond(body, 400)
      const first = setup.client().connection('acme')
      const other = setup.client().connection('acme')
      const askedAt = setup.time.now()
      expect(await errorCodeOf(first.accessToken())).toBe('throttled')
      const throttledAt = setup.time.now()
      setup.script.token = tokens()
      const error: { code?: string; retryAt?: number } = await other.accessToken().then(
        () => ({}),
        (thrown: object) => thrown,
      )
      expect(error.code).toBe('throttled')
      expect(error.retryAt).toBeGreaterThan(askedAt + 10 * minute - second)
      expect(error.retryAt).toBeLessThan(throttledAt + 10 * minute + second)
      expect(
        tally(
          await Promise.all(
            times(1_000, (index) => errorCodeOf((index % 2 ? first : other).accessToken())),
          ),
        ),
      ).toEqual({ throttled: 1_000 })
      expect(setup.tokenCalls().length).toBe(1)
      setup.time.advance(9.5 * minute)
      expect([
        await errorCodeOf(first.accessToken()),
        await errorCodeOf(other.accessToken()),
        setup.tokenCalls().length,
      ]).toEqual(['throttled', 'throttled', 1])
      setup.time.advance(minute / 2)
      expect(
        tally(
          await Promise.all(
            times(1_000, (index) => errorCodeOf((index % 2 ? first : other).accessToken())),
          ),
        ),
      ).toEqual({ ok: 1_000 })
      expect(setup.tokenCalls().length).toBe(2)
    },
  )

  it.concurrent(
    'does not keep a valid token from being served',
    async ({ onTestFinished: finished }) => {
      const setup = await startSetup({ finished })
      await connect(setup)
      setup.script.token = throttle
      const first = setup.client().connection('acme')
      const other = setup.client().connection('acme')
      setup.time.advance(56 * minute)
      expect(await errorCodeOf(first.accessToken())).toBe('ok')
      await until(() => setup.events.some(({ type }) => type === 'refresh-failed'))
      expect(
        tally(
          await Promise.all(
            times(100, (index) => errorCodeOf((index % 2 ? first : other).accessToken())),
          ),
        ),
      ).toEqual({ ok: 100 })
      expect(setup.tokenCalls().length).toBe(1)
    },
  )
})

it.concurrent(
  'T14: makes at most five refreshes in ten minutes',
  async ({ onTestFinished: finished }) => {
    const setup = await startSetup({ finished })
    await connect(setup)
    const acme = setup.client().connection('acme')
    for (const _ of times(5, () => 0)) await acme.refresh()
    const error: { code?: string; retryAt?: number } = await acme.refresh().then(
      () => ({}),
      (thrown: object) => thrown,
    )
    expect(error.code).toBe('refresh-budget-spent')
    expect(Math.abs((error.retryAt ?? 0) - setup.time.now() - 10 * minute)).toBeLessThan(5 * second)
    expect([setup.tokenCalls().length, await errorCodeOf(acme.accessToken())]).toEqual([5, 'ok'])
    setup.time.advance(10 * minute)
    expect(await errorCodeOf(acme.refresh())).toBe('ok')
  },
)

it.concurrent(
  'names a data center that is no longer configured, and releases the lease',
  async ({ onTestFinished: finished }) => {
    const setup = await startSetup({ finished })
    await connect(setup)
    setup.time.advance(61 * minute)
    const other = {
      dataCenter: 'us',
      dataCenters: {
        us: {
          ...setup.options().dataCenters?.['eu'],
          accountsServer: 'https://accounts.zoho.com',
        } as DataCenter,
      },
    }
    expect(await errorCodeOf(setup.client(other).connection('acme').accessToken())).toBe(
      'data-center-unknown',
    )
    expect(await errorCodeOf(setup.client(other).connection('acme').accessToken())).toBe(
      'data-center-unknown',
    )
    expect(setup.server.received.length).toBe(0)
    setup.time.advance(6 * second)
    expect(await errorCodeOf(setup.client().connection('acme').accessToken())).toBe('ok')
  },
)

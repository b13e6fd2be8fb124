import { describe, expect, it } from 'vitest'
import type { RecruitOAuthError } from '../../src/index.ts'
import { respond, json } from '../endpoints/server.ts'
import { faultyStore } from './faulty-store.ts'
import {
  errorCodeOf,
  connect,
  startSetup,
  minute,
  recordOf,
  refusal,
  second,
  throttle,
  times,
  tokens,
} from './setup.ts'

const errorOf = (work: Promise<unknown>): Promise<RecruitOAuthError | undefined> =>
  work.then(
    () => undefined,
    (error: RecruitOAuthError) => error,
  )

/**
 * A connection whose refresh token is unknown to the revocation endpoint, but still accepted by the
 * token endpoint.
 */
const startUnconfirmed = async () => {
  const setup = await startSetup()
  await connect(setup)
  setup.script.revoke = respond('', 400)
  setup.script.token = tokens()
  return { ...setup, acme: setup.client().connection('acme') }
}

describe('revoke()', () => {
  it('G13: called fifteen times makes one check and returns `retryAt`', async () => {
    const { acme, server, time, tokenCalls } = await startUnconfirmed()
    const errors = []
    for (let calls = 0; calls < 15; calls++) errors.push(await errorOf(acme.revoke()))
    expect(errors.map((error) => error?.code)).toEqual(times(15, () => 'revocation-failed'))
    expect(errors.every((error) => (error?.retryAt ?? 0) > time.now())).toBe(true)
    expect([tokenCalls().length, server.received.length]).toEqual([1, 3])
  })

  it('G13: called by many at once makes at most five checks', async () => {
    const setup = await startUnconfirmed()
    const errors = await Promise.all(
      times(15, () => errorOf(setup.client().connection('acme').revoke())),
    )
    expect(new Set(errors.map((error) => error?.code))).toEqual(new Set(['revocation-failed']))
    expect(setup.tokenCalls().length).toBeLessThanOrEqual(5)
    expect((await recordOf(setup)).recentCalls.length).toBeLessThanOrEqual(5)
  })

  it('G13: makes at most five checks in any ten minutes', async () => {
    const { acme, time, tokenCalls } = await startUnconfirmed()
    const checkedAt: number[] = []
    for (let step = 0; step < 240; step++) {
      const before = tokenCalls().length
      await errorOf(acme.revoke())
      if (tokenCalls().length > before) checkedAt.push(time.now())
      time.advance(10 * second)
    }
    expect(checkedAt.length).toBeGreaterThan(10)
    for (const at of checkedAt) {
      expect(
        checkedAt.filter((other) => other > at - 10 * minute && other <= at).length,
      ).toBeLessThanOrEqual(5)
    }
  })

  it('G13: makes no token request during a throttle, and returns its end', async () => {
    const setup = await startUnconfirmed()
    await setup.acme.accessToken()
    setup.script.token = throttle
    await errorCodeOf(setup.acme.refresh())
    const before = setup.tokenCalls().length
    const until = (await recordOf(setup)).coolDown?.until
    setup.script.token = tokens()
    for (let calls = 0; calls < 15; calls++) {
      const error = await errorOf(setup.acme.revoke())
      expect([error?.code, error?.retryAt]).toEqual(['revocation-failed', until])
    }
    expect(setup.tokenCalls().length).toBe(before)
    // Callers are refused from the beginning; Zoho is called once the throttle is over.
    expect(await errorCodeOf(setup.acme.accessToken())).toBe('connection-revoked')
    setup.script.token = refusal('invalid_code')
    setup.time.advance(11 * minute)
    expect(await errorCodeOf(setup.acme.revoke())).toBe('ok')
  })

  it('G13: succeeds at once during a throttle if the revocation endpoint confirms', async () => {
    const setup = await startUnconfirmed()
    setup.script.token = throttle
    await errorCodeOf(setup.acme.refresh())
    setup.script.revoke = json({ status: 'success' })
    expect(await errorCodeOf(setup.acme.revoke())).toBe('ok')
    expect(setup.tokenCalls().length).toBe(1)
  })

  it('costs recovery four store commands, or six if Zoho does not know the token', async () => {
    for (const [revoke, commands] of [
      [json({ status: 'success' }), 4],
      [respond('', 400), 6],
    ] as const) {
      const store = faultyStore()
      const setup = await startSetup({ store: store.wrap })
      await connect(setup)
      setup.script.revoke = respond('', 503)
      await errorCodeOf(setup.client().connection('acme').revoke())
      setup.script.revoke = revoke
      setup.script.token = refusal('invalid_code')
      setup.time.advance(minute)
      const before = store.counts.reads + store.counts.writes
      expect((await setup.client().recover()).failed).toEqual([])
      expect(store.counts.reads + store.counts.writes - before).toBe(commands)
    }
  })

  it('G13: counts its checks together with earlier refreshes', async () => {
    const setup = await startUnconfirmed()
    for (let refreshes = 0; refreshes < 5; refreshes++) await setup.acme.refresh()
    const before = setup.tokenCalls().length
    const error = await errorOf(setup.acme.revoke())
    expect(error?.code).toBe('revocation-failed')
    expect((error?.retryAt ?? 0) - setup.time.now()).toBeGreaterThan(9 * minute)
    expect(setup.tokenCalls().length).toBe(before)
  })
})

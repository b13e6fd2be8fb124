import { describe, expect, it } from 'vitest'
import type { RecruitOAuthError } from '../../src/index.ts'
import { answer, json } from '../endpoints/server.ts'
import { faultyStore } from './faulty-store.ts'
import {
  codeOf,
  connect,
  house,
  minute,
  recordOf,
  refusal,
  second,
  throttle,
  times,
  tokens,
} from './house.ts'

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
  const home = await house()
  await connect(home)
  home.script.revoke = answer('', 400)
  home.script.token = tokens()
  return { ...home, acme: home.client().connection('acme') }
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
    const home = await startUnconfirmed()
    const errors = await Promise.all(
      times(15, () => errorOf(home.client().connection('acme').revoke())),
    )
    expect(new Set(errors.map((error) => error?.code))).toEqual(new Set(['revocation-failed']))
    expect(home.tokenCalls().length).toBeLessThanOrEqual(5)
    expect((await recordOf(home)).budget.length).toBeLessThanOrEqual(5)
  })

  it('G13: makes at most five checks in any ten minutes', async () => {
    const { acme, time, tokenCalls } = await startUnconfirmed()
    const checkedAt: number[] = []
    for (let step = 0; step < 240; step++) {
      const before = tokenCalls().length
      await errorOf(acme.revoke())
      if (tokenCalls().length > before) checkedAt.push(time.now())
      time.push(10 * second)
    }
    expect(checkedAt.length).toBeGreaterThan(10)
    for (const at of checkedAt) {
      expect(
        checkedAt.filter((other) => other > at - 10 * minute && other <= at).length,
      ).toBeLessThanOrEqual(5)
    }
  })

  it('G13: makes no token request during a throttle, and returns its end', async () => {
    const home = await startUnconfirmed()
    await home.acme.accessToken()
    home.script.token = throttle
    await codeOf(home.acme.refresh())
    const before = home.tokenCalls().length
    const until = (await recordOf(home)).coolDown?.until
    home.script.token = tokens()
    for (let calls = 0; calls < 15; calls++) {
      const error = await errorOf(home.acme.revoke())
      expect([error?.code, error?.retryAt]).toEqual(['revocation-failed', until])
    }
    expect(home.tokenCalls().length).toBe(before)
    // Callers are refused from the beginning; Zoho is called once the throttle is over.
    expect(await codeOf(home.acme.accessToken())).toBe('connection-revoked')
    home.script.token = refusal('invalid_code')
    home.time.push(11 * minute)
    expect(await codeOf(home.acme.revoke())).toBe('ok')
  })

  it('G13: succeeds at once during a throttle if the revocation endpoint confirms', async () => {
    const home = await startUnconfirmed()
    home.script.token = throttle
    await codeOf(home.acme.refresh())
    home.script.revoke = json({ status: 'success' })
    expect(await codeOf(home.acme.revoke())).toBe('ok')
    expect(home.tokenCalls().length).toBe(1)
  })

  it('costs recovery four store commands, or six if Zoho does not know the token', async () => {
    for (const [revoke, commands] of [
      [json({ status: 'success' }), 4],
      [answer('', 400), 6],
    ] as const) {
      const store = faultyStore()
      const home = await house({ store: store.wrap })
      await connect(home)
      home.script.revoke = answer('', 503)
      await codeOf(home.client().connection('acme').revoke())
      home.script.revoke = revoke
      home.script.token = refusal('invalid_code')
      home.time.push(minute)
      const before = store.counts.reads + store.counts.writes
      expect((await home.client().recover()).failed).toEqual([])
      expect(store.counts.reads + store.counts.writes - before).toBe(commands)
    }
  })

  it('G13: counts its checks together with earlier refreshes', async () => {
    const home = await startUnconfirmed()
    for (let refreshes = 0; refreshes < 5; refreshes++) await home.acme.refresh()
    const before = home.tokenCalls().length
    const error = await errorOf(home.acme.revoke())
    expect(error?.code).toBe('revocation-failed')
    expect((error?.retryAt ?? 0) - home.time.now()).toBeGreaterThan(9 * minute)
    expect(home.tokenCalls().length).toBe(before)
  })
})

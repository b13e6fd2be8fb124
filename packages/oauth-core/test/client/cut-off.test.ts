import { describe, expect, it } from 'vitest'
import type { RecruitOAuth } from '../../src/index.ts'
import { respond } from '../endpoints/server.ts'
import { faultyStore } from './faulty-store.ts'
import {
  errorCodeOf,
  connect,
  startSetup,
  minute,
  second,
  times,
  until,
  type Setup,
} from './setup.ts'

const startCached = async (serveWithoutStoreMs?: number) => {
  const store = faultyStore()
  const setup = await startSetup({ store: store.wrap })
  await connect(setup)
  const oauth = setup.client(serveWithoutStoreMs === undefined ? {} : { serveWithoutStoreMs })
  await oauth.connection('acme').accessToken()
  return { ...setup, ...store, oauth }
}

/** The outcome of each way to use the connection: `ok`, or the code of the error. */
const outcomesOfUse = (oauth: RecruitOAuth): Promise<string[]> => {
  const acme = oauth.connection('acme')
  const guarded = async (): Promise<string> => {
    const outcome = await oauth.requireConnection(new Request('https://app.example.com/x'))
    return outcome instanceof Response ? ((await outcome.json()) as { code: string }).code : 'ok'
  }
  return Promise.all([errorCodeOf(acme.accessToken()), errorCodeOf(acme.fetch('org')), guarded()])
}

const allServed = times(3, () => 'ok')
const allRefused = times(3, () => 'store-unavailable')

/** Uses the connection every 10 s until `ms` have passed. */
const useFor = async (
  { time, oauth }: Pick<Setup, 'time'> & { oauth: RecruitOAuth },
  ms: number,
) => {
  const outcomes: string[][] = []
  for (let passed = 0; passed < ms; passed += 10 * second) {
    time.advance(10 * second)
    outcomes.push(await outcomesOfUse(oauth))
  }
  return outcomes
}

describe('G8: a process that is cut off from its store', () => {
  it.each([
    ['5 minutes by default', undefined, 5 * minute],
    ['30 seconds', 30 * second, 30 * second],
    ['12 minutes', 12 * minute, 12 * minute],
  ])('stops serving after %s, even if it is used all the time', async (_, option, limit) => {
    const setup = await startCached(option)
    setup.faults.read = setup.faults.write = 'down'
    for (const seen of await useFor(setup, limit - 10 * second)) expect(seen).toEqual(allServed)
    for (const seen of await useFor(setup, minute)) expect(seen).toEqual(allRefused)
    expect(setup.tokenCalls()).toEqual([])
    setup.faults.read = setup.faults.write = undefined
    expect(await outcomesOfUse(setup.oauth)).toEqual(allServed)
  })

  it('stops serving as well if the store hangs instead of failing', async () => {
    const setup = await startCached()
    setup.faults.read = setup.faults.write = 'hangs'
    setup.time.advance(4 * minute)
    expect(await outcomesOfUse(setup.oauth)).toEqual(allServed)
    setup.time.advance(minute)
    expect(await outcomesOfUse(setup.oauth)).toEqual(allRefused)
  })

  it('serves for the full time again after one response of the store', async () => {
    const setup = await startCached()
    for (const _ of times(3, () => 0)) {
      setup.faults.read = setup.faults.write = 'down'
      for (const seen of await useFor(setup, 4 * minute)) expect(seen).toEqual(allServed)
      setup.faults.read = setup.faults.write = undefined
      setup.time.advance(31 * second)
      expect(await outcomesOfUse(setup.oauth)).toEqual(allServed)
    }
  })

  it('counts from the last stored record, not from a token that was not stored', async () => {
    const setup = await startCached()
    setup.time.advance(61 * minute)
    const reply = setup.script.token
    setup.script.token = (response, request) => {
      setup.faults.read = setup.faults.write = 'down'
      return reply(response, request)
    }
    expect(await outcomesOfUse(setup.oauth)).toEqual(allServed)
    for (const seen of await useFor(setup, 5 * minute - 20 * second))
      expect(seen).toEqual(allServed)
    setup.time.advance(20 * second)
    expect(await outcomesOfUse(setup.oauth)).toEqual(allRefused)
  })

  it('does not see a revocation, but stops serving after the limit', async () => {
    const setup = await startCached()
    setup.faults.read = setup.faults.write = 'down'
    await setup.client({ store: setup.inner() }).connection('acme').revoke()
    for (const seen of await useFor(setup, 5 * minute - 10 * second))
      expect(seen).toEqual(allServed)
    for (const seen of await useFor(setup, minute)) expect(seen).toEqual(allRefused)
    setup.faults.read = setup.faults.write = undefined
    expect(new Set(await outcomesOfUse(setup.oauth))).toEqual(new Set(['connection-revoked']))
  })

  it('serves an unexpired token until it expires, even when it is stale', async () => {
    const setup = await startCached()
    const acme = setup.oauth.connection('acme')
    setup.script.token = respond('', 503)
    setup.time.advance(57 * minute)
    const valid = await acme.accessToken() // Reads again, and its early refresh fails.
    await until(() => setup.events.some(({ type }) => type === 'refresh-failed'))
    setup.faults.read = setup.faults.write = 'down'
    setup.time.advance(2.5 * minute)
    expect([await acme.accessToken(), await outcomesOfUse(setup.oauth)]).toEqual([valid, allServed])
    setup.time.advance(31 * second)
    expect((await outcomesOfUse(setup.oauth)).slice(0, 2)).toEqual(allRefused.slice(0, 2))
  })
})

import { describe, expect, it } from 'vitest'
import type { RecruitOAuth } from '../../src/index.ts'
import { answer } from '../endpoints/server.ts'
import { faultyStore } from './faulty-store.ts'
import { codeOf, connect, house, minute, second, times, until, type House } from './house.ts'

const startCached = async (serveWithoutStoreMs?: number) => {
  const store = faultyStore()
  const home = await house({ store: store.wrap })
  await connect(home)
  const oauth = home.client(serveWithoutStoreMs === undefined ? {} : { serveWithoutStoreMs })
  await oauth.connection('acme').accessToken()
  return { ...home, ...store, oauth }
}

/** The outcome of each way to use the connection: `ok`, or the code of the error. */
const outcomesOfUse = (oauth: RecruitOAuth): Promise<string[]> => {
  const acme = oauth.connection('acme')
  const guarded = async (): Promise<string> => {
    const outcome = await oauth.requireConnection(new Request('https://app.example.com/x'))
    return outcome instanceof Response ? ((await outcome.json()) as { code: string }).code : 'ok'
  }
  return Promise.all([codeOf(acme.accessToken()), codeOf(acme.fetch('org')), guarded()])
}

const allServed = times(3, () => 'ok')
const allRefused = times(3, () => 'store-unavailable')

/** Uses the connection every 10 s until `ms` have passed. */
const useFor = async (
  { time, oauth }: Pick<House, 'time'> & { oauth: RecruitOAuth },
  ms: number,
) => {
  const seen: string[][] = []
  for (let passed = 0; passed < ms; passed += 10 * second) {
    time.push(10 * second)
    seen.push(await outcomesOfUse(oauth))
  }
  return seen
}

describe('G8: a process that is cut off from its store', () => {
  it.each([
    ['5 minutes by default', undefined, 5 * minute],
    ['30 seconds', 30 * second, 30 * second],
    ['12 minutes', 12 * minute, 12 * minute],
  ])('stops serving after %s, even if it is used all the time', async (_, option, limit) => {
    const home = await startCached(option)
    home.faults.read = home.faults.write = 'down'
    for (const seen of await useFor(home, limit - 10 * second)) expect(seen).toEqual(allServed)
    for (const seen of await useFor(home, minute)) expect(seen).toEqual(allRefused)
    expect(home.tokenCalls()).toEqual([])
    home.faults.read = home.faults.write = undefined
    expect(await outcomesOfUse(home.oauth)).toEqual(allServed)
  })

  it('stops serving as well if the store hangs instead of failing', async () => {
    const home = await startCached()
    home.faults.read = home.faults.write = 'hangs'
    home.time.push(4 * minute)
    expect(await outcomesOfUse(home.oauth)).toEqual(allServed)
    home.time.push(minute)
    expect(await outcomesOfUse(home.oauth)).toEqual(allRefused)
  })

  it('serves for the full time again after one answer of the store', async () => {
    const home = await startCached()
    for (const _ of times(3, () => 0)) {
      home.faults.read = home.faults.write = 'down'
      for (const seen of await useFor(home, 4 * minute)) expect(seen).toEqual(allServed)
      home.faults.read = home.faults.write = undefined
      home.time.push(31 * second)
      expect(await outcomesOfUse(home.oauth)).toEqual(allServed)
    }
  })

  it('counts from the last stored record, not from a token that was not stored', async () => {
    const home = await startCached()
    home.time.push(61 * minute)
    const reply = home.script.token
    home.script.token = (response, request) => {
      home.faults.read = home.faults.write = 'down'
      return reply(response, request)
    }
    expect(await outcomesOfUse(home.oauth)).toEqual(allServed)
    for (const seen of await useFor(home, 5 * minute - 20 * second)) expect(seen).toEqual(allServed)
    home.time.push(20 * second)
    expect(await outcomesOfUse(home.oauth)).toEqual(allRefused)
  })

  it('does not see a revocation, but stops serving after the limit', async () => {
    const home = await startCached()
    home.faults.read = home.faults.write = 'down'
    await home.client({ store: home.inner() }).connection('acme').revoke()
    for (const seen of await useFor(home, 5 * minute - 10 * second)) expect(seen).toEqual(allServed)
    for (const seen of await useFor(home, minute)) expect(seen).toEqual(allRefused)
    home.faults.read = home.faults.write = undefined
    expect(new Set(await outcomesOfUse(home.oauth))).toEqual(new Set(['connection-revoked']))
  })

  it('serves an unexpired token until it expires, even when it is stale', async () => {
    const home = await startCached()
    const acme = home.oauth.connection('acme')
    home.script.token = answer('', 503)
    home.time.push(57 * minute)
    const valid = await acme.accessToken() // Reads again, and its early refresh fails.
    await until(() => home.events.some(({ type }) => type === 'refresh-failed'))
    home.faults.read = home.faults.write = 'down'
    home.time.push(2.5 * minute)
    expect([await acme.accessToken(), await outcomesOfUse(home.oauth)]).toEqual([valid, allServed])
    home.time.push(31 * second)
    expect((await outcomesOfUse(home.oauth)).slice(0, 2)).toEqual(allRefused.slice(0, 2))
  })
})

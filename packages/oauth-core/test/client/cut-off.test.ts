import { describe, expect, it } from 'vitest'
import type { RecruitOAuth } from '../../src/index.ts'
import { answer } from '../endpoints/server.ts'
import { faultyStore } from './faulty-store.ts'
import { codeOf, connect, house, minute, second, times, until, type House } from './house.ts'

const cutOff = async (serveWithoutStoreMs?: number) => {
  const store = faultyStore()
  const home = await house({ store: store.wrap })
  await connect(home)
  const oauth = home.client(serveWithoutStoreMs === undefined ? {} : { serveWithoutStoreMs })
  await oauth.connection('acme').accessToken()
  return { ...home, ...store, oauth }
}

/** What each way of using the connection gives: `ok`, or the code of the error. */
const uses = (oauth: RecruitOAuth): Promise<string[]> => {
  const acme = oauth.connection('acme')
  const guarded = async (): Promise<string> => {
    const outcome = await oauth.requireConnection(new Request('https://app.example.com/x'))
    return outcome instanceof Response ? ((await outcome.json()) as { code: string }).code : 'ok'
  }
  return Promise.all([codeOf(acme.accessToken()), codeOf(acme.fetch('org')), guarded()])
}

const served = times(3, () => 'ok')
const refused = times(3, () => 'store-unavailable')

/** Uses the connection every ten seconds for so long. */
const useFor = async (
  { time, oauth }: Pick<House, 'time'> & { oauth: RecruitOAuth },
  ms: number,
) => {
  const seen: string[][] = []
  for (let passed = 0; passed < ms; passed += 10 * second) {
    time.push(10 * second)
    seen.push(await uses(oauth))
  }
  return seen
}

describe('G8: a process that is cut off from its store', () => {
  it.each([
    ['5 minutes by default', undefined, 5 * minute],
    ['30 seconds', 30 * second, 30 * second],
    ['12 minutes', 12 * minute, 12 * minute],
  ])('stops serving after %s, however often it is asked', async (_, option, limit) => {
    const home = await cutOff(option)
    home.faults.read = home.faults.write = 'down'
    for (const seen of await useFor(home, limit - 10 * second)) expect(seen).toEqual(served)
    for (const seen of await useFor(home, minute)) expect(seen).toEqual(refused)
    expect(home.tokenCalls()).toEqual([])
    home.faults.read = home.faults.write = undefined
    expect(await uses(home.oauth)).toEqual(served)
  })

  it('stops serving as well where the store hangs instead of failing', async () => {
    const home = await cutOff()
    home.faults.read = home.faults.write = 'hangs'
    home.time.push(4 * minute)
    expect(await uses(home.oauth)).toEqual(served)
    home.time.push(minute)
    expect(await uses(home.oauth)).toEqual(refused)
  })

  it('serves again for the full time after one answer of the store', async () => {
    const home = await cutOff()
    for (const _ of times(3, () => 0)) {
      home.faults.read = home.faults.write = 'down'
      for (const seen of await useFor(home, 4 * minute)) expect(seen).toEqual(served)
      home.faults.read = home.faults.write = undefined
      home.time.push(31 * second)
      expect(await uses(home.oauth)).toEqual(served)
    }
  })

  it('counts from the last record that was read or written, not from a token that was not stored', async () => {
    const home = await cutOff()
    home.time.push(61 * minute)
    const reply = home.script.token
    home.script.token = (response, request) => {
      home.faults.read = home.faults.write = 'down'
      return reply(response, request)
    }
    expect(await uses(home.oauth)).toEqual(served)
    for (const seen of await useFor(home, 5 * minute - 20 * second)) expect(seen).toEqual(served)
    home.time.push(20 * second)
    expect(await uses(home.oauth)).toEqual(refused)
  })

  it('does not learn of a revocation, and serves no longer than that', async () => {
    const home = await cutOff()
    home.faults.read = home.faults.write = 'down'
    await home.client({ store: home.inner() }).connection('acme').revoke()
    for (const seen of await useFor(home, 5 * minute - 10 * second)) expect(seen).toEqual(served)
    for (const seen of await useFor(home, minute)) expect(seen).toEqual(refused)
    home.faults.read = home.faults.write = undefined
    expect(new Set(await uses(home.oauth))).toEqual(new Set(['connection-revoked']))
  })

  it('serves an unexpired token to its last second within that time, also when it is stale', async () => {
    const home = await cutOff()
    const acme = home.oauth.connection('acme')
    home.script.token = answer('', 503)
    home.time.push(57 * minute)
    const valid = await acme.accessToken() // Read again, and refreshed ahead in vain.
    await until(() => home.events.some(({ type }) => type === 'refresh-failed'))
    home.faults.read = home.faults.write = 'down'
    home.time.push(2.5 * minute)
    expect([await acme.accessToken(), await uses(home.oauth)]).toEqual([valid, served])
    home.time.push(31 * second)
    expect((await uses(home.oauth)).slice(0, 2)).toEqual(refused.slice(0, 2))
  })
})

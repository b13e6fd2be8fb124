import { expect, it } from 'vitest'
import { startConnected } from './faulty-store.ts'
import { errorCodeOf, minute, pause, second, times, tokens, until } from './setup.ts'

it.concurrent(
  'a store that is read-only for long fails no caller, and gets the token later',
  async (context) => {
    const { acme, client, faults, time, tokenCalls, script } = await startConnected(context)
    time.advance(61 * minute)
    script.token = (response, request) => {
      faults.write = 'down'
      return tokens()(response, request)
    }
    const token = await acme.accessToken()
    for (const _ of times(6, () => 0)) {
      time.advance(20 * second)
      expect(await acme.accessToken()).toBe(token)
      await pause(20)
    }
    faults.write = undefined
    time.advance(31 * second)
    expect(await acme.accessToken()).toBe(token)
    expect([await client().connection('acme').accessToken(), tokenCalls().length]).toEqual([
      token,
      1,
    ])
  },
)

it.concurrent('a revocation is noticed while the writes of this process fail', async (context) => {
  const { acme, client, faults, time, script, inner } = await startConnected(context)
  time.advance(61 * minute)
  script.token = (response, request) => {
    faults.write = 'down'
    return tokens()(response, request)
  }
  await acme.accessToken()
  await client({ store: inner() }).connection('acme').revoke() // In a process whose writes succeed.
  time.advance(31 * second)
  expect(await errorCodeOf(acme.accessToken())).toBe('connection-revoked')
})

it.concurrent('a store that is down gets few reads while a token is due', async (context) => {
  const { client, token, counts, faults, time, events } = await startConnected(context)
  const acme = client({ serveWithoutStoreMs: 60 * minute }).connection('acme')
  await acme.accessToken()
  time.advance(51 * minute)
  faults.read = 'down'
  counts.reads = 0
  for (const _ of times(200, () => 0)) {
    expect(await acme.accessToken()).toBe(token)
    await pause(0)
  }
  expect(counts.reads).toBeLessThan(4)
  expect(events.filter(({ type }) => type === 'store-failed').length).toBeLessThan(4)
  faults.read = undefined
  time.advance(6 * minute)
  await until(async () => (await acme.accessToken()) !== token)
})

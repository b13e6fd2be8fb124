import { describe, expect, it } from 'vitest'
import { startConnected } from './faulty-store.ts'
import { errorCodeOf, minute, pause, second, tally, times, tokens, until } from './setup.ts'

const timed = async (work: Promise<unknown>): Promise<[string, number]> => {
  const startedAt = performance.now()
  return [await errorCodeOf(work), performance.now() - startedAt]
}

// The store's time limit is one second: less than that means that nobody waited for the store.
describe('a store whose fault', () => {
  it.concurrent.for([
    ['down', 900],
    ['hangs', 5_000],
  ] as const)(
    'is "%s" does not keep a valid token from being served',
    { retry: 2 },
    async ([fault, atMostMs], context) => {
      const { acme, token, faults, time, events } = await startConnected(context)
      faults.read = faults.write = fault
      for (const idle of [5 * second, 20 * second, 40 * second]) {
        time.advance(idle)
        const startedAt = performance.now()
        expect(await acme.accessToken()).toBe(token)
        expect(performance.now() - startedAt).toBeLessThan(atMostMs)
      }
      await until(() => events.some(({ type }) => type === 'store-failed'))
    },
  )

  it.concurrent.for([
    ['down', 900],
    ['hangs', 5_000],
  ] as const)('is "%s" allows no refresh', { retry: 2 }, async ([fault, atMostMs], context) => {
    const { acme, faults, time, tokenCalls } = await startConnected(context)
    faults.read = faults.write = fault
    time.advance(61 * minute)
    const all = await Promise.all(times(20, () => timed(acme.accessToken())))
    expect(tally(all.map(([code]) => code))).toEqual({ 'store-unavailable': 20 })
    expect(Math.max(...all.map(([, ms]) => ms))).toBeLessThan(atMostMs)
    expect(tokenCalls().length).toBe(0)
    faults.read = faults.write = undefined
    expect([await errorCodeOf(acme.accessToken()), tokenCalls().length]).toEqual(['ok', 1])
  })

  it.concurrent.for(['down', 'hangs'] as const)(
    'for writes is "%s" allows no refresh',
    { retry: 2 },
    async (fault, context) => {
      const { acme, faults, time, tokenCalls } = await startConnected(context)
      faults.write = fault
      time.advance(61 * minute)
      const [code, ms] = await timed(acme.accessToken())
      expect([code, tokenCalls().length]).toEqual(['store-unavailable', 0])
      expect(ms).toBeLessThan(5_000)
    },
  )
})

it.concurrent('M11: reports a store that is down at most once in 30 s', async (context) => {
  const { acme, faults, time, events } = await startConnected(context)
  const reportCount = () => events.filter(({ type }) => type === 'store-failed').length
  faults.read = faults.write = 'down'
  for (let waitedMs = 0; waitedMs < 2 * minute; waitedMs += 5 * second) {
    time.advance(5 * second)
    await acme.accessToken()
    await pause(1)
  }
  expect(reportCount()).toBeGreaterThan(0)
  expect(reportCount()).toBeLessThanOrEqual(4)
})

it.concurrent(
  'M14: recognizes its own write after the connection to the store broke',
  async (context) => {
    const { acme, faults, before, time, tokenCalls, counts } = await startConnected(context)
    time.advance(61 * minute)
    before.write = async () => {
      delete before.write
      faults.write = 'lost'
      faults.read = 'down'
      setTimeout(() => (faults.write = faults.read = undefined), 150)
    }
    counts.writes = 0
    expect(await errorCodeOf(acme.accessToken())).toBe('ok')
    expect([tokenCalls().length, counts.writes]).toEqual([1, 2]) // The lease, then the token.
  },
)

it.concurrent('recognizes its own write after its acknowledgement was lost', async (context) => {
  const { acme, client, faults, time, tokenCalls, counts } = await startConnected(context)
  time.advance(61 * minute)
  faults.write = 'lost'
  counts.writes = 0
  const fresh = await acme.accessToken()
  faults.write = undefined
  expect(await client().connection('acme').accessToken()).toBe(fresh)
  expect([tokenCalls().length, counts.writes]).toEqual([1, 2]) // The lease, then the token.
})

describe('a write that fails after the refresh', () => {
  it.concurrent('causes no error for callers, and is made later', async (context) => {
    const { acme, client, faults, time, tokenCalls, events, script } = await startConnected(context)
    time.advance(61 * minute)
    script.token = (response, request) => {
      faults.write = 'down'
      return tokens()(response, request)
    }
    const all = await Promise.all(times(20, () => acme.accessToken()))
    expect([new Set(all).size, tokenCalls().length]).toEqual([1, 1])
    expect(events.filter(({ type }) => type === 'save-failed').length).toBe(1)
    expect(await acme.accessToken()).toBe(all[0])
    faults.write = undefined
    await until(() => events.some(({ type }) => type === 'refreshed'))
    expect([await client().connection('acme').accessToken(), tokenCalls().length]).toEqual([
      all[0],
      1,
    ])
  })

  it.concurrent('continues in the background of the call that started it', async (context) => {
    const { client, faults, time, script } = await startConnected(context)
    time.advance(61 * minute)
    const backgroundWork: Promise<unknown>[] = []
    script.token = (response, request) => {
      faults.write = 'down'
      return tokens()(response, request)
    }
    await client()
      .connection('acme', { waitUntil: (work) => void backgroundWork.push(work) })
      .accessToken()
    const workCount = backgroundWork.length
    expect(workCount).toBe(2) // The refresh, and the later write.
    faults.write = undefined
    await Promise.all(backgroundWork)
    expect((await client().connection('acme').status()).accessToken?.freshness).toBe('fresh')
  })
})

it.concurrent('refuses a row that it cannot read, without a request to Zoho', async (context) => {
  const { client, store, server } = await startConnected(context)
  const { record } = await store.read('acme')
  await store.write('acme', { ...record!, dataCenter: 'us' }, record!.revision)
  const acme = client().connection('acme')
  expect(
    tally(
      await Promise.all(
        [acme.accessToken(), acme.fetch('org'), acme.revoke(), acme.status()].map(errorCodeOf),
      ),
    ),
  ).toEqual({ 'record-unreadable': 4 })
  expect(server.received).toEqual([])
})

it.concurrent('does not quote the error of the store', async (context) => {
  const { client, faults } = await startConnected(context)
  faults.read = 'down'
  const error = await client()
    .connection('acme')
    .accessToken()
    .then(
      () => undefined,
      (thrown: Error) => thrown,
    )
  expect(`${error?.message} ${error?.stack} ${String(error?.cause)}`).not.toMatch(
    /postgres|password|ECONNREFUSED/,
  )
})

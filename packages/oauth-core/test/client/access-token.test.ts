import { describe, expect, it } from 'vitest'
import { faultyStore } from './faulty-store.ts'
import {
  errorCodeOf,
  connect,
  startSetup,
  minute,
  pause,
  second,
  times,
  tokens,
  type Setup,
} from './setup.ts'

const startConnected = async (fields?: Record<string, unknown>) => {
  const store = faultyStore()
  const setup = await startSetup({ store: store.wrap })
  await connect(setup, fields)
  store.counts.reads = store.counts.writes = 0
  return { ...setup, counts: store.counts }
}

describe('a fresh access token', () => {
  it('costs a new process one read of the store and no request', async () => {
    const { client, counts, server } = await startConnected()
    const acme = client().connection('acme')
    const first = await acme.accessToken()
    expect([counts, server.received.length]).toEqual([{ reads: 1, writes: 0 }, 0])
    for (const _ of times(100, () => 0)) expect(await acme.accessToken()).toBe(first)
    expect(counts).toEqual({ reads: 1, writes: 0 })
  })

  it('costs no read for 15 s, and then one read in the background', async () => {
    const { client, counts, server, time } = await startConnected()
    const acme = client().connection('acme')
    await acme.accessToken()
    time.advance(14 * second)
    await acme.accessToken()
    expect(counts.reads).toBe(1)
    time.advance(2 * second)
    await Promise.all(times(50, () => acme.accessToken()))
    await pause(10)
    expect([counts, server.received.length]).toEqual([{ reads: 2, writes: 0 }, 0])
  })

  it('is read once for all concurrent callers of a new process', async () => {
    const { client, counts } = await startConnected()
    const acme = client().connection('acme')
    expect(new Set(await Promise.all(times(200, () => acme.accessToken()))).size).toBe(1)
    expect(counts).toEqual({ reads: 1, writes: 0 })
  })
})

describe('a stale access token', () => {
  it('costs 200 callers of one process one request', async () => {
    const { client, tokenCalls, time } = await startConnected()
    const acme = client().connection('acme')
    const old = await acme.accessToken()
    time.advance(59 * minute)
    const all = await Promise.all(times(200, () => acme.accessToken()))
    expect([new Set(all).size, tokenCalls().length]).toEqual([1, 1])
    expect(all[0]).not.toBe(old)
  })

  it('costs 100 callers in each of two processes one request', async () => {
    const { client, tokenCalls, time } = await startConnected()
    const processes = [client(), client()]
    time.advance(2 * 60 * minute)
    const all = await Promise.all(
      times(200, (index) =>
        (processes[index % 2] as (typeof processes)[0]).connection('acme').accessToken(),
      ),
    )
    expect([new Set(all).size, tokenCalls().length]).toEqual([1, 1])
  })
})

it('a refresh keeps the refresh token, and stores a new one if Zoho sends one', async () => {
  const { client, tokenCalls, script } = await startConnected()
  const acme = client().connection('acme')
  for (const refresh_token of [undefined, `1000.${'r'.repeat(32)}`, undefined]) {
    script.token = tokens({ refresh_token })
    await acme.refresh()
  }
  const sent = tokenCalls().map(({ form }) => form.get('refresh_token'))
  expect([sent[0] === sent[1], sent[2]]).toEqual([true, `1000.${'r'.repeat(32)}`])
})

it('a token that is due for refresh is served at once and refreshed in background', async () => {
  const { client, tokenCalls, time, script } = await startConnected()
  let respondNow = () => {}
  const held = new Promise<void>((resolve) => (respondNow = resolve))
  script.token = async (response, request) => {
    await held
    await tokens()(response, request)
  }
  const acme = client().connection('acme')
  const old = await acme.accessToken()
  time.advance(57 * minute)
  const all = await Promise.all(times(50, () => acme.accessToken()))
  expect(new Set(all)).toEqual(new Set([old]))
  respondNow()
  await expect.poll(() => acme.accessToken()).not.toBe(old)
  expect(tokenCalls().length).toBe(1)
})

describe('a connection that another process revoked', () => {
  const createRevokedElsewhere = async (): Promise<
    Setup & { acme: ReturnType<ReturnType<Setup['client']>['connection']> }
  > => {
    const setup = await startConnected()
    const acme = setup.client().connection('acme')
    await acme.accessToken()
    await setup.client().connection('acme').revoke()
    return { ...setup, acme }
  }

  it('is noticed within 30 s while the process uses it', async () => {
    const { acme, time } = await createRevokedElsewhere()
    const seen: string[] = []
    for (const _ of times(8, () => 0)) {
      seen.push(await errorCodeOf(acme.accessToken()))
      // The background read has to end before time advances.
      await pause(50)
      time.advance(5 * second)
    }
    expect(seen.lastIndexOf('ok')).toBeLessThan(6)
    expect(seen.at(-1)).toBe('connection-revoked')
  })

  it('is noticed by the first call after a long idle time', async () => {
    const { acme, time } = await createRevokedElsewhere()
    time.advance(31 * second)
    expect(await errorCodeOf(acme.accessToken())).toBe('connection-revoked')
  })
})

it('does not serve a token after revoke(), even if an older read answers later', async () => {
  const store = faultyStore()
  let respondNow = () => {}
  const setup = await startSetup({
    store: (inner) => {
      const wrapped = store.wrap(inner)
      return {
        ...wrapped,
        async read(id) {
          const response = await wrapped.read(id)
          await responseDelay
          return response
        },
      }
    },
  })
  let responseDelay: Promise<void> | undefined
  await connect(setup)
  const acme = setup.client().connection('acme')
  await acme.accessToken()
  setup.time.advance(16 * second)
  responseDelay = new Promise((resolve) => (respondNow = resolve))
  await acme.accessToken() // Starts a background read, whose response comes late.
  await pause(5)
  responseDelay = undefined
  await acme.revoke()
  respondNow()
  await pause(20)
  expect(await errorCodeOf(acme.accessToken())).toBe('connection-revoked')
})

it('each connection has an access token of its own', async () => {
  const setup = await startConnected()
  await connect(setup, {}, 'globex')
  const zoho = setup.client()
  const [acme, globex] = await Promise.all([
    zoho.connection('acme').accessToken(),
    zoho.connection('globex').accessToken(),
  ])
  expect(acme).not.toBe(globex)
  expect(await errorCodeOf(zoho.connection('Acme').accessToken())).toBe('not-connected')
})

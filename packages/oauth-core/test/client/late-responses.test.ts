import { describe, expect, it } from 'vitest'
import type { Connection } from '../../src/index.ts'
import { json, type Reply } from '../endpoints/server.ts'
import {
  apiOk,
  errorCodeOf,
  connect,
  grant,
  startSetup,
  minute,
  refusal,
  second,
  times,
  type Setup,
} from './setup.ts'
import { createSignal, gatedStore } from './gated-store.ts'

const startCached = async () => {
  const store = gatedStore()
  const setup = await startSetup({ store: store.wrap })
  await connect(setup)
  const oauth = setup.client()
  const acme = oauth.connection('acme')
  await acme.accessToken()
  return { ...setup, ...store, oauth, acme }
}

type CachedSetup = Awaited<ReturnType<typeof startCached>>

const unauthorized: Reply = json({ code: 'INVALID_TOKEN', message: 'x', status: 'error' }, 401)

const refuseToken =
  (token: string): Reply =>
  (response, request) =>
    (request.headers.authorization?.endsWith(token) ? unauthorized : apiOk)(response, request)

/** Operations that can be under way when a connection ends. */
const operations: Record<string, (setup: CachedSetup) => Promise<unknown>> = {
  'a refresh of a stale token': (setup) => {
    setup.time.advance(58.5 * minute)
    return setup.acme.accessToken()
  },
  'an early refresh': async (setup) => {
    setup.time.advance(55 * minute)
    const old = await setup.acme.accessToken()
    while ((await setup.oauth.connection('acme').accessToken()) === old) await nextTurn()
  },
  'a read in the background': async (setup) => {
    setup.time.advance(16 * second)
    return setup.acme.accessToken()
  },
  'a read that the caller waits for': (setup) => {
    setup.time.advance(31 * second)
    return setup.acme.accessToken()
  },
  'refresh()': (setup) => setup.acme.refresh(),
  'status()': (setup) => setup.acme.status(),
  'connections()': (setup) => setup.oauth.connections(),
  'the guard': (setup) => {
    setup.time.advance(31 * second)
    return setup.oauth.requireConnection(new Request('https://app.example.com/x'))
  },
  'a call that is refused': async (setup) => {
    setup.script.api = refuseToken(await setup.acme.accessToken())
    return setup.acme.fetch('Candidates')
  },
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const isServed = async (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    (response) => !(response instanceof Response) || response.status === 200,
    () => false,
  )

/** Calls everything that could serve a token, and returns whether each served it. */
const callAll = ({
  oauth,
  acme,
}: {
  oauth: CachedSetup['oauth']
  acme: Connection
}): Promise<boolean[]> =>
  Promise.all(
    [
      acme.accessToken(),
      acme.fetch('Candidates'),
      oauth.requireConnection(new Request('https://app.example.com/x')),
      oauth.connection('acme').accessToken(),
      acme.refresh(),
    ].map(isServed),
  )

const noneServed = times(5, () => false)

const countApiCalls = ({ server }: Setup) =>
  server.received.filter(({ url }) => url.startsWith('/recruit')).length

const waysToEnd: Record<string, (setup: CachedSetup) => Promise<void>> = {
  'revoke()': ({ acme }) => acme.revoke(),
  'forget()': ({ acme }) => acme.forget(),
}

describe.each(Object.keys(waysToEnd))('G15: after %s resolved, no caller is served', (end) => {
  const cases = Object.keys(operations).flatMap((name) =>
    (['before it is applied', 'after it was applied'] as const).map(
      (when) => [name, when] as const,
    ),
  )
  it.each(cases)('because of %s whose store command is delayed, %s', async (name, when) => {
    let heldCommands = 0
    for (let skip = 0; ; skip++) {
      const setup = await startCached()
      const gate = setup.hold(skip, when)
      const running = operations[name]!(setup).then(
        () => undefined,
        () => undefined,
      )
      const reached = await Promise.race([
        gate.reached.then(() => true),
        running.then(nextTurn).then(() => false),
      ])
      gate.disarm()
      if (!reached) break
      heldCommands += 1
      await waysToEnd[end]!(setup)
      const before = countApiCalls(setup)
      const outcomes = callAll(setup)
      await nextTurn()
      gate.open()
      expect([skip, await outcomes]).toEqual([skip, noneServed])
      await running
      expect([skip, await callAll(setup)]).toEqual([skip, noneServed])
      setup.time.advance(14 * second)
      expect([skip, await callAll(setup), countApiCalls(setup)]).toEqual([skip, noneServed, before])
    }
    expect(heldCommands).toBeGreaterThan(0)
  })

  it.each([0, 1, 2, 3, 4])(
    'because of an older read that responds after command %s of a refresh',
    async (skip) => {
      for (const order of ['read first', 'read last']) {
        const setup = await startCached()
        const slow = setup.hold(0, 'after it was applied')
        const reading = setup.acme.status()
        await slow.reached
        slow.disarm()
        setup.time.advance(58.5 * minute)
        const gate = setup.hold(skip, 'after it was applied')
        const refreshing = isServed(setup.acme.accessToken())
        await Promise.race([gate.reached, refreshing])
        gate.disarm()
        await waysToEnd[end]!(setup)
        const delayed = order === 'read first' ? [slow, gate] : [gate, slow]
        for (const command of delayed) {
          command.open()
          if (command === slow) await reading.catch(() => {})
          else await refreshing
        }
        expect([order, await callAll(setup)]).toEqual([order, noneServed])
      }
    },
  )

  it('because of an older read that responds after the cache evicted the connection', async () => {
    const setup = await startCached()
    const slow = setup.hold(0, 'after it was applied')
    const reading = setup.acme.status()
    await slow.reached
    slow.disarm()
    await waysToEnd[end]!(setup)
    // Only 500 at once, as each call has a deadline of 1 s, even on a busy machine.
    for (let from = 0; from < 10_000; from += 500) {
      await Promise.all(
        times(500, (index) => setup.oauth.connection(`other-${from + index}`).status()),
      )
    }
    slow.open()
    await reading.catch(() => {})
    expect(await callAll(setup)).toEqual(noneServed)
  })
})

it('G15: a caller after a new consent does not join a refresh of the former grant', async () => {
  let heldCommands = 0
  for (let skip = 0; ; skip++) {
    const setup = await startCached()
    setup.time.advance(61 * minute)
    setup.script.token = (response, request) => {
      const isCode = request.form.get('grant_type') === 'authorization_code'
      return (isCode ? grant() : refusal('invalid_code'))(response, request)
    }
    const gate = setup.hold(skip, 'after it was applied')
    const refreshing = errorCodeOf(setup.acme.accessToken())
    const reached = await Promise.race([
      gate.reached.then(() => true),
      refreshing.then(() => false),
    ])
    gate.disarm()
    if (!reached) break
    heldCommands += 1
    await setup.acme.exchangeSelfClientCode('1000.another', { principal: 'ann' })
    const later = errorCodeOf(setup.acme.accessToken())
    gate.open()
    expect([skip, await later]).toEqual([skip, 'ok'])
    await refreshing
    expect([skip, await errorCodeOf(setup.acme.accessToken())]).toEqual([skip, 'ok'])
  }
  expect(heldCommands).toBeGreaterThan(3)
})

it('G15: a call that was refused before revoke() is not repeated after it', async () => {
  const setup = await startCached()
  const token = await setup.acme.accessToken()
  const sent = createSignal()
  const answered = createSignal()
  setup.script.api = async (response, request) => {
    sent.resolve()
    await answered.promise
    await refuseToken(token)(response, request)
  }
  const call = errorCodeOf(setup.acme.fetch('Candidates'))
  await sent.promise
  await setup.acme.refresh() // Stores a new token, with which the call would be repeated.
  await setup.acme.revoke()
  answered.resolve()
  expect([await call, countApiCalls(setup)]).toEqual(['connection-revoked', 1])
})

import { describe, expect, it } from 'vitest'
import type { Connection } from '../../src/index.ts'
import type { ConnectionStore } from '../../src/store/connection-store.ts'
import { json, type Reply } from '../endpoints/server.ts'
import {
  apiOk,
  codeOf,
  connect,
  grant,
  house,
  minute,
  refusal,
  second,
  times,
  type House,
} from './house.ts'

type When = 'before it is applied' | 'after it was applied'

const signal = () => {
  let resolve = () => {}
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve: () => resolve() }
}

/** A store in which one command of the test's choice waits until the test lets it go on. */
const gatedStore = () => {
  const gates: { skip: number; when: When; reached: () => void; opened: Promise<void> }[] = []
  const pass = async <T>(command: () => Promise<T>): Promise<T> => {
    const gate = gates.find((one) => one.skip-- === 0)
    if (!gate) return command()
    if (gate.when === 'after it was applied') {
      const answer = await command()
      gate.reached()
      await gate.opened
      return answer
    }
    gate.reached()
    await gate.opened
    return command()
  }
  return {
    wrap: (inner: ConnectionStore): ConnectionStore => ({
      read: (id) => pass(() => inner.read(id)),
      write: (...write) => pass(() => inner.write(...write)),
      list: (query) => inner.list(query),
    }),
    /** Holds the command that comes after `skip` others. */
    hold: (skip: number, when: When) => {
      const [reached, opened] = [signal(), signal()]
      const gate = { skip, when, reached: reached.resolve, opened: opened.promise }
      gates.push(gate)
      return {
        reached: reached.promise,
        open: opened.resolve,
        /** Later commands are not held. */
        disarm: () => void gates.splice(gates.indexOf(gate), 1),
      }
    },
  }
}

const warm = async () => {
  const store = gatedStore()
  const home = await house({ store: store.wrap })
  await connect(home)
  const oauth = home.client()
  const acme = oauth.connection('acme')
  await acme.accessToken()
  return { ...home, ...store, oauth, acme }
}
type Warm = Awaited<ReturnType<typeof warm>>

const unauthorized: Reply = json({ code: 'INVALID_TOKEN', message: 'x', status: 'error' }, 401)
const refusing =
  (token: string): Reply =>
  (response, request) =>
    (request.headers.authorization?.endsWith(token) ? unauthorized : apiOk)(response, request)

/** What can be under way when a connection is cut off. */
const older: Record<string, (home: Warm) => Promise<unknown>> = {
  'a refresh of a stale token': (home) => {
    home.time.push(58.5 * minute)
    return home.acme.accessToken()
  },
  'a refresh ahead': async (home) => {
    home.time.push(55 * minute)
    const old = await home.acme.accessToken()
    while ((await home.oauth.connection('acme').accessToken()) === old) await turn()
  },
  'a read behind an answer': async (home) => {
    home.time.push(16 * second)
    return home.acme.accessToken()
  },
  'a read before an answer': (home) => {
    home.time.push(31 * second)
    return home.acme.accessToken()
  },
  'refresh()': (home) => home.acme.refresh(),
  'status()': (home) => home.acme.status(),
  'connections()': (home) => home.oauth.connections(),
  'the guard': (home) => {
    home.time.push(31 * second)
    return home.oauth.requireConnection(new Request('https://app.example.com/x'))
  },
  'a call that is refused': async (home) => {
    home.script.api = refusing(await home.acme.accessToken())
    return home.acme.fetch('Candidates')
  },
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const isServed = async (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    (answer) => !(answer instanceof Response) || answer.status === 200,
    () => false,
  )

/** Everything that could hand out a token or let a request through. */
const callers = ({ oauth, acme }: { oauth: Warm['oauth']; acme: Connection }): Promise<boolean[]> =>
  Promise.all(
    [
      acme.accessToken(),
      acme.fetch('Candidates'),
      oauth.requireConnection(new Request('https://app.example.com/x')),
      oauth.connection('acme').accessToken(),
      acme.refresh(),
    ].map(isServed),
  )
const nobody = times(5, () => false)
const apiCalls = ({ server }: House) =>
  server.received.filter(({ url }) => url.startsWith('/recruit')).length

const cuts: Record<string, (home: Warm) => Promise<void>> = {
  'revoke()': ({ acme }) => acme.revoke(),
  'forget()': ({ acme }) => acme.forget(),
}

describe.each(Object.keys(cuts))('G15: after %s resolved, nobody is served', (cut) => {
  const cases = Object.keys(older).flatMap((name) =>
    (['before it is applied', 'after it was applied'] as const).map(
      (when) => [name, when] as const,
    ),
  )
  it.each(cases)('by %s whose store command is late, %s', async (name, when) => {
    let held = 0
    for (let skip = 0; ; skip++) {
      const home = await warm()
      const gate = home.hold(skip, when)
      const running = older[name]!(home).then(
        () => undefined,
        () => undefined,
      )
      const reached = await Promise.race([
        gate.reached.then(() => true),
        running.then(turn).then(() => false),
      ])
      gate.disarm()
      if (!reached) break
      held += 1
      await cuts[cut]!(home)
      const before = apiCalls(home)
      const asked = callers(home)
      await turn()
      gate.open()
      expect([skip, await asked]).toEqual([skip, nobody])
      await running
      expect([skip, await callers(home)]).toEqual([skip, nobody])
      home.time.push(14 * second)
      expect([skip, await callers(home), apiCalls(home)]).toEqual([skip, nobody, before])
    }
    expect(held).toBeGreaterThan(0)
  })

  it.each([0, 1, 2, 3, 4])(
    'by an older read that arrives after the late command %s of a refresh',
    async (skip) => {
      for (const order of ['read first', 'read last']) {
        const home = await warm()
        const slow = home.hold(0, 'after it was applied')
        const reading = home.acme.status()
        await slow.reached
        slow.disarm()
        home.time.push(58.5 * minute)
        const gate = home.hold(skip, 'after it was applied')
        const refreshing = isServed(home.acme.accessToken())
        await Promise.race([gate.reached, refreshing])
        gate.disarm()
        await cuts[cut]!(home)
        for (const one of order === 'read first' ? [slow, gate] : [gate, slow]) {
          one.open()
          if (one === slow) await reading.catch(() => {})
          else await refreshing
        }
        expect([order, await callers(home)]).toEqual([order, nobody])
      }
    },
  )

  it('by an older read that arrives after the process evicted the connection from its cache', async () => {
    const home = await warm()
    const slow = home.hold(0, 'after it was applied')
    const reading = home.acme.status()
    await slow.reached
    slow.disarm()
    await cuts[cut]!(home)
    // Not all at once: each has a second for its answer, also on a busy machine.
    for (let from = 0; from < 10_000; from += 500) {
      await Promise.all(
        times(500, (index) => home.oauth.connection(`other-${from + index}`).status()),
      )
    }
    slow.open()
    await reading.catch(() => {})
    expect(await callers(home)).toEqual(nobody)
  })
})

it('G15: a caller that starts after a new consent does not join a refresh of the former one', async () => {
  let held = 0
  for (let skip = 0; ; skip++) {
    const home = await warm()
    home.time.push(61 * minute)
    home.script.token = (response, request) => {
      const isCode = request.form.get('grant_type') === 'authorization_code'
      return (isCode ? grant() : refusal('invalid_code'))(response, request)
    }
    const gate = home.hold(skip, 'after it was applied')
    const refreshing = codeOf(home.acme.accessToken())
    const reached = await Promise.race([
      gate.reached.then(() => true),
      refreshing.then(() => false),
    ])
    gate.disarm()
    if (!reached) break
    held += 1
    await home.acme.exchangeSelfClientCode('1000.another', { principal: 'ann' })
    const later = codeOf(home.acme.accessToken())
    gate.open()
    expect([skip, await later]).toEqual([skip, 'ok'])
    await refreshing
    expect([skip, await codeOf(home.acme.accessToken())]).toEqual([skip, 'ok'])
  }
  expect(held).toBeGreaterThan(3)
})

it('G15: a call that was refused before revoke() is not repeated after it', async () => {
  const home = await warm()
  const token = await home.acme.accessToken()
  const sent = signal()
  const answered = signal()
  home.script.api = async (response, request) => {
    sent.resolve()
    await answered.promise
    await refusing(token)(response, request)
  }
  const call = codeOf(home.acme.fetch('Candidates'))
  await sent.promise
  await home.acme.refresh() // A new token is stored, with which the call would be repeated.
  await home.acme.revoke()
  answered.resolve()
  expect([await call, apiCalls(home)]).toEqual(['connection-revoked', 1])
})

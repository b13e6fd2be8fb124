import { describe, expect, it } from 'vitest'
import type { ConnectionStore } from '../../src/index.ts'
import { answer, json } from '../endpoints/server.ts'
import {
  codeOf,
  connect,
  grant,
  house,
  key,
  minute,
  returning,
  second,
  times,
  type House,
} from './house.ts'

const otherKey = Buffer.alloc(32, 8).toString('base64')

/** Connections of two principals. */
const startWithConnections = async (
  store?: (inner: ConnectionStore) => ConnectionStore,
): Promise<House> => {
  const home = await house(store && { store })
  home.script.token = grant()
  for (const [id, principal] of [
    ['a1', 'ann'],
    ['a2', 'ann'],
    ['b1', 'bob'],
  ] as const)
    await home.client().connection(id).exchangeSelfClientCode(`code.of.${id}`, { principal })
  home.server.received.length = 0
  return home
}
const revokedTokens = (home: House): (string | null)[] =>
  home.server.received
    .filter(({ url }) => url.includes('revoke'))
    .map(({ form }) => form.get('token'))

describe('connections()', () => {
  it('lists the stored connections without a secret', async () => {
    const home = await startWithConnections()
    const { connections, next } = await home.client().connections()
    expect(
      connections.map(({ id, status, principal, dataCenter }) => [
        id,
        status,
        principal,
        dataCenter,
      ]),
    ).toEqual([
      ['a1', 'active', 'ann', 'eu'],
      ['a2', 'active', 'ann', 'eu'],
      ['b1', 'active', 'bob', 'eu'],
    ])
    expect(connections[0]).toMatchObject({
      unreadable: undefined,
      accessToken: { freshness: 'fresh' },
      scopes: ['ZohoRecruit.modules.ALL'],
    })
    expect(next).toBe(undefined)
    const token = await home.client().connection('a1').accessToken()
    expect(JSON.stringify(connections)).not.toContain(token)
  })

  it('pages, and filters by principal and by pending work', async () => {
    const home = await startWithConnections()
    const zoho = home.client()
    const first = await zoho.connections({ limit: 2 })
    expect([first.connections.map(({ id }) => id), first.next]).toEqual([['a1', 'a2'], 'a2'])
    const rest = await zoho.connections({ limit: 2, after: first.next })
    expect([rest.connections.map(({ id }) => id), rest.next]).toEqual([['b1'], undefined])
    expect((await zoho.connections({ principal: 'bob' })).connections.map(({ id }) => id)).toEqual([
      'b1',
    ])
    home.script.revoke = answer('', 503)
    await codeOf(zoho.connection('a2').revoke())
    expect(
      (await zoho.connections({ pending: true })).connections.map(({ id, status }) => [id, status]),
    ).toEqual([['a2', 'revoking']])
  })

  it('omits the row of the code quota and the row that forget() leaves', async () => {
    const home = await house()
    home.script.token = grant()
    await (await returning(home.options())).complete()
    await home.client().connection('acme').forget()
    expect((await home.store.list({ limit: 10 })).length).toBe(2)
    expect(await home.client().connections()).toEqual({ connections: [], next: undefined })
  })

  it('describes an unreadable row by the columns of the store, with the reason', async () => {
    const home = await startWithConnections()
    const zoho = home.client({ encryptionKeys: [otherKey] })
    const { connections } = await zoho.connections()
    expect(connections[0]).toMatchObject({
      id: 'a1',
      status: 'active',
      principal: 'ann',
      dataCenter: 'eu',
      unreadable: 'key-unknown',
      accessToken: undefined,
    })
    await zoho.connection('a1').forget()
    expect((await zoho.connections()).connections).toHaveLength(2)
  })

  it('refuses an invalid principal, which would list the connections of everybody', async () => {
    const home = await startWithConnections()
    for (const principal of ['', undefined as never])
      expect(await codeOf(home.client().connections({ principal }))).toBe('argument-invalid')
  })

  it('reads at most eight rows at once', async () => {
    let [reading, most] = [0, 0]
    const home = await house({
      store: (inner) => ({
        ...inner,
        read: async (id) => {
          most = Math.max(most, ++reading)
          await new Promise((resolve) => setTimeout(resolve, 1))
          return inner.read(id).finally(() => (reading -= 1))
        },
      }),
    })
    home.script.token = grant()
    for (const id of times(30, (n) => `c${n}`))
      await home
        .client()
        .connection(id)
        .exchangeSelfClientCode(`code.of.${id}`, { principal: 'ann' })
    most = 0
    expect((await home.client().connections()).connections.length).toBe(30)
    expect(most).toBe(8)
  })

  it.each([0, 1001, 1.5, Number.NaN])('refuses a limit of %j', async (limit) => {
    const home = await house()
    expect(await codeOf(home.client().connections({ limit }))).toBe('argument-invalid')
  })

  it('rejects with store-unavailable if the store hangs or fails', async () => {
    const hanging = await house({
      store: (inner) => ({ ...inner, list: () => new Promise(() => {}) }),
    })
    expect(await codeOf(hanging.client().connections())).toBe('store-unavailable')
    const failing = await house({
      store: (inner) => ({
        ...inner,
        list: () => Promise.reject(new Error('postgres://user:password@db')),
      }),
    })
    expect(await codeOf(failing.client().connections())).toBe('store-unavailable')
  })
})

describe('revokeAll()', () => {
  it('L9: revokes all connections of a principal here and at Zoho, and no others', async () => {
    const home = await startWithConnections()
    const zoho = home.client()
    expect(await zoho.revokeAll('ann')).toEqual({ done: 2, failed: [], next: undefined })
    expect(new Set(revokedTokens(home)).size).toBe(2)
    expect((await zoho.connections()).connections.map(({ id, status }) => [id, status])).toEqual([
      ['a1', 'revoked'],
      ['a2', 'revoked'],
      ['b1', 'active'],
    ])
  })

  it(
    'L9: revokes 1,000 connections when it is called again after Zoho failed half-way',
    { timeout: 180_000 },
    async () => {
      const home = await house()
      home.script.token = grant()
      const zoho = home.client()
      const ids = times(1_000, (n) => `c${n}`)
      // Only ten at once: each exchange has a real deadline of 6 s, which more of them would miss
      // on a busy machine.
      for (let from = 0; from < ids.length; from += 10) {
        const some = ids.slice(from, from + 10)
        await Promise.all(
          some.map((id) =>
            zoho.connection(id).exchangeSelfClientCode(`code.of.${id}`, { principal: 'ann' }),
          ),
        )
      }
      home.server.received.length = 0
      let calls = 0
      home.script.revoke = (response, request) =>
        (++calls > 500 ? answer('', 503) : json({ status: 'success' }))(response, request)
      const startedAt = home.time.now()
      const half = await zoho.revokeAll('ann')
      expect(half.done + half.failed.length).toBe(1_000)
      expect(half.done).toBeLessThan(1_000)
      expect(new Set(half.failed.map(({ error }) => error.code))).toEqual(
        new Set(['revocation-failed']),
      )
      expect(half.failed[0]?.error.retryAt).toBeGreaterThan(startedAt)
      // Every connection refuses its callers at once, even if Zoho has not confirmed.
      expect(
        await codeOf(
          home
            .client()
            .connection(half.failed[0]?.id as string)
            .accessToken(),
        ),
      ).toBe('connection-revoked')
      home.script.revoke = json({ status: 'success' })
      home.time.push(2 * minute)
      expect(await home.client().recover()).toEqual({
        done: half.failed.length,
        failed: [],
        next: undefined,
      })
      expect((await home.store.list({ pending: true, limit: 1 })).length).toBe(0)
      expect(
        (await zoho.connections({ limit: 1_000 })).connections.every(
          ({ status }) => status === 'revoked',
        ),
      ).toBe(true)
    },
  )

  it('reports a row that it cannot read, and continues', async () => {
    const home = await startWithConnections()
    const [one, two] = [await home.store.read('a1'), await home.store.read('a2')]
    await home.store.write('a1', { ...two.record!, revision: 'copied' }, one.record!.revision)
    const { done, failed } = await home.client().revokeAll('ann')
    expect([done, failed.map(({ id, error }) => [id, error.code])]).toEqual([
      1,
      [['a1', 'record-unreadable']],
    ])
    expect(revokedTokens(home)).toHaveLength(1)
  })

  it('refuses an invalid principal', async () => {
    const home = await house()
    for (const principal of ['', undefined as never, '\x1f'])
      expect(await codeOf(home.client().revokeAll(principal))).toBe('argument-invalid')
  })
})

describe('recover()', () => {
  const startWithDeadExchange = async () => {
    const home = await house()
    await connect(home)
    const { engine, state } = await returning(home.options())
    await engine.repository.apply('acme', {
      type: 'exchangeStarted',
      state,
      id: 'x',
      principal: 'ann',
    })
    return home
  }

  it('L4: finishes a revocation whose process died, in any process', async () => {
    const home = await startWithConnections()
    const { engine } = await returning(home.options())
    await engine.repository.apply('a1', { type: 'revokeRequested' })
    expect(await home.client().recover()).toEqual({ done: 1, failed: [], next: undefined })
    expect(revokedTokens(home)).toHaveLength(1)
    expect((await home.client().connection('a1').status()).status).toBe('revoked')
    expect(await home.client().recover()).toEqual({ done: 0, failed: [], next: undefined })
  })

  it('makes no request to Zoho during a cool-down', async () => {
    const home = await startWithConnections()
    const startedAt = home.time.now()
    home.script.revoke = answer('', 429, { 'retry-after': '60' })
    await codeOf(home.client().connection('a1').revoke())
    const asked = revokedTokens(home).length
    const { done, failed } = await home.client().recover()
    expect([done, failed.map(({ id, error }) => [id, error.code])]).toEqual([
      0,
      [['a1', 'revocation-failed']],
    ])
    expect(failed[0]?.error.retryAt).toBeGreaterThan(startedAt + 50 * second)
    expect(revokedTokens(home)).toHaveLength(asked)
  })

  it('closes an exchange whose process died once its lease ended, and emits an event', async () => {
    const home = await startWithDeadExchange()
    expect(await home.client().recover()).toEqual({ done: 1, failed: [], next: undefined })
    expect((await home.store.list({ pending: true, limit: 1 })).length).toBe(1)
    home.time.push(21 * second)
    home.events.length = 0
    expect(await home.client().recover()).toEqual({ done: 1, failed: [], next: undefined })
    expect((await home.store.list({ pending: true, limit: 1 })).length).toBe(0)
    expect(home.events).toEqual([
      { type: 'consent-failed', code: 'exchange-outcome-unknown', connection: 'acme' },
    ])
    expect(await codeOf(home.client().connection('acme').accessToken())).toBe('ok')
  })

  it('removes the row of a forgotten connection once its callback has expired', async () => {
    const home = await startWithDeadExchange()
    await home.client().connection('acme').forget()
    expect((await home.store.list({ limit: 10 })).length).toBe(1)
    home.time.push(31 * minute)
    await home.client().recover()
    expect(await home.store.list({ limit: 10 })).toEqual([])
  })

  it('handles up to `limit` connections, and continues after `next`', async () => {
    const home = await startWithConnections()
    const { engine } = await returning(home.options())
    for (const id of ['a1', 'a2', 'b1'])
      await engine.repository.apply(id, { type: 'revokeRequested' })
    home.script.revoke = answer('', 503)
    const first = await home.client().recover({ limit: 2 })
    expect([first.done, first.failed.map(({ id }) => id).toSorted(), first.next]).toEqual([
      0,
      ['a1', 'a2'],
      'a2',
    ])
    home.script.revoke = json({ status: 'success' })
    // Connections in a cool-down do not keep it from the others.
    expect(await home.client().recover({ limit: 2, after: first.next })).toEqual({
      done: 1,
      failed: [],
      next: undefined,
    })
    for (const limit of [0, -1, Number.NaN])
      expect(await codeOf(home.client().recover({ limit }))).toBe('argument-invalid')
  })

  it('revokes each connection once when several processes call it at once', async () => {
    const home = await startWithConnections()
    const { engine } = await returning(home.options())
    for (const id of ['a1', 'a2', 'b1'])
      await engine.repository.apply(id, { type: 'revokeRequested' })
    const startedAt = home.time.now()
    const results = await Promise.all(times(5, () => home.client().recover()))
    // One process claims a connection; the others report when it may be tried again.
    expect(revokedTokens(home).length).toBe(3)
    for (const { error } of results.flatMap(({ failed }) => failed))
      expect([error.code, (error.retryAt ?? 0) > startedAt]).toEqual(['revocation-failed', true])
    expect((await home.client().connections()).connections.map(({ status }) => status)).toEqual([
      'revoked',
      'revoked',
      'revoked',
    ])
  })
})

describe('reencryptAll()', () => {
  it('R7: seals rows with the current key, so that the former key can be removed', async () => {
    const home = await startWithConnections()
    const rotating = home.client({ encryptionKeys: [otherKey, key] })
    expect(await rotating.reencryptAll()).toEqual({ done: 3, failed: [], next: undefined })
    expect(await rotating.reencryptAll()).toEqual({ done: 0, failed: [], next: undefined })
    const only = home.client({ encryptionKeys: [otherKey] })
    expect(await codeOf(only.connection('b1').accessToken())).toBe('ok')
    expect(await codeOf(home.client().connection('b1').accessToken())).toBe('key-unknown')
  })

  it('R7: the next write seals a row with the current key', async () => {
    const home = await startWithConnections()
    await home
      .client({ encryptionKeys: [otherKey, key] })
      .connection('a1')
      .refresh()
    const only = home.client({ encryptionKeys: [otherKey] })
    expect([
      await codeOf(only.connection('a1').accessToken()),
      await codeOf(only.connection('a2').accessToken()),
    ]).toEqual(['ok', 'key-unknown'])
  })

  it('reports the rows that no key opens, and seals the others', async () => {
    const home = await startWithConnections()
    const [one, two] = [await home.store.read('a1'), await home.store.read('a2')]
    await home.store.write('a1', { ...two.record!, revision: 'copied' }, one.record!.revision)
    const { done, failed } = await home.client({ encryptionKeys: [otherKey, key] }).reencryptAll()
    expect([done, failed.map(({ id, error }) => [id, error.code])]).toEqual([
      2,
      [['a1', 'record-unreadable']],
    ])
  })

  it('R7: loses no concurrent write', async () => {
    const home = await startWithConnections()
    const rotating = home.client({ encryptionKeys: [otherKey, key] })
    const work = times(5, async (n) => {
      await home
        .client({ encryptionKeys: n % 2 ? [otherKey, key] : [key, otherKey] })
        .connection(n % 2 ? 'a1' : 'a2')
        .refresh()
    })
    const results = await Promise.all([rotating.reencryptAll(), ...work])
    expect(results[0]).toMatchObject({ failed: [] })
    await rotating.reencryptAll()
    const only = home.client({ encryptionKeys: [otherKey] })
    for (const id of ['a1', 'a2', 'b1'])
      expect(await codeOf(only.connection(id).accessToken())).toBe('ok')
  })
})

import { describe, expect, it } from 'vitest'
import { respond } from '../endpoints/server.ts'
import { errorCodeOf, grant, recordOf, startSetup, startConsent, times } from './setup.ts'
import { otherKey, startWithConnections } from './several-connections.ts'

describe('connections()', () => {
  it('lists the stored connections, and no token', async () => {
    const setup = await startWithConnections()
    const { connections, next } = await setup.client().connections()
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
    const token = await setup.client().connection('a1').accessToken()
    const { tokens } = await recordOf(setup, 'a1')
    for (const secret of [token, tokens?.refreshToken.reveal()])
      expect(JSON.stringify(connections)).not.toContain(secret)
  })

  it('lists in pages, and filters by principal and by pending work', async () => {
    const setup = await startWithConnections()
    const zoho = setup.client()
    const first = await zoho.connections({ limit: 2 })
    expect([first.connections.map(({ id }) => id), first.next]).toEqual([['a1', 'a2'], 'a2'])
    const rest = await zoho.connections({ limit: 2, after: first.next })
    expect([rest.connections.map(({ id }) => id), rest.next]).toEqual([['b1'], undefined])
    expect((await zoho.connections({ principal: 'bob' })).connections.map(({ id }) => id)).toEqual([
      'b1',
    ])
    setup.script.revoke = respond('', 503)
    expect(await errorCodeOf(zoho.connection('a2').revoke())).toBe('revocation-failed')
    expect(
      (await zoho.connections({ pending: true })).connections.map(({ id, status }) => [id, status]),
    ).toEqual([['a2', 'revoking']])
  })

  it('omits the row that counts codes, and the row that forget() leaves', async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    await (await startConsent(setup.options())).complete()
    await setup.client().connection('acme').forget()
    expect((await setup.store.list({ limit: 10 })).length).toBe(2)
    expect(await setup.client().connections()).toEqual({ connections: [], next: undefined })
  })

  it('lists a row that it cannot decrypt with the unencrypted values, and the reason', async () => {
    const setup = await startWithConnections()
    const zoho = setup.client({ encryptionKeys: [otherKey] })
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

  it('refuses an empty or undefined principal, and does not list all connections', async () => {
    const setup = await startWithConnections()
    for (const principal of ['', undefined as never])
      expect(await errorCodeOf(setup.client().connections({ principal }))).toBe('argument-invalid')
  })

  it('reads at most eight rows at once', async () => {
    let concurrentReads = 0
    let maxConcurrentReads = 0
    const setup = await startSetup({
      store: (inner) => ({
        ...inner,
        read: async (id) => {
          maxConcurrentReads = Math.max(maxConcurrentReads, ++concurrentReads)
          await new Promise((resolve) => setTimeout(resolve, 1))
          return inner.read(id).finally(() => (concurrentReads -= 1))
        },
      }),
    })
    setup.script.token = grant()
    for (const id of times(30, (n) => `c${n}`))
      await setup
        .client()
        .connection(id)
        .exchangeSelfClientCode(`code.of.${id}`, { principal: 'ann' })
    maxConcurrentReads = 0
    expect((await setup.client().connections()).connections.length).toBe(30)
    expect(maxConcurrentReads).toBe(8)
  })

  it.each([0, 1001, 1.5, Number.NaN])('refuses a limit of %s', async (limit) => {
    const setup = await startSetup()
    expect(await errorCodeOf(setup.client().connections({ limit }))).toBe('argument-invalid')
  })

  it('rejects with store-unavailable if the store hangs or fails', async () => {
    const hanging = await startSetup({
      store: (inner) => ({ ...inner, list: () => new Promise(() => {}) }),
    })
    expect(await errorCodeOf(hanging.client().connections())).toBe('store-unavailable')
    const failing = await startSetup({
      store: (inner) => ({
        ...inner,
        list: () => Promise.reject(new Error('postgres://user:password@db')),
      }),
    })
    const error: unknown = await failing
      .client()
      .connections()
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'store-unavailable' })
    expect(String(error)).not.toContain('password')
  })
})

import { describe, expect, it } from 'vitest'
import { storedId, type ConnectionStore } from '../../src/index.ts'
import { errorCodeOf, connect, grant, startSetup, times } from './setup.ts'

const otherClient = { clientId: '1000.OTHER' }

/** The shared store, whose ids have the prefixes of the clients. */
const storeOf = (setup: Awaited<ReturnType<typeof startSetup>>) =>
  setup.options().store as ConnectionStore

describe('G7: two clients that share a store', () => {
  it('G7: store ids and principals with a client prefix, and return them without it', async () => {
    const setup = await startSetup()
    await connect(setup)
    const [row] = await storeOf(setup).list({ limit: 10 })
    const prefix = await storedId('1000.CLIENT', '')
    expect(prefix).toMatch(/^[\w-]{16}:$/)
    expect(await storedId('1000.CLIENT', 'a:b')).toBe(`${prefix}a:b`)
    expect(await storedId('1000.CLIENT ', '')).not.toBe(prefix)
    expect(row).toMatchObject({ id: `${prefix}acme`, principal: `${prefix}ann` })
    expect((await setup.client().connections()).connections[0]).toMatchObject({
      id: 'acme',
      principal: 'ann',
    })
  })

  it.each<[string, object]>([
    ['the same keys', otherClient],
    ['other keys', { ...otherClient, encryptionKeys: [Buffer.alloc(32, 9).toString('base64')] }],
  ])('G7: with %s and the same id do not affect each other', async (_, options) => {
    const setup = await startSetup()
    await connect(setup)
    const mine = setup.client().connection('acme')
    const theirs = setup.client(options)
    expect((await theirs.connections()).connections).toEqual([])
    expect(await errorCodeOf(theirs.connection('acme').accessToken())).toBe('not-connected')
    setup.script.token = grant()
    await theirs.connection('acme').exchangeSelfClientCode('1000.their.code', { principal: 'ann' })
    const token = await mine.accessToken()
    expect(await theirs.connection('acme').accessToken()).not.toBe(token)
    await theirs.connection('acme').forget()
    expect(await setup.client().connection('acme').accessToken()).toBe(token)
    expect((await setup.client().connections()).connections.map(({ id }) => id)).toEqual(['acme'])
  })

  it('G7: reach no row of each other by `after`, principal or id', async () => {
    const setup = await startSetup()
    await connect(setup)
    const prefix = await storedId('1000.CLIENT', '')
    const theirs = setup.client(otherClient)
    for (const name of ['acme', `${prefix}acme`, `../${prefix}acme`, prefix, `:${prefix}acme`]) {
      expect(await errorCodeOf(theirs.connection(name).accessToken())).toBe('not-connected')
      for (const query of [
        { after: name },
        { after: '' },
        { principal: name },
        { principal: `${prefix}ann` },
      ])
        expect((await theirs.connections(query)).connections).toEqual([])
    }
    for (const operation of [
      theirs.recover(),
      theirs.reencryptAll(),
      theirs.revokeAll('ann'),
      theirs.revokeAll(`${prefix}ann`),
    ])
      expect(await operation).toMatchObject({ done: 0, failed: [] })
    expect(setup.server.received).toEqual([])
  })

  it('G7: cannot read a row of each other, or a principal without its prefix', async () => {
    const setup = await startSetup()
    await connect(setup)
    const store = storeOf(setup)
    const own = await storedId('1000.CLIENT', 'acme')
    const foreign = await storedId('1000.OTHER', 'acme')
    const { record } = await store.read(own)
    if (!record) throw new Error('nothing is stored')
    await store.write(
      foreign,
      { ...record, principal: await storedId('1000.OTHER', 'ann') },
      'absent',
    )
    expect(await errorCodeOf(setup.client(otherClient).connection('acme').accessToken())).toBe(
      'record-unreadable',
    )
    const { principal: _owner, ...unowned } = record
    for (const changed of [
      unowned,
      ...['ann', foreign, '', `${record.principal} `].map((principal) => ({
        ...record,
        principal,
      })),
    ]) {
      await store.write(own, changed, record.revision)
      expect(await errorCodeOf(setup.client().connection('acme').accessToken())).toBe(
        'record-unreadable',
      )
      const { connections } = await setup.client().connections()
      expect(connections).toMatchObject([{ id: 'acme', unreadable: 'record-unreadable' }])
      expect(['ann ', undefined]).toContain(connections[0]?.principal)
    }
    expect(setup.server.received).toEqual([])
  })

  it('G7: list complete pages at every limit', async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    const ids = ['a', 'b', 'c']
    const clients = times(4, (index) => setup.client({ clientId: `1000.CLIENT.${index}` }))
    for (const client of clients)
      for (const id of ids)
        await client.connection(id).exchangeSelfClientCode(`1000.code.${id}`, { principal: 'ann' })
    for (const client of clients) {
      for (const limit of [1, 2, 3, 4]) {
        const seen: string[] = []
        let pages = 0
        for (let after: string | undefined; pages === 0 || after !== undefined; pages += 1) {
          const page = await client.connections({ limit, ...(after !== undefined && { after }) })
          seen.push(...page.connections.map(({ id }) => id))
          after = page.next
        }
        expect([seen, pages]).toEqual([ids, Math.floor(ids.length / limit) + 1])
      }
      expect(await client.reencryptAll({ limit: 2 })).toMatchObject({ failed: [], next: 'b' })
      expect(await client.reencryptAll({ limit: 2, after: 'b' })).toMatchObject({
        failed: [],
        next: undefined,
      })
    }
  })
})

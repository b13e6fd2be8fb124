import { describe, expect, it } from 'vitest'
import { codeOf, key, times } from './house.ts'
import { otherKey, startWithConnections } from './several-connections.ts'

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

import { describe, expect, it } from 'vitest'
import { errorCodeOf, key, times } from './setup.ts'
import { otherKey, startWithConnections } from './several-connections.ts'

describe('reencryptAll()', () => {
  it('R7: seals rows with the current key, so that the former key can be removed', async () => {
    const setup = await startWithConnections()
    const rotating = setup.client({ encryptionKeys: [otherKey, key] })
    expect(await rotating.reencryptAll()).toEqual({ done: 3, failed: [], next: undefined })
    expect(await rotating.reencryptAll()).toEqual({ done: 0, failed: [], next: undefined })
    const only = setup.client({ encryptionKeys: [otherKey] })
    expect(await errorCodeOf(only.connection('b1').accessToken())).toBe('ok')
    expect(await errorCodeOf(setup.client().connection('b1').accessToken())).toBe('key-unknown')
  })

  it('R7: is not needed for a row that a write has sealed with the current key', async () => {
    const setup = await startWithConnections()
    await setup
      .client({ encryptionKeys: [otherKey, key] })
      .connection('a1')
      .refresh()
    const only = setup.client({ encryptionKeys: [otherKey] })
    expect([
      await errorCodeOf(only.connection('a1').accessToken()),
      await errorCodeOf(only.connection('a2').accessToken()),
    ]).toEqual(['ok', 'key-unknown'])
  })

  it('reports the rows that no key opens, and seals the others', async () => {
    const setup = await startWithConnections()
    const first = await setup.store.read('a1')
    const other = await setup.store.read('a2')
    await setup.store.write('a1', { ...other.record!, revision: 'copied' }, first.record!.revision)
    const { done, failed } = await setup.client({ encryptionKeys: [otherKey, key] }).reencryptAll()
    expect([done, failed.map(({ id, error }) => [id, error.code])]).toEqual([
      2,
      [['a1', 'record-unreadable']],
    ])
  })

  it('R7: loses no concurrent write', async () => {
    const setup = await startWithConnections()
    const rotating = setup.client({ encryptionKeys: [otherKey, key] })
    const work = times(5, async (n) => {
      await setup
        .client({ encryptionKeys: n % 2 ? [otherKey, key] : [key, otherKey] })
        .connection(n % 2 ? 'a1' : 'a2')
        .refresh()
    })
    const results = await Promise.all([rotating.reencryptAll(), ...work])
    expect(results[0]).toMatchObject({ failed: [] })
    await rotating.reencryptAll()
    const only = setup.client({ encryptionKeys: [otherKey] })
    for (const id of ['a1', 'a2', 'b1'])
      expect(await errorCodeOf(only.connection(id).accessToken())).toBe('ok')
  })
})

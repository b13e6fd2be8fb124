import { describe, expect, it } from 'vitest'
import { errorCodeOf, startSetup, revokedTokens } from './setup.ts'
import { startWithConnections } from './several-connections.ts'

describe('revokeAll()', () => {
  it('L9: revokes all connections of a principal here and at Zoho, and no others', async () => {
    const setup = await startWithConnections()
    const zoho = setup.client()
    expect(await zoho.revokeAll('ann')).toEqual({ done: 2, failed: [], next: undefined })
    expect(new Set(revokedTokens(setup)).size).toBe(2)
    expect((await zoho.connections()).connections.map(({ id, status }) => [id, status])).toEqual([
      ['a1', 'revoked'],
      ['a2', 'revoked'],
      ['b1', 'active'],
    ])
  })

  it('reports a row that it cannot read, and continues', async () => {
    const setup = await startWithConnections()
    const first = await setup.store.read('a1')
    const other = await setup.store.read('a2')
    await setup.store.write('a1', { ...other.record!, revision: 'copied' }, first.record!.revision)
    const { done, failed } = await setup.client().revokeAll('ann')
    expect([done, failed.map(({ id, error }) => [id, error.code])]).toEqual([
      1,
      [['a1', 'record-unreadable']],
    ])
    expect(revokedTokens(setup)).toHaveLength(1)
  })

  it('refuses an invalid principal', async () => {
    const setup = await startSetup()
    for (const principal of ['', undefined as never, '\x1f'])
      expect(await errorCodeOf(setup.client().revokeAll(principal))).toBe('argument-invalid')
  })
})

import { describe, expect, it } from 'vitest'
import { answer, json } from '../endpoints/server.ts'
import { codeOf, connect, house, minute, returning, second, times, revokedTokens } from './house.ts'
import { startWithConnections } from './several-connections.ts'

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

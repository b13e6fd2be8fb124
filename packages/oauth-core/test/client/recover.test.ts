import { describe, expect, it } from 'vitest'
import { respond, json } from '../endpoints/server.ts'
import {
  errorCodeOf,
  connect,
  startSetup,
  minute,
  startConsent,
  second,
  times,
  revokedTokens,
} from './setup.ts'
import { startWithConnections } from './several-connections.ts'

describe('recover()', () => {
  const startWithDeadExchange = async () => {
    const setup = await startSetup()
    await connect(setup)
    const { context, state } = await startConsent(setup.options())
    await context.repository.apply('acme', {
      type: 'exchangeStarted',
      stateHash: state,
      id: 'x',
      principal: 'ann',
    })
    return setup
  }

  it('L4: finishes a revocation whose process died, in any process', async () => {
    const setup = await startWithConnections()
    const { context } = await startConsent(setup.options())
    await context.repository.apply('a1', { type: 'revokeRequested' })
    expect(await setup.client().recover()).toEqual({ done: 1, failed: [], next: undefined })
    expect(revokedTokens(setup)).toHaveLength(1)
    expect((await setup.client().connection('a1').status()).status).toBe('revoked')
    expect(await setup.client().recover()).toEqual({ done: 0, failed: [], next: undefined })
  })

  it('makes no request to Zoho during a cool-down', async () => {
    const setup = await startWithConnections()
    const startedAt = setup.time.now()
    setup.script.revoke = respond('', 429, { 'retry-after': '60' })
    await errorCodeOf(setup.client().connection('a1').revoke())
    const countBefore = revokedTokens(setup).length
    const { done, failed } = await setup.client().recover()
    expect([done, failed.map(({ id, error }) => [id, error.code])]).toEqual([
      0,
      [['a1', 'revocation-failed']],
    ])
    expect(failed[0]?.error.retryAt).toBeGreaterThan(startedAt + 50 * second)
    expect(revokedTokens(setup)).toHaveLength(countBefore)
  })

  it('closes an exchange of a dead process once its lease ended, and emits an event', async () => {
    const setup = await startWithDeadExchange()
    expect(await setup.client().recover()).toEqual({ done: 1, failed: [], next: undefined })
    expect((await setup.store.list({ pending: true, limit: 1 })).length).toBe(1)
    setup.time.advance(21 * second)
    setup.events.length = 0
    expect(await setup.client().recover()).toEqual({ done: 1, failed: [], next: undefined })
    expect((await setup.store.list({ pending: true, limit: 1 })).length).toBe(0)
    expect(setup.events).toEqual([
      { type: 'consent-failed', code: 'exchange-outcome-unknown', connection: 'acme' },
    ])
    expect(await errorCodeOf(setup.client().connection('acme').accessToken())).toBe('ok')
  })

  it('removes the row of a forgotten connection once its callback has expired', async () => {
    const setup = await startWithDeadExchange()
    await setup.client().connection('acme').forget()
    expect((await setup.store.list({ limit: 10 })).length).toBe(1)
    setup.time.advance(31 * minute)
    await setup.client().recover()
    expect(await setup.store.list({ limit: 10 })).toEqual([])
  })

  it('handles up to `limit` connections, and continues after `next`', async () => {
    const setup = await startWithConnections()
    const { context } = await startConsent(setup.options())
    for (const id of ['a1', 'a2', 'b1'])
      await context.repository.apply(id, { type: 'revokeRequested' })
    setup.script.revoke = respond('', 503)
    const first = await setup.client().recover({ limit: 2 })
    expect([first.done, first.failed.map(({ id }) => id).toSorted(), first.next]).toEqual([
      0,
      ['a1', 'a2'],
      'a2',
    ])
    setup.script.revoke = json({ status: 'success' })
    // Connections in a cool-down do not keep it from the others.
    expect(await setup.client().recover({ limit: 2, after: first.next })).toEqual({
      done: 1,
      failed: [],
      next: undefined,
    })
    for (const limit of [0, -1, Number.NaN])
      expect(await errorCodeOf(setup.client().recover({ limit }))).toBe('argument-invalid')
  })

  it('revokes each connection once when several processes call it at once', async () => {
    const setup = await startWithConnections()
    const { context } = await startConsent(setup.options())
    for (const id of ['a1', 'a2', 'b1'])
      await context.repository.apply(id, { type: 'revokeRequested' })
    const startedAt = setup.time.now()
    const results = await Promise.all(times(5, () => setup.client().recover()))
    // One process claims a connection; the others report when it may be tried again.
    expect(revokedTokens(setup).length).toBe(3)
    for (const { error } of results.flatMap(({ failed }) => failed))
      expect([error.code, (error.retryAt ?? 0) > startedAt]).toEqual(['revocation-failed', true])
    expect((await setup.client().connections()).connections.map(({ status }) => status)).toEqual([
      'revoked',
      'revoked',
      'revoked',
    ])
  })
})

import { describe, it } from 'vitest'
import { errorCodeOf, startWorkerd } from './workerd/start.ts'

// Ids such as L9 in a title are explained in docs/trust.md.

const pending = { pending: true, limit: 1000 } as const
const generousLimits = {
  refreshTokenBudget: { limit: 1000, windowSeconds: 60 },
  revocationScope: 'token',
} as const

/** The Worker's subrequests: calls of objects and of Zoho. */
const subrequests = (steps: readonly string[]) =>
  steps.filter((step) => step.startsWith('before')).map((step) => step.slice(7))

describe.concurrent('operations on all connections, from a Worker', () => {
  it('finish pending work, a few at a time, with a fixed number of subrequests', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, gate, advanceClock, connect, codeFor } = workerd
    emulator.configure(generousLimits)
    const recover = (given: object) => ask.flow('recover', [given])
    /**
     * Starts an operation on the connection `as`, and stops it at this step. A complete run on
     * another connection, `model`, shows the number of the step.
     */
    const stopAt = async (step: string, operation: string, as: string, ...given: unknown[]) => {
      await connect('model')
      const { steps } = await ask.flow(operation, ['model', ...given.map(() => codeFor())])
      await ask.forget('model')
      const { reached } = gate.hold(`${as} stops`)
      void errorCodeOf(ask.flow(operation, [as, ...given], { as, stopsAt: steps.indexOf(step) }))
      await reached
    }
    await connect('exchange')
    await connect('revocation')
    await stopAt('before /oauth/v2/token', 'connect', 'exchange', codeFor())
    await stopAt('before /oauth/v2/revoke/token', 'revoke', 'revocation')
    test
      .expect((await ask.list(pending)).map(({ id }) => id))
      .toEqual(['exchange', 'model', 'revocation'])

    await advanceClock(21_000)
    const exchange = await recover({ limit: 1 })
    test.expect(exchange.result).toEqual({ done: 1, failed: [], next: 'exchange' })
    test.expect(subrequests(exchange.steps)).toEqual(['list', 'read', 'write of active'])
    // The leftover rows of a forgotten connection are kept for half an hour.
    const rest = await recover({})
    test.expect(rest.result).toEqual({ done: 2, failed: [] })
    test
      .expect(subrequests(rest.steps).toSorted())
      .toEqual([
        '/oauth/v2/revoke/token',
        'list',
        'list',
        'read',
        'read',
        'read',
        'write of revoked',
        'write of revoking',
      ])
    await advanceClock(31 * 60_000)
    const leftovers = await recover({})
    test.expect(subrequests(leftovers.steps)).toEqual(['list', 'read', 'write of nothing', 'list'])
    test.expect(await ask.list({ limit: 9 })).toMatchObject([
      { id: 'exchange', status: 'active', pending: false },
      { id: 'revocation', status: 'revoked', pending: false },
    ])
    // No pending work: one request to the index.
    test.expect(subrequests((await recover({ limit: 100 })).steps)).toEqual(['list'])
    test
      .expect(subrequests((await ask.flow('connections', [])).steps))
      .toEqual(['list', 'read', 'read'])
    test
      .expect(subrequests((await ask.flow('reencryptAll', [])).steps))
      .toEqual(['list', 'read', 'read', 'list'])
    await ask.keys([Buffer.alloc(32, 'the next key ').toString('base64'), workerd.key])
    test
      .expect(subrequests((await ask.flow('reencryptAll', [])).steps).toSorted())
      .toEqual([
        'list',
        'list',
        'read',
        'read',
        'read',
        'read',
        'write of active',
        'write of revoked',
      ])
    await ask.forget('revocation')
    test
      .expect(subrequests((await ask.flow('revokeAll', ['ann'])).steps))
      .toEqual([
        'list',
        'read',
        'write of revoking',
        '/oauth/v2/revoke/token',
        'read',
        'write of revoked',
        'list',
      ])
  }, 40_000)

  it('L9: list connections, disconnect a principal, and report failures', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, advanceClock, connect } = workerd
    emulator.configure(generousLimits)
    const ids = Array.from({ length: 11 }, (_, n) => `c${n}`).toSorted()
    await Promise.all(ids.map((id) => connect(id)))
    const first = (await ask.flow('connections', [{ principal: 'ann', limit: 6 }])).result as {
      connections: { id: string }[]
      next: string
    }
    const second = (
      await ask.flow('connections', [{ principal: 'ann', limit: 6, after: first.next }])
    ).result as typeof first
    test.expect([...first.connections, ...second.connections].map(({ id }) => id)).toEqual(ids)
    test.expect(second.next).toBeUndefined()
    test.expect(first.connections[0]).toMatchObject({
      id: ids[0],
      status: 'active',
      principal: 'ann',
      dataCenter: 'eu',
      identity: { organizationName: test.expect.any(String), userName: test.expect.any(String) },
    })
    test.expect(JSON.stringify([first, second])).not.toContain('1000.')

    emulator.addFault({ on: 'revoke', kind: 'status', status: 503, times: 1 })
    const { result } = await ask.flow('revokeAll', ['ann'])
    test.expect(result).toMatchObject({
      done: ids.length - 1,
      failed: [
        {
          id: test.expect.any(String),
          error: { code: 'revocation-failed', retryAt: test.expect.any(Number) },
        },
      ],
    })
    test.expect(await ask.list(pending)).toHaveLength(1)
    test
      .expect((await ask.flow('recover', [])).result)
      .toMatchObject({ done: 0, failed: [{ error: { code: 'revocation-failed' } }] })
    await advanceClock(6_000)
    test.expect((await ask.flow('recover', [])).result).toEqual({ done: 1, failed: [] })
    test.expect(emulator.tokens().refreshTokens).toEqual([])
    test.expect(emulator.calls().revoke).toBe(ids.length + 1)
  }, 40_000)

  it('R7: re-encrypt all records during refreshes, so that a key can be removed', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, kill, start, advanceClock, connect } = workerd
    emulator.configure(generousLimits)
    const [former, next] = [workerd.key, Buffer.alloc(32, 'the next key ').toString('base64')]
    workerd.addSecret(next)
    const restart = async (...keys: string[]) => {
      await kill()
      await start()
      await ask.keys(keys)
    }
    const [stale, fresh] = [
      ['acme', 'c1', 'c2', 'c3', 'c4'],
      ['f1', 'f2', 'f3', 'f4', 'f5'],
    ]
    const ids = [...stale, ...fresh]
    await Promise.all(stale.map((id) => connect(id)))
    await advanceClock(3_600_000)
    await Promise.all(fresh.map((id) => connect(id)))
    await restart(next, former)
    const before = emulator.calls().token
    const [sealed, ...responses] = await Promise.all([
      ask.flow('reencryptAll', []),
      ...ids.map((id) => ask.accessTokens(id, 5)),
    ])
    test.expect(sealed.result).toMatchObject({ failed: [] })
    test.expect(emulator.calls().token - before).toBe(stale.length)
    test.expect((await ask.flow('reencryptAll', [])).result).toEqual({ done: 0, failed: [] })
    await restart(next)
    const again = await Promise.all(ids.map((id) => ask.accessTokens(id, 1)))
    test.expect(again.map(([one]) => one)).toEqual(responses.map(([one]) => one))
    test.expect(emulator.calls().token - before).toBe(stale.length)
    test.expect(workerd.leaked()).toEqual([])
    // With the former key only, no record can be decrypted, and none is lost.
    await restart(former)
    const { result } = await ask.flow('connections', [{ limit: 1 }])
    test
      .expect(result)
      .toMatchObject({ connections: [{ id: 'acme', status: 'active', unreadable: 'key-unknown' }] })
    test.expect(await errorCodeOf(ask.accessTokens('acme', 1))).toBe('key-unknown')
    test.expect(emulator.calls().token - before).toBe(stale.length)
  }, 40_000)
})

import { describe, it } from 'vitest'
import { errorCodeOf, startWorkerd, until } from './workerd/start.ts'

// Ids such as M14 in a title are explained in docs/trust.md.

const generousLimits = {
  refreshTokenBudget: { limit: 1000, windowSeconds: 60 },
  revocationScope: 'token',
} as const

describe.concurrent('a store of objects', () => {
  it('M14: a writer whose response was lost finds its write, and repeats nothing', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, advanceClock, connect, codeFor } = workerd
    emulator.configure(generousLimits)
    /** Runs the operation once for each of its writes, and loses the response to that write. */
    const loseEachResponse = async (
      name: string,
      operation: string,
      prepare: (id: string) => Promise<unknown>,
      ...given: unknown[]
    ) => {
      await prepare('acme')
      const { steps } = await ask.flow(operation, ['acme', ...given.map(codeFor)])
      const writes = steps.flatMap((step, n) => (step.startsWith('after write') ? [n] : []))
      for (const n of writes.keys()) await prepare(`${name} ${n}`)
      const before = emulator.calls()
      for (const [n, losesAt] of writes.entries()) {
        const run = await ask.flow(operation, [`${name} ${n}`, ...given.map(codeFor)], {
          as: `${name} ${n}`,
          losesAt,
        })
        // One more read finds the writer's own revision.
        test
          .expect(run.steps.slice(losesAt + 1, losesAt + 3))
          .toEqual(['before read', 'after read'])
        test.expect(run.steps).toHaveLength(steps.length + 2)
      }
      const { token, revoke } = emulator.calls()
      return { writes: writes.length, token: token - before.token, revoke: revoke - before.revoke }
    }
    test
      .expect(await loseEachResponse('new', 'connect', async () => {}, codeFor))
      .toEqual({ writes: 3, token: 3, revoke: 0 })
    test
      .expect(await loseEachResponse('over', 'connect', connect, codeFor))
      .toEqual({ writes: 2, token: 2, revoke: 0 })
    test
      .expect(
        await loseEachResponse('stale', 'accessToken', async (id) => {
          await connect(id)
          return advanceClock(3_600_000)
        }),
      )
      .toEqual({ writes: 2, token: 2, revoke: 0 })
    test
      .expect(await loseEachResponse('going', 'revoke', connect))
      .toEqual({ writes: 2, token: 0, revoke: 2 })
    const listed = await ask.list({ limit: 1000 })
    test
      .expect(
        listed.map(({ id, status, pending }) => `${id}: ${status}${pending ? ', pending' : ''}`),
      )
      .toEqual([
        'acme: revoked',
        'going 0: revoked',
        'going 1: revoked',
        'new 0: active',
        'new 1: active',
        'new 2: active',
        'over 0: active',
        'over 1: active',
        'stale 0: active',
        'stale 1: active',
      ])
  }, 40_000)

  it('M11, M12, M13: a hanging object: valid tokens are served, none is renewed', async (test) => {
    const { ask, emulator, gate, advanceClock, connect } = await startWorkerd(test)
    const timed = async (work: Promise<unknown>) => {
      const startedAt = performance.now()
      const outcome = await work.catch(({ code }: { code: string }) => code)
      return { outcome, ms: performance.now() - startedAt }
    }
    const calls = await connect('acme')
    const token = await ask.serve('acme')
    const [reading, , answering] = ['read before', 'write before', 'write after'].map(gate.hold)
    await ask.setGatePoints('c:acme', ['read before', 'write before'])
    await advanceClock(31_000) // Then the cached record is too old, and the client reads it again.
    const slow = await timed(ask.serve('acme'))
    await reading?.reached
    test.expect(slow.outcome).toBe(token)
    test.expect(slow.ms).toBeGreaterThan(900)
    test.expect(slow.ms).toBeLessThan(2_500)
    const fast = await timed(ask.serve('acme'))
    test.expect(fast.outcome).toBe(token)
    test.expect(fast.ms).toBeLessThan(700)
    await advanceClock(3_600_000)
    const stale = await timed(ask.serve('acme'))
    test.expect(stale.outcome).toBe('store-unavailable')
    test.expect(stale.ms).toBeLessThan(3_500)
    test.expect(emulator.calls().token).toBe(calls)

    // The object stores the record, but its responses arrive too late.
    await ask.setGatePoints('c:acme', ['write after'])
    const late = await timed(ask.serve('acme'))
    await answering?.reached
    test.expect(late.outcome).not.toBe(token)
    test.expect(late.ms).toBeGreaterThan(1_900) // Two writes.
    test.expect(emulator.calls().token).toBe(calls + 1)
    await ask.setGatePoints('c:acme', [])
    test.expect(await ask.accessTokens('acme', 1)).toMatchObject([{ accessToken: late.outcome }])
    test.expect(emulator.calls().token).toBe(calls + 1)
  }, 40_000)

  it('M17, R2: a row of another connection is not decrypted, and nothing is sent', async (test) => {
    const { ask, emulator, gate, connect } = await startWorkerd(test)
    emulator.configure(generousLimits)
    await connect('acme')
    for (const id of ['by write', 'by SQL', 'with its id']) await connect(id)
    const acme = (await ask.read('acme')).record ?? null
    await ask.write('by write', acme, (await ask.read('by write')).record?.revision ?? '')
    const copy = async (table: string, id: string) => {
      const [row = {}] = await ask.raw('c:acme', `SELECT * FROM ${table}`)
      const columns = Object.keys(row)
      await ask.raw(
        `c:${id}`,
        `INSERT OR REPLACE INTO ${table} VALUES (${columns.map(() => '?').join()})`,
        columns.map((column) => row[column] ?? null),
      )
    }
    await copy('zrecruit_connection', 'by SQL')
    await copy('zrecruit_connection', 'with its id')
    await copy('zrecruit_schedule', 'with its id')
    const before = emulator.calls()
    for (const id of ['by write', 'by SQL', 'with its id']) {
      await ask.abort(`c:${id}`) // The object forgets its own record, which it has cached.
      test.expect((await ask.read(id)).record).toEqual(acme)
      const refused = await Promise.all(
        [
          ask.accessTokens(id, 3),
          ask.revokeByObject(id, 3),
          ask.serve(id),
          ask.revoke(id),
          ask.flow('connect', [id, 'a-code']),
        ].map(errorCodeOf),
      )
      test.expect(refused).toEqual(refused.map(() => 'record-unreadable'))
      gate.passed.length = 0
      await ask.makeDue(`c:${id}`, Date.now())
      await until(() => gate.passed.includes('alarm after'))
    }
    const { result } = await ask.flow('connections', [])
    const listed = (
      result as { connections: { id: string; unreadable?: string }[] }
    ).connections.map(({ id, unreadable = 'opens' }) => `${id}: ${unreadable}`)
    test
      .expect(listed)
      .toEqual([
        'acme: opens',
        'by SQL: record-unreadable',
        'by write: record-unreadable',
        'with its id: record-unreadable',
      ])
    test.expect(emulator.calls()).toEqual(before)
    await ask.accessTokens('acme', 1)
    await ask.forget('by SQL')
    await connect('by SQL')
    await ask.accessTokens('by SQL', 1)
  }, 40_000)

  it('R1: the disk has no secret after the whole life of a connection', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, gate, kill, start, advanceClock, connect, codeFor } = workerd
    emulator.configure(generousLimits)
    const next = Buffer.alloc(32, 'the next key ').toString('base64')
    workerd.addSecret(next)
    const expectNoSecretOnDisk = () => test.expect(workerd.leaked()).toEqual([])
    for (const id of ['acme', 'forgotten']) await connect(id)
    expectNoSecretOnDisk()
    await connect('acme') // Another consent replaces the connection's grant.
    expectNoSecretOnDisk()
    await advanceClock(3_600_000)
    await ask.accessTokens('acme', 1)
    expectNoSecretOnDisk()
    const { reached } = gate.hold('worker /oauth/v2/token after')
    void errorCodeOf(ask.connect('lost', codeFor()))
    await reached
    expectNoSecretOnDisk()
    await kill()
    await start()
    await ask.keys([next, workerd.key])
    test.expect((await ask.flow('reencryptAll', [])).result).toEqual({ done: 3, failed: [] })
    expectNoSecretOnDisk()
    emulator.addFault({ on: 'revoke', kind: 'status', status: 503, times: 1 })
    test.expect(await errorCodeOf(ask.revoke('acme'))).toBe('revocation-failed')
    expectNoSecretOnDisk()
    await advanceClock(6_000)
    await ask.makeDue('c:acme', Date.now())
    await until(async () => (await ask.read('acme')).record?.status === 'revoked')
    await ask.forget('forgotten')
    await kill()
    expectNoSecretOnDisk()
  }, 40_000)
})

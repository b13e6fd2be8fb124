import { createRecord } from '@zrecruit/testing/records'
import { describe, it } from 'vitest'
import { errorCodeOf, pause, startWorkerd, until } from './workerd/start.ts'

// Ids such as G7 in a title are explained in docs/trust.md.

const revokePath = '/oauth/v2/revoke/token'
const all = { limit: 1000 }

describe.concurrent('the object of a connection', () => {
  it('refreshes once for fifty callers by RPC', async (test) => {
    const { ask, emulator, connect } = await startWorkerd(test)
    const before = await connect('acme', { stale: true })
    const responses = await ask.accessTokens('acme', 50)
    test.expect(emulator.calls().token - before).toBe(1)
    const [token, ...others] = new Set(responses.map(({ accessToken }) => accessToken))
    test.expect(others).toEqual([])
    test.expect(emulator.tokens().accessTokens.map((living) => living.token)).toContain(token)
    test.expect(responses[0]?.dataCenter).toBe('eu')
  })

  it('does not update the index after a refresh', async (test) => {
    const { ask, gate, connect } = await startWorkerd(test)
    await connect('acme', { stale: true })
    await ask.accessTokens('acme', 1)
    test
      .expect(gate.passed)
      .toEqual(['object /oauth/v2/token before', 'object /oauth/v2/token after'])
    await ask.revoke('acme')
    test.expect(gate.passed).toContain('applyUpdate before')
  })

  it('throws core’s errors, and stores nothing for a missing connection', async (test) => {
    const { ask, emulator, connect } = await startWorkerd(test)
    test.expect(await errorCodeOf(ask.accessTokens('nobody', 1))).toBe('not-connected')
    test.expect(await ask.inspect('c:nobody')).toEqual({ tables: [], alarm: null })
    await connect('acme', { stale: true })
    emulator.addFault({ on: 'token', kind: 'throttle' })
    await test
      .expect(ask.accessTokens('acme', 1))
      .rejects.toMatchObject({ code: 'throttled', retryAt: test.expect.any(Number) })
  })

  it('knows immediately that a Worker has revoked', async (test) => {
    const { ask, connect } = await startWorkerd(test)
    await connect('acme')
    await ask.accessTokens('acme', 1)
    await ask.revoke('acme')
    test.expect(await errorCodeOf(ask.accessTokens('acme', 1))).toBe('connection-revoked')
  })

  it('finishes a Worker’s failed revocation by its alarm, within Zoho’s limit', async (test) => {
    const { ask, emulator, gate, advanceClock, connect } = await startWorkerd(test)
    await connect('acme')
    emulator.addFault({ on: 'revoke', kind: 'status', status: 503, times: 1 })
    emulator.addFault({ on: 'revoke', kind: 'throttle', times: 1 })
    emulator.addFault({ on: 'revoke', kind: 'status', status: 503, times: 1 })
    test.expect(await errorCodeOf(ask.revoke('acme'))).toBe('revocation-failed')
    test
      .expect(await ask.list({ pending: true, limit: 9 }))
      .toMatchObject([{ id: 'acme', status: 'revoking' }])
    const runAlarm = async () => {
      gate.passed.length = 0
      await ask.makeDue('c:acme', Date.now()) // By itself, the alarm would run ten seconds later.
      await until(() => gate.passed.includes('alarm after'))
    }
    await runAlarm()
    // The pause of five seconds after a failure has not ended.
    test.expect(emulator.calls().revoke).toBe(1)
    await advanceClock(6_000)
    await runAlarm()
    const { schedule, alarm } = await ask.inspect('c:acme')
    test.expect(schedule?.maintenance_at).toBe(alarm)
    test.expect(alarm).toBeGreaterThan(Date.now() + 9 * 60_000)
    test.expect(emulator.tokens().refreshTokens).toHaveLength(1)
    await advanceClock(11 * 60_000)
    await runAlarm()
    // The next pause is as long as the time since the first failure.
    test.expect((await ask.inspect('c:acme')).alarm).toBeGreaterThan(Date.now() + 20 * 60_000)
    await advanceClock(12 * 60_000)
    await runAlarm()
    await until(async () => (await ask.read('acme')).record?.status === 'revoked')
    test.expect(emulator.tokens().refreshTokens).toEqual([])
    test.expect(emulator.calls().revoke).toBe(4)
    await until(async () => (await ask.list({ pending: true, limit: 9 })).length === 0)
    await until(async () => (await ask.inspect('c:acme')).alarm === null)
  })

  it('revokes once for its alarm and twenty callers', async (test) => {
    const { ask, emulator, gate, advanceClock, connect } = await startWorkerd(test)
    await connect('acme')
    emulator.addFault({ on: 'revoke', kind: 'status', status: 503, times: 1 })
    test.expect(await errorCodeOf(ask.revoke('acme'))).toBe('revocation-failed')
    await advanceClock(6_000)
    const { reached } = gate.hold(`object ${revokePath} before`)
    await ask.makeDue('c:acme', Date.now())
    await reached
    const callers = ask.revokeByObject('acme', 20)
    await pause(200)
    gate.letThrough(`object ${revokePath} before`)
    await callers
    test.expect(emulator.calls().revoke).toBe(2)
  })

  it('closes an exchange after 20 s, and accepts a grant that arrives later', async (test) => {
    const { ask, emulator, gate, advanceClock, connect, codeFor } = await startWorkerd(test)
    const calls = await connect('acme')
    const [before] = await ask.accessTokens('acme', 1)
    const { reached } = gate.hold('worker /oauth/v2/token before')
    const exchange = ask.connect('acme', codeFor())
    await reached
    const { alarm } = await ask.inspect('c:acme')
    test.expect(Math.abs((alarm ?? 0) - Date.now() - 21_000)).toBeLessThan(5_000)
    test
      .expect(await ask.list({ pending: true, limit: 9 }))
      .toMatchObject([{ id: 'acme', status: 'active' }])
    await advanceClock(21_000)
    await ask.makeDue('c:acme', Date.now())
    await until(async () => (await ask.list({ pending: true, limit: 9 })).length === 0)
    await until(async () => (await ask.inspect('c:acme')).alarm === null)
    test.expect(await ask.accessTokens('acme', 1)).toEqual([before])
    gate.letThrough('worker /oauth/v2/token before')
    await exchange
    const [after] = await ask.accessTokens('acme', 1)
    test.expect(after).not.toEqual(before)
    test.expect(emulator.calls().token).toBe(calls + 1)
  })

  it('G7: serves only the client of its class, with a hint for others', async (test) => {
    const { ask, emulator, connect } = await startWorkerd(test)
    await connect('acme')
    const [before, rows] = [emulator.calls(), await ask.list(all)]
    for (const call of [ask.accessTokens, ask.revokeByObject])
      await test.expect(call('acme', 1, '1000.OTHER')).rejects.toMatchObject({
        code: 'configuration-invalid',
        message: test.expect.stringContaining('its own class and binding'),
      })
    test.expect((await ask.inspect('other:acme')).tables).toEqual([])
    test.expect([emulator.calls(), await ask.list(all)]).toEqual([before, rows])
    await ask.accessTokens('acme', 1)
  })

  it('G7: ignores another client’s pending work, logs that, and retries rarely', async (test) => {
    const { ask, emulator, gate, log } = await startWorkerd(test)
    await ask.leaveOther('acme')
    test.expect(await ask.list(all), 'the list for the client of the class').toEqual([])
    gate.passed.length = 0
    await ask.makeDue('other:acme', Date.now())
    await until(() => gate.passed.includes('alarm after'))
    await until(() => log.join('').includes('has another `clientId`'))
    test.expect((await ask.inspect('other:acme')).alarm).toBeGreaterThan(Date.now())
    test.expect(emulator.calls()).toMatchObject({ token: 0, revoke: 0 })
    test.expect(await errorCodeOf(ask.accessTokens('acme', 1))).toBe('not-connected')
  })

  it('removes leftover rows of a forgotten connection, and finally itself', async (test) => {
    const { ask, emulator, gate, advanceClock, connect } = await startWorkerd(test)
    await connect('acme')
    await ask.forget('acme')
    test.expect(await ask.list(all)).toEqual([{ id: 'acme', status: 'none', pending: true }])
    gate.passed.length = 0
    await ask.makeDue('c:acme', Date.now())
    await until(() => gate.passed.includes('alarm after'))
    test.expect(await ask.list(all)).toHaveLength(1)
    await advanceClock(31 * 60_000)
    await ask.makeDue('c:acme', Date.now())
    await until(async () => (await ask.list(all)).length === 0)
    test.expect((await ask.read('acme')).record).toBeUndefined()
    // The object removes itself more than a day later. It sets this alarm after the row is gone.
    const dayLater = Date.now() + 24 * 3_600_000
    await until(async () => ((await ask.inspect('c:acme')).alarm ?? 0) > dayLater)
    test.expect((await ask.inspect('c:acme')).tables).toHaveLength(2)
    await ask.makeDue('c:acme', Date.now())
    await until(async () => (await ask.inspect('c:acme')).tables.length === 0)
    await until(async () => (await ask.inspect('c:acme')).alarm === null)
    await connect('acme')
    test
      .expect(await ask.list(all))
      .toEqual([
        { id: 'acme', status: 'active', pending: false, principal: 'ann', dataCenter: 'eu' },
      ])
    test.expect(emulator.calls().revoke).toBe(0)
  })
})

describe.concurrent('the index', () => {
  it('ignores late updates, even of a removed connection', async (test) => {
    const { ask } = await startWorkerd(test)
    await ask.write('acme', createRecord({ revision: 'r1' }), 'absent')
    const { schedule } = await ask.inspect('c:acme')
    const late = {
      id: 'acme',
      sequence: schedule?.sequence ?? 0,
      fields: { status: 'revoking' as const, pending: true },
    }
    await ask.publish(late)
    test.expect(await ask.list(all)).toEqual([{ id: 'acme', status: 'active', pending: false }])
    await ask.write('acme', null, 'r1')
    await ask.publish(late)
    test.expect(await ask.list(all)).toEqual([])
  })

  it('loses no write while it does not respond: the alarm publishes again', async (test) => {
    const { ask, gate } = await startWorkerd(test)
    const { reached } = gate.hold('applyUpdate before')
    const writing = ask.write('acme', createRecord({ revision: 'r1', principal: 'ann' }), 'absent')
    await reached
    // The write returns although the index still waits at the gate.
    test.expect((await writing).written).toBe(true)
    test
      .expect((await ask.read('acme')).record)
      .toEqual(createRecord({ revision: 'r1', principal: 'ann' }))
    await ask.abort('index')
    gate.letThrough('applyUpdate before')
    await until(async () => (await ask.list({ principal: 'ann', limit: 1 })).length === 1)
    await until(async () => (await ask.inspect('c:acme')).alarm === null)
  })

  it('has one row for each connection, even with many concurrent writers', async (test) => {
    const { ask } = await startWorkerd(test)
    const ids = Array.from({ length: 8 }, (_, n) => `c${n}`)
    const revisions = await Promise.all(
      ids.map(async (id) => {
        let revision = 'absent'
        for (let round = 0; round < 10; round++) {
          const contenders = Array.from({ length: 8 }, (_, n) =>
            createRecord({ revision: `${id} ${round} ${n}`, principal: `principal ${round} ${n}` }),
          )
          const responses = await Promise.all(
            contenders.map((contender) => ask.write(id, contender, revision)),
          )
          const winners = contenders.filter((_, n) => responses[n]?.written)
          test.expect(winners).toHaveLength(1)
          revision = winners[0]?.revision ?? ''
        }
        return revision
      }),
    )
    test.expect(await ask.list(all)).toEqual(
      ids.map((id, n) => ({
        id,
        status: 'active',
        pending: false,
        principal: `principal ${revisions[n]?.slice(3)}`,
      })),
    )
  })
})

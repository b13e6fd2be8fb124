import { createRecord } from '@zrecruit/testing/records'
import { describe, it } from 'vitest'
import { errorCodeOf, pause, startWorkerd, until } from './workerd/start.ts'

type Workerd = Awaited<ReturnType<typeof startWorkerd>>

const all = { limit: 1000 }
const tokenPath = 'object /oauth/v2/token'
const revokePath = '/oauth/v2/revoke/token'

/** The ways in which one object, or all of them, can end between two instructions. */
const ends: {
  readonly title: string
  readonly end: (workerd: Workerd, ...names: string[]) => Promise<unknown>
}[] = [
  {
    title: 'its process killed',
    async end({ kill, start }) {
      await kill()
      await start()
    },
  },
  {
    title: 'evicted',
    end: ({ ask }, ...names) => Promise.all(names.map((name) => ask.abort(name))),
  },
]

describe.concurrent.each(ends)('the object of a connection, $title', ({ end }) => {
  it('during a refresh: at most one more request, and the record is complete', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, gate, connect } = workerd
    const before = await connect('acme', { stale: true })
    const { reached } = gate.hold(`${tokenPath} after`)
    const callers = errorCodeOf(ask.accessTokens('acme', 10))
    await reached
    await end(workerd, 'c:acme')
    await callers
    gate.letThrough(`${tokenPath} after`)
    const responses = await ask.accessTokens('acme', 10)
    test.expect(new Set(responses.map(({ accessToken }) => accessToken)).size).toBe(1)
    test.expect(emulator.calls().token - before).toBe(2)
    test
      .expect(await ask.list(all))
      .toEqual([
        { id: 'acme', status: 'active', pending: false, principal: 'ann', dataCenter: 'eu' },
      ])
    test.expect(workerd.leaked()).toEqual([])
  }, 40_000)

  it('during a revocation by a Worker: the alarm finishes it', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, gate, connect } = workerd
    await connect('acme')
    const { reached } = gate.hold(`worker ${revokePath} before`)
    const caller = errorCodeOf(ask.revoke('acme'))
    await reached
    await workerd.kill() // The Worker that revoked is gone.
    await caller
    await workerd.start()
    await end(workerd, 'c:acme')
    test.expect(emulator.tokens().refreshTokens).toHaveLength(1)
    await until(async () => emulator.tokens().refreshTokens.length === 0)
    await until(async () => (await ask.read('acme')).record?.status === 'revoked')
    test.expect(emulator.calls().revoke).toBe(1)
    await until(async () => (await ask.list({ pending: true, limit: 9 })).length === 0)
    test.expect(workerd.leaked()).toEqual([])
  }, 40_000)

  it('during its own revocation: the alarm finishes it', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, gate, connect } = workerd
    await connect('acme')
    const { reached } = gate.hold(`object ${revokePath} before`)
    const caller = errorCodeOf(ask.revokeByObject('acme', 1))
    await reached
    await end(workerd, 'c:acme')
    await caller
    gate.letThrough(`object ${revokePath} before`)
    test.expect(emulator.tokens().refreshTokens).toHaveLength(1)
    await until(async () => (await ask.read('acme')).record?.status === 'revoked')
    test.expect(emulator.tokens().refreshTokens).toEqual([])
    test.expect(emulator.calls().revoke).toBe(1)
    test.expect(await errorCodeOf(ask.accessTokens('acme', 1))).toBe('connection-revoked')
  }, 40_000)

  it('while its alarm revokes: the next alarm finishes it', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, gate, connect } = workerd
    await connect('acme')
    const [byWorker, byObject] = [
      gate.hold(`worker ${revokePath} before`),
      gate.hold(`object ${revokePath} before`),
    ]
    void errorCodeOf(ask.revoke('acme'))
    await byWorker.reached
    await workerd.kill()
    await workerd.start()
    await ask.makeDue('c:acme', Date.now())
    await byObject.reached
    await end(workerd, 'c:acme')
    gate.letThrough(`object ${revokePath} before`)
    await until(async () => (await ask.read('acme')).record?.status === 'revoked')
    test.expect(emulator.calls().revoke).toBe(1)
  }, 40_000)

  it.for(['applyUpdate before', 'applyUpdate after'])(
    'during an index update, %s: the write is kept, and the index receives it',
    { timeout: 40_000 },
    async (point, test) => {
      const workerd = await startWorkerd(test)
      const { ask, gate } = workerd
      await ask.write('acme', createRecord({ revision: 'r1', principal: 'ann' }), 'absent')
      // No further update follows for this connection.
      await until(async () => (await ask.inspect('c:acme')).alarm === null)
      const { reached } = gate.hold(point)
      const writing = errorCodeOf(
        ask.write('acme', createRecord({ revision: 'r2', principal: 'bea' }), 'r1'),
      )
      await reached
      await end(workerd, 'c:acme', 'index')
      await writing
      gate.letThrough(point)
      test
        .expect((await ask.read('acme')).record)
        .toEqual(createRecord({ revision: 'r2', principal: 'bea' }))
      await until(async () => (await ask.list({ principal: 'bea', limit: 9 })).length === 1)
      test
        .expect(await ask.list(all))
        .toEqual([{ id: 'acme', status: 'active', pending: false, principal: 'bea' }])
      await until(async () => (await ask.inspect('c:acme')).alarm === null)
    },
  )
})

describe.concurrent('many objects, their process killed', () => {
  it('during writes: acknowledged writes are kept, others are complete or absent', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, kill, start } = workerd
    const ids = Array.from({ length: 12 }, (_, n) => `c${n}`)
    const known = new Map(ids.map((id) => [id, { acknowledged: 'absent', sent: 'absent' }]))
    for (let life = 0; life < 3; life++) {
      let writes = 0
      const writers = ids.map(async (id) => {
        for (let round = 0; ; round++) {
          const mine = known.get(id) as { acknowledged: string; sent: string }
          mine.sent = `${id} ${life} ${round}`
          // The indexed fields change with each write, so each needs an index update.
          const { written } = await ask.write(
            id,
            createRecord({ revision: mine.sent, principal: mine.sent, pending: round % 2 === 0 }),
            mine.acknowledged,
          )
          test.expect(written).toBe(true)
          mine.acknowledged = mine.sent
          writes++
        }
      })
      const stopped = Promise.allSettled(writers)
      await until(() => writes > 60)
      await kill()
      for (const outcome of await stopped)
        if (outcome.status === 'rejected' && /expected/.test(String(outcome.reason)))
          throw outcome.reason
      await start()
      for (const id of ids) {
        const { acknowledged, sent } = known.get(id) as { acknowledged: string; sent: string }
        const record = (await ask.read(id)).record
        test.expect([acknowledged, sent]).toContain(record?.revision ?? 'absent')
        if (record)
          test.expect(record).toEqual(
            createRecord({
              revision: record.revision,
              principal: record.revision,
              pending: record.pending,
            }),
          )
        known.set(id, { acknowledged: record?.revision ?? 'absent', sent: '' })
      }
    }
    const principals = async () =>
      (await ask.list(all)).map(({ id, principal }) => `${id}: ${principal}`).toSorted()
    await until(
      async () =>
        JSON.stringify(await principals()) ===
        JSON.stringify(
          [...known].map(([id, { acknowledged }]) => `${id}: ${acknowledged}`).toSorted(),
        ),
    )
  }, 40_000)

  it('while idle: the next process serves the stored connections', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, kill, start, connect } = workerd
    const calls = await connect('acme')
    const [before] = await ask.accessTokens('acme', 1)
    await kill()
    await start()
    test.expect(await ask.accessTokens('acme', 1)).toEqual([before])
    // workerd evicts an object that has been idle for ten seconds.
    await pause(12_000)
    test.expect(await ask.accessTokens('acme', 1)).toEqual([before])
    test.expect(emulator.calls().token).toBe(calls)
    test.expect(workerd.leaked()).toEqual([])
  }, 40_000)
})

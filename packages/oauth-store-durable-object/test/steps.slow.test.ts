import { describe, it } from 'vitest'
import { errorCodeOf, startWorkerd, until } from './workerd/start.ts'

// Ids such as L4 in a title are explained in docs/trust.md.

type Workerd = Awaited<ReturnType<typeof startWorkerd>>

const token = 'before /oauth/v2/token'
const pending = { pending: true, limit: 1000 } as const

/** One Zoho user connects all connections of these tests. */
const generousLimits = {
  refreshTokenBudget: { limit: 1000, windowSeconds: 60 },
  liveRefreshTokens: 1000,
  revocationScope: 'token',
} as const

/**
 * Starts an operation on as many connections as it has steps, stops each at a different step, and
 * kills all of them at the same moment: Worker and objects are one process. Then it starts the
 * process again on the same disk.
 */
const killedAtEachStep = async (
  { ask, emulator, gate, kill, start }: Workerd,
  operation: string,
  given: (id: string) => unknown[],
  prepare: (ids: readonly string[]) => Promise<unknown>,
) => {
  emulator.configure(generousLimits)
  await prepare(['acme'])
  const { steps } = await ask.flow(operation, given('acme'))
  const ids = steps.map((_, n) => `acme ${n}`)
  await prepare(ids)
  const before = emulator.calls().token
  // One after another: on a busy machine, parallel starts could exceed core's time limit for the
  // store.
  for (const [stopsAt, as] of ids.entries()) {
    const { reached } = gate.hold(`${as} stops`)
    const ended = errorCodeOf(ask.flow(operation, given(as), { as, stopsAt }))
    await Promise.race([
      reached,
      ended.then((code) => Promise.reject(new Error(`${as} ended too early: ${code}`))),
    ])
  }
  await kill()
  await start()
  return {
    steps,
    ids,
    /** The connections that had passed the first (or last) occurrence of this step. */
    past: (step: string, last = false) =>
      ids.filter((_, n) => n > (last ? steps.lastIndexOf(step) : steps.indexOf(step))),
    calls: () => emulator.calls().token - before,
  }
}

const without = (ids: readonly string[], others: readonly string[]) =>
  ids.filter((id) => !others.includes(id))
const everySecond = (ids: readonly string[]) => ids.filter((_, n) => n % 2 === 0)

/** Lets alarms of the objects finish half of the pending work, and `recover()` the rest. */
const finishPendingWork = async ({ ask }: Workerd): Promise<unknown> => {
  const left = (await ask.list(pending)).map(({ id }) => id)
  const byAlarm = everySecond(left)
  await Promise.all(byAlarm.map((id) => ask.makeDue(`c:${id}`, Date.now())))
  const still = async () => (await ask.list(pending)).map(({ id }) => id)
  await until(async () => without(byAlarm, await still()).length === byAlarm.length)
  const { result } = await ask.flow('recover', [])
  return { left, ...(result as object), still: await still() }
}

describe.concurrent('a Worker and its objects, killed at each step', () => {
  it('during an exchange: sends the code once, and connecting again works', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, advanceClock, codeFor } = workerd
    const { steps, ids, past, calls } = await killedAtEachStep(
      workerd,
      'connect',
      (id) => [id, codeFor()],
      async () => {},
    )
    test
      .expect(steps.filter((step) => step.startsWith('before')))
      .toEqual([
        'before read',
        'before write of none',
        token,
        'before read',
        'before write of active',
        test.expect.stringContaining('before /recruit/v2/'),
        test.expect.stringContaining('before /recruit/v2/'),
        'before read',
        'before write of active',
      ])
    const [started, sent, stored] = [
      past('before write of none'),
      past(token),
      past('before write of active'),
    ]
    test.expect(calls()).toBe(sent.length)
    await advanceClock(21_000)
    test
      .expect((await ask.list(pending)).map(({ id }) => id))
      .toEqual([...without(started, stored)].toSorted())
    test
      .expect(await ask.flow('recover', []))
      .toMatchObject({ result: { done: without(started, stored).length, failed: [] } })
    await Promise.all(without(ids, stored).map((id) => ask.connect(id, codeFor())))
    await Promise.all(ids.map((id) => ask.accessTokens(id, 2)))
    test.expect(calls()).toBe(sent.length + without(ids, stored).length)
    test.expect(await ask.list(pending)).toEqual([])
    // Grants that were never stored: one for each kill between Zoho's response and the write.
    test
      .expect(emulator.tokens().refreshTokens)
      .toHaveLength(1 + ids.length + without(sent, stored).length)
    test.expect(workerd.leaked()).toEqual([])
  }, 40_000)

  it('during a second consent: keeps serving the old or the new token', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, advanceClock, codeFor } = workerd
    const { ids, past, calls } = await killedAtEachStep(
      workerd,
      'connect',
      (id) => [id, codeFor()],
      (fresh) => Promise.all(fresh.map((id) => ask.connect(id, codeFor()))),
    )
    const [started, sent, stored] = [
      past('before write of active'),
      past(token),
      past('before write of active', true),
    ]
    await Promise.all(ids.map((id) => ask.accessTokens(id, 2)))
    test.expect(calls()).toBe(sent.length)
    await advanceClock(21_000)
    const left = without(started, stored).toSorted()
    test.expect(left.length).toBeGreaterThan(4)
    test
      .expect(await finishPendingWork(workerd))
      .toEqual({ left, done: left.length - everySecond(left).length, failed: [], still: [] })
    test.expect(await ask.list({ limit: 1000 })).toEqual(
      ['acme', ...ids].toSorted().map((id) => ({
        id,
        status: 'active',
        pending: false,
        principal: 'ann',
        dataCenter: 'eu',
      })),
    )
    test.expect(workerd.leaked()).toEqual([])
  }, 40_000)

  it('during a refresh: makes at most one more request', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, advanceClock, codeFor } = workerd
    const { steps, ids, past, calls } = await killedAtEachStep(
      workerd,
      'accessToken',
      (id) => [id],
      async (fresh) => {
        await Promise.all(fresh.map((id) => ask.connect(id, codeFor())))
        await advanceClock(3_600_000)
      },
    )
    test
      .expect(steps.filter((step) => step.startsWith('before')))
      .toEqual([
        'before read',
        'before write of active',
        token,
        'before read',
        'before write of active',
      ])
    await advanceClock(10_000) // The leases of the killed process expire.
    const responses = await Promise.all(ids.map((id) => ask.accessTokens(id, 5)))
    for (const response of responses)
      test.expect(new Set(response.map(({ accessToken }) => accessToken)).size).toBe(1)
    test
      .expect(calls())
      .toBe(past(token).length + without(ids, past('before write of active', true)).length)
    test.expect(await ask.list(pending)).toEqual([])
    test.expect(workerd.leaked()).toEqual([])
  }, 40_000)

  it('L4: during a revocation: revokes that connection and no other', async (test) => {
    const workerd = await startWorkerd(test)
    const { ask, emulator, advanceClock, codeFor } = workerd
    const { ids, past, calls } = await killedAtEachStep(
      workerd,
      'revoke',
      (id) => [id],
      (fresh) => Promise.all(fresh.map((id) => ask.connect(id, codeFor()))),
    )
    const [ordered, sent, confirmed] = [
      past('before write of revoking'),
      past('before /oauth/v2/revoke/token'),
      past('before write of revoked'),
    ]
    for (const code of await Promise.all(ordered.map((id) => errorCodeOf(ask.accessTokens(id, 1)))))
      test.expect(code).toBe('connection-revoked')
    await advanceClock(11_000)
    const left = without(ordered, confirmed).toSorted()
    test.expect(left.length).toBeGreaterThan(4)
    test
      .expect(await finishPendingWork(workerd))
      .toEqual({ left, done: left.length - everySecond(left).length, failed: [], still: [] })
    const standing = without(ids, ordered)
    await Promise.all(standing.map((id) => ask.accessTokens(id, 1)))
    test.expect(emulator.tokens().refreshTokens).toHaveLength(standing.length)
    // Zoho no longer knows the token. It counts as revoked once the token endpoint confirms that.
    test.expect(calls()).toBe(without(sent, confirmed).length)
    test.expect(workerd.leaked()).toEqual([])
  }, 40_000)
})

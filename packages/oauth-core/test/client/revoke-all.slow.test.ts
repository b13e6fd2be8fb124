import { expect, it } from 'vitest'
import { respond, json } from '../endpoints/server.ts'
import { errorCodeOf, grant, minute, startSetup, times } from './setup.ts'

it(
  'L9: revokes 1,000 connections when it is called again after Zoho failed half-way',
  { timeout: 180_000 },
  async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    const zoho = setup.client()
    const ids = times(1_000, (n) => `c${n}`)
    // Only ten at once: each exchange has a real deadline of 6 s, which more of them would miss
    // on a busy machine.
    for (let from = 0; from < ids.length; from += 10) {
      const some = ids.slice(from, from + 10)
      await Promise.all(
        some.map((id) =>
          zoho.connection(id).exchangeSelfClientCode(`code.of.${id}`, { principal: 'ann' }),
        ),
      )
    }
    setup.server.received.length = 0
    let calls = 0
    setup.script.revoke = (response, request) =>
      (++calls > 500 ? respond('', 503) : json({ status: 'success' }))(response, request)
    const startedAt = setup.time.now()
    const half = await zoho.revokeAll('ann')
    expect(half.done + half.failed.length).toBe(1_000)
    expect(half.done).toBeLessThan(1_000)
    expect(new Set(half.failed.map(({ error }) => error.code))).toEqual(
      new Set(['revocation-failed']),
    )
    expect(half.failed[0]?.error.retryAt).toBeGreaterThan(startedAt)
    // Every connection refuses its callers at once, even if Zoho has not confirmed.
    expect(
      await errorCodeOf(
        setup
          .client()
          .connection(half.failed[0]?.id as string)
          .accessToken(),
      ),
    ).toBe('connection-revoked')
    setup.script.revoke = json({ status: 'success' })
    setup.time.advance(2 * minute)
    expect(await setup.client().recover()).toEqual({
      done: half.failed.length,
      failed: [],
      next: undefined,
    })
    expect((await setup.store.list({ pending: true, limit: 1 })).length).toBe(0)
    expect(
      (await zoho.connections({ limit: 1_000 })).connections.every(
        ({ status }) => status === 'revoked',
      ),
    ).toBe(true)
  },
)

import { describe, expect, it } from 'vitest'
import type { RecruitOAuthError } from '../../src/index.ts'
import { json } from '../endpoints/server.ts'
import { rows } from './matrix.ts'
import { expectDeadline, isSlow, optionsFor, storedStateOf } from './matrix-setup.ts'
import { errorCodeOf, connect, startSetup, minute, pause, second } from './setup.ts'

const cells = rows.flatMap((row) =>
  ['valid', 'stale'].map((freshness) => ({
    ...row,
    freshness,
    name: `${row.title}, with a ${freshness} access token`,
  })),
)

describe('3.4: the outcome of a revocation that is answered with', () => {
  it.concurrent.for(cells)(
    '$name is the expected one, and no caller gets a token once revocation began',
    async ({ freshness, ...row }, { onTestFinished: finished }) => {
      const { reply, transport, revocation } = row
      const { code, remedy, calls, status, coolDown } = revocation
      const setup = await startSetup({ finished })
      await connect(setup)
      const { counted, options } = optionsFor(row)
      const acme = setup.client(options).connection('acme')
      await acme.accessToken()
      if (freshness === 'stale') setup.time.advance(61 * minute)
      if (reply) setup.script.token = setup.script.revoke = reply

      const startedAt = performance.now()
      const attempt = acme.revoke().then(
        () => undefined,
        (error: RecruitOAuthError) => error,
      )
      // The intent is stored before the request to Zoho: from now on every process refuses its
      // callers at once.
      while ((await storedStateOf(setup)).status === 'active') await pause(1)
      const others = [acme, setup.client().connection('acme')].map((one) =>
        errorCodeOf(one.accessToken()),
      )
      expect(await Promise.all(others)).toEqual(['connection-revoked', 'connection-revoked'])
      const error = await attempt
      const tookMs = performance.now() - startedAt
      expect([error?.code ?? 'ok', error?.remedy]).toEqual([code, remedy])
      if (isSlow(row)) expectDeadline(tookMs)
      const arrived = transport ? 0 : calls
      expect([counted.tries, setup.server.received.length]).toEqual([calls, arrived])

      const stored = await storedStateOf(setup)
      expect([stored.status, stored.coolDown?.code]).toEqual([status, coolDown?.code])
      if (coolDown)
        expect(Math.abs((error?.retryAt ?? 0) - setup.time.now() - coolDown.ms)).toBeLessThan(
          4 * second,
        )
      expect(await errorCodeOf(setup.client().connection('acme').accessToken())).toBe(
        'connection-revoked',
      )
      expect(setup.server.received.length).toBe(arrived)

      // Calling `revoke()` again after `retryAt` finishes a pending revocation.
      setup.script.revoke = json({ status: 'success' })
      if (error?.retryAt !== undefined) {
        expect(await errorCodeOf(setup.client().connection('acme').revoke())).toBe(
          'revocation-failed',
        )
        expect(setup.server.received.length).toBe(arrived)
        setup.time.advance(error.retryAt - setup.time.now() + second)
      }
      expect([
        await errorCodeOf(setup.client().connection('acme').revoke()),
        (await storedStateOf(setup)).status,
      ]).toEqual(['ok', 'revoked'])
    },
  )
})

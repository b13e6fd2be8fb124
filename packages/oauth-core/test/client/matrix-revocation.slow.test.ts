import { describe, expect, it } from 'vitest'
import type { RecruitOAuthError } from '../../src/index.ts'
import { json } from '../endpoints/server.ts'
import { rows } from './matrix.ts'
import { optionsFor, isSlow, storedIn } from './matrix-setup.ts'
import { codeOf, connect, house, minute, pause, second } from './house.ts'

const cells = rows.flatMap((row) =>
  ['valid', 'stale'].map((freshness) => ({
    ...row,
    freshness,
    name: `${row.title}, with a ${freshness} access token`,
  })),
)

describe('3.4: the outcome of a revocation that is answered with', () => {
  it.concurrent.for(cells)(
    '$name: no caller gets a token once it began',
    async ({ freshness, ...row }, { onTestFinished: finished }) => {
      const { reply, transport, revocation } = row
      const { code, remedy, calls, status, coolDown } = revocation
      const home = await house({ finished })
      await connect(home)
      const { counted, options } = optionsFor(row)
      const acme = home.client(options).connection('acme')
      await acme.accessToken()
      if (freshness === 'stale') home.time.push(61 * minute)
      if (reply) home.script.token = home.script.revoke = reply

      const startedAt = performance.now()
      const attempt = acme.revoke().then(
        () => undefined,
        (error: RecruitOAuthError) => error,
      )
      // The intent is stored before the request to Zoho: from now on every process refuses its
      // callers at once.
      while ((await storedIn(home)).status === 'active') await pause(1)
      const others = [acme, home.client().connection('acme')].map((one) =>
        codeOf(one.accessToken()),
      )
      expect(await Promise.all(others)).toEqual(['connection-revoked', 'connection-revoked'])
      const error = await attempt
      const tookMs = performance.now() - startedAt
      expect([error?.code ?? 'ok', error?.remedy]).toEqual([code, remedy])
      if (isSlow(row)) expect(Math.abs(tookMs - 6 * second)).toBeLessThan(second)
      const arrived = transport ? 0 : calls
      expect([counted.tries, home.server.received.length]).toEqual([calls, arrived])

      const stored = await storedIn(home)
      expect([stored.status, stored.coolDown?.code]).toEqual([status, coolDown?.code])
      if (coolDown)
        expect(Math.abs((error?.retryAt ?? 0) - home.time.now() - coolDown.ms)).toBeLessThan(
          4 * second,
        )
      expect(await codeOf(home.client().connection('acme').accessToken())).toBe(
        'connection-revoked',
      )
      expect(home.server.received.length).toBe(arrived)

      // Calling `revoke()` again after `retryAt` finishes a pending revocation.
      home.script.revoke = json({ status: 'success' })
      if (error?.retryAt !== undefined) {
        expect(await codeOf(home.client().connection('acme').revoke())).toBe('revocation-failed')
        expect(home.server.received.length).toBe(arrived)
        home.time.push(error.retryAt - home.time.now() + second)
      }
      expect([
        await codeOf(home.client().connection('acme').revoke()),
        (await storedIn(home)).status,
      ]).toEqual(['ok', 'revoked'])
    },
  )
})

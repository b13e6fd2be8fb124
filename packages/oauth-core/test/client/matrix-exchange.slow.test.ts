import { describe, expect, it } from 'vitest'
import type { RecruitOAuthError } from '../../src/index.ts'
import { rows } from './matrix.ts'
import { expectDeadline, isSlow, optionsFor, storedStateOf } from './matrix-setup.ts'
import { errorCodeOf, connect, startSetup, pause, startConsent, second } from './setup.ts'

const cells = rows.flatMap((row) =>
  ['no connection', 'a connection with a valid token'].map((where) => ({
    ...row,
    where,
    name: `${row.title}, with ${where}`,
  })),
)

describe('3.4: the outcome of an exchange that is answered with', () => {
  it.concurrent.for(cells)(
    '$name is final, and the code is not sent twice',
    async ({ where, ...row }, { onTestFinished: finished }) => {
      const { reply, transport, exchange } = row
      const { code, remedy, calls, status = 'none' } = exchange
      const setup = await startSetup({ finished })
      const isConnected = where !== 'no connection'
      if (isConnected) await connect(setup)
      const acme = setup.client().connection('acme')
      const valid = isConnected ? await acme.accessToken() : undefined
      const { counted, options } = optionsFor(row)
      if (reply) setup.script.token = reply
      const browser = await startConsent(setup.options(options))

      const startedAt = performance.now()
      const attempt = browser.complete().then(
        () => undefined,
        (error: RecruitOAuthError) => error,
      )
      if (isConnected) {
        // A valid token of an existing connection is still served.
        if (isSlow(row)) await pause(second)
        const askedAt = performance.now()
        expect(await errorCodeOf(acme.accessToken())).toBe('ok')
        expect(performance.now() - askedAt).toBeLessThan(4 * second)
      }
      const error = await attempt
      const tookMs = performance.now() - startedAt
      expect([error?.code ?? 'ok', error?.remedy]).toEqual([code, remedy])
      // Only a response with `Retry-After` gives a time.
      expect(error?.retryAt !== undefined).toBe(row.title.includes('with Retry-After'))
      if (isSlow(row)) expectDeadline(tookMs)
      const arrived = transport ? 0 : calls
      expect([counted.tries, setup.server.received.length]).toEqual([calls, arrived])
      expect(setup.server.received.map(({ url, form }) => [url, form.get('code')])).toEqual(
        Array.from({ length: arrived }, () => ['/oauth/v2/token', '1000.code']),
      )
      expect(await storedStateOf(setup)).toEqual({ status: isConnected ? 'active' : status })
      if (isConnected && code !== 'ok') expect(await acme.accessToken()).toBe(valid)

      expect(await errorCodeOf(browser.complete())).toBe(code === 'ok' ? 'ok' : 'callback-replayed')
      expect([counted.tries, setup.server.received.length]).toEqual([calls, arrived])
    },
  )
})

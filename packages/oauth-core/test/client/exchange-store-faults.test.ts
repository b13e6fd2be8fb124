import { describe, expect, it, type TestContext } from 'vitest'
import { respond, json, type Reply } from '../endpoints/server.ts'
import {
  errorCodeOf,
  connect,
  grant,
  minute,
  recordOf,
  startConsent,
  revocationRequests,
  revokedTokens,
  until,
} from './setup.ts'
import { startWithReply } from './faulty-store.ts'

describe('a store', () => {
  it.concurrent.for(['down', 'hangs'] as const)(
    'whose fault for writes is "%s" keeps the code from being spent',
    async (fault, context) => {
      const setup = await startWithReply(grant(), undefined, context)
      const browser = await startConsent(setup.options())
      setup.faults.write = fault
      expect([await errorCodeOf(browser.complete()), setup.server.received.length]).toEqual([
        'store-unavailable',
        0,
      ])
      setup.faults.write = undefined
      expect([await errorCodeOf(browser.complete()), setup.tokenCalls().length]).toEqual(['ok', 1])
    },
  )

  it.concurrent('that fails once after the exchange gets the write again', async (context) => {
    const setup = await startWithReply(grant(), undefined, context)
    const browser = await startConsent(setup.options())
    let failures = 0
    setup.before.write = async (next) => {
      if (next?.status === 'active' && (failures += 1) === 1) throw new Error('a broken connection')
    }
    expect(await errorCodeOf(browser.complete())).toBe('ok')
    expect([setup.tokenCalls().length, revocationRequests(setup).length]).toEqual([1, 0])
  })

  it.concurrent(
    'that lost its acknowledgement is read to find out that it stored the grant',
    async (context) => {
      const setup = await startWithReply(grant(), undefined, context)
      const browser = await startConsent(setup.options())
      setup.faults.write = 'lost'
      expect([await errorCodeOf(browser.complete()), revocationRequests(setup).length]).toEqual([
        'ok',
        0,
      ])
    },
  )

  /** Zoho grants the tokens, and from then on writes fail with `fault`. */
  const startWithFailingStore = async (
    context: TestContext,
    fault: 'down' | 'refuses',
    revoke?: Reply,
  ) => {
    const reply: Reply = (response, request) => {
      setup.faults.write = fault
      grant({ refresh_token: '1000.refresh.to.be.given.back' })(response, request)
    }
    const setup: Awaited<ReturnType<typeof startWithReply>> = await startWithReply(
      reply,
      revoke,
      context,
    )
    return setup
  }
  interface Failure {
    readonly code: string
    readonly errors?: readonly { code: string }[]
  }
  const failureOf = (work: Promise<unknown>): Promise<readonly [string, readonly string[]]> =>
    work.then(
      () => ['ok', []],
      ({ code, errors = [] }: Failure) => [code, errors.map((error) => error.code)],
    )
  const notStored = ['grant-not-stored', ['store-unavailable']]

  it.concurrent('that refuses a first grant gets its refresh token revoked', async (context) => {
    const setup = await startWithFailingStore(context, 'refuses')
    expect(await failureOf((await startConsent(setup.options())).complete())).toEqual(notStored)
    expect(revokedTokens(setup)).toEqual(['1000.refresh.to.be.given.back'])
    setup.faults.write = undefined
    // The attempt is closed once the store accepts writes again, so that its refresh token is
    // not counted.
    await until(async () => (await recordOf(setup)).attempts[0]?.outcome === 'failed')
    expect((await recordOf(setup)).refreshTokens ?? 0).toBe(0)
  })

  it.concurrent(
    'G14: that refuses the grant while Zoho is down keeps the refresh token for later',
    async (context) => {
      const setup = await startWithFailingStore(context, 'refuses', respond('', 503))
      const expected = ['grant-not-stored', ['store-unavailable', 'revocation-failed']]
      expect(await failureOf((await startConsent(setup.options())).complete())).toEqual(expected)
      setup.faults.write = undefined
      // The library stores the token, tries to revoke it, and then stores when to try again.
      await until(async () => (await recordOf(setup)).abandoned?.[0]?.coolDown !== undefined)
      setup.script.revoke = json({ status: 'success' })
      setup.time.advance(3 * minute)
      await setup.client().recover()
      expect(new Set(revokedTokens(setup))).toEqual(new Set(['1000.refresh.to.be.given.back']))
      expect((await recordOf(setup)).abandoned).toBe(undefined)
    },
  )

  it.concurrent(
    'that refuses the grant leaves the existing connection unchanged',
    async (context) => {
      const setup = await startWithReply(json({}), undefined, context)
      await connect(setup)
      setup.script.token = (response, request) => {
        setup.faults.write = 'refuses'
        grant()(response, request)
      }
      const before = await setup.client().connection('acme').accessToken()
      expect(await failureOf((await startConsent(setup.options())).complete())).toEqual(notStored)
      setup.faults.write = undefined
      expect([
        revocationRequests(setup).length,
        await setup.client().connection('acme').accessToken(),
      ]).toEqual([0, before])
    },
  )

  it.concurrent(
    'G3: that may have stored the grant gets the write again, and nothing is revoked',
    async (context) => {
      const setup = await startWithFailingStore(context, 'down')
      const expected = ['grant-outcome-unknown', ['store-unavailable']]
      expect(await failureOf((await startConsent(setup.options())).complete())).toEqual(expected)
      expect(revocationRequests(setup)).toEqual([])
      setup.faults.write = undefined
      // The process goes on in the background: a store that recovers in time costs no consent.
      await until(
        async () => (await setup.client().connection('acme').status()).status === 'active',
      )
      expect(await errorCodeOf(setup.client().connection('acme').accessToken())).toBe('ok')
    },
  )
})

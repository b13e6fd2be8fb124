import { describe, expect, it } from 'vitest'
import { respond, json, type Reply } from '../endpoints/server.ts'
import {
  errorCodeOf,
  connect,
  grant,
  startSetup,
  minute,
  recordOf,
  refusal,
  startConsent,
  revokedTokens,
  type Setup,
} from './setup.ts'

const refreshToken = '1000.refresh.that.came.too.late'

/** Ends the connection with `end` while the code of a browser's callback is exchanged. */
const endDuringExchange = async (end: (setup: Setup) => Promise<void>, isConnected = false) => {
  const setup = await startSetup()
  if (isConnected) await connect(setup)
  const browser = await startConsent(setup.options())
  setup.script.token = async (response, request) => {
    await end(setup)
    await grant({ refresh_token: refreshToken })(response, request)
  }
  const code = await errorCodeOf(browser.complete())
  setup.script.token = refusal('invalid_code')
  return { ...setup, code }
}
const waysToEnd = {
  'revoke()': async (setup: Setup) =>
    void (await errorCodeOf(setup.client().connection('acme').revoke())),
  'forget()': (setup: Setup) => setup.client().connection('acme').forget(),
}
const failures: [string, Reply][] = [
  ['503', respond('', 503)],
  ['429', respond('', 429)],
  ['a redirect', respond('', 302, { location: 'http://127.0.0.1:9/' })],
]

describe.each(Object.entries(waysToEnd))('a refresh token that arrives after %s', (_, end) => {
  it('G14: is revoked at once if Zoho confirms it', async () => {
    const setup = await endDuringExchange(end)
    expect([setup.code, revokedTokens(setup)]).toEqual(['connection-revoked', [refreshToken]])
    expect([(await recordOf(setup)).abandoned, (await recordOf(setup)).refreshTokens]).toEqual([
      undefined,
      0,
    ])
  })

  it.each(failures)(
    'G14: is kept sealed while Zoho answers %s, until Zoho confirms its revocation',
    async (_answer, reply) => {
      const setup = await endDuringExchange(async (inner) => {
        await end(inner)
        inner.script.revoke = reply
      })
      expect(setup.code).toBe('connection-revoked')
      expect((await recordOf(setup)).abandoned?.map((one) => one.refreshToken.reveal())).toEqual([
        refreshToken,
      ])
      expect((await recordOf(setup)).refreshTokens).toBe(1)
      const { record } = await setup.store.read('acme')
      expect([record?.pending, JSON.stringify(record).includes(refreshToken)]).toEqual([
        true,
        false,
      ])

      // `recover()` respects the cool-down and tries again until Zoho confirms.
      const before = revokedTokens(setup).length
      expect((await setup.client().recover()).failed.map(({ error }) => error.code)).toEqual([
        'revocation-failed',
      ])
      expect(revokedTokens(setup).length).toBe(before)
      setup.script.revoke = json({ status: 'success' })
      setup.time.advance(11 * minute)
      expect((await setup.client().recover()).failed).toEqual([])
      expect([revokedTokens(setup).at(-1), (await recordOf(setup)).abandoned]).toEqual([
        refreshToken,
        undefined,
      ])
      expect((await recordOf(setup)).refreshTokens).toBe(0)
    },
  )
})

describe('a refresh token that waits for its revocation', () => {
  const startWithWaitingToken = () =>
    endDuringExchange(async (setup) => {
      await setup.client().connection('acme').revoke()
      setup.script.revoke = respond('', 503)
    }, true)

  it('G14: is revoked by `revoke()` as well', async () => {
    const setup = await startWithWaitingToken()
    setup.script.revoke = json({ status: 'success' })
    setup.time.advance(minute)
    await setup.client().connection('acme').revoke()
    expect([revokedTokens(setup).at(-1), (await recordOf(setup)).abandoned]).toEqual([
      refreshToken,
      undefined,
    ])
  })

  it('G14: is kept while a newer grant is active, and revoked together with it', async () => {
    const setup = await startWithWaitingToken()
    setup.script.revoke = json({ status: 'success' })
    setup.time.advance(minute)
    setup.script.token = grant({ refresh_token: '1000.refresh.of.the.newer.consent' })
    expect(await errorCodeOf((await startConsent(setup.options())).complete())).toBe('ok')
    const before = revokedTokens(setup).length
    await setup.client().recover()
    expect([revokedTokens(setup).length, (await recordOf(setup)).abandoned?.length]).toEqual([
      before,
      1,
    ])
    expect((await setup.store.read('acme')).record?.pending).toBe(false)
    await setup.client().connection('acme').revoke()
    const revokedNow = new Set(revokedTokens(setup).slice(before))
    expect(revokedNow).toEqual(new Set([refreshToken, '1000.refresh.of.the.newer.consent']))
    expect((await recordOf(setup)).abandoned).toBe(undefined)
  })

  it('G14: is removed by `forget()`, which needs no confirmation from Zoho', async () => {
    const setup = await startWithWaitingToken()
    await setup.client().connection('acme').forget()
    expect((await recordOf(setup)).abandoned).toBe(undefined)
  })

  it('G14: is checked at the token endpoint within a budget of its own', async () => {
    const setup = await startWithWaitingToken()
    setup.script.revoke = respond('', 400)
    setup.script.token = grant()
    for (let minutes = 0; minutes < 30; minutes++) {
      setup.time.advance(minute)
      await setup.client().recover()
      const now = setup.time.now()
      const budget = (await recordOf(setup)).abandoned?.[0]?.recentCalls ?? []
      expect(budget.filter((at) => at > now - 10 * minute).length).toBeLessThanOrEqual(5)
    }
    expect(setup.tokenCalls().length).toBeLessThanOrEqual(1 + 15)
    setup.script.token = refusal('invalid_code')
    setup.time.advance(11 * minute)
    await setup.client().recover()
    expect((await recordOf(setup)).abandoned).toBe(undefined)
  })
})

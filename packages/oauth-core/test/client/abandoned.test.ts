import { describe, expect, it } from 'vitest'
import { answer, json, type Reply } from '../endpoints/server.ts'
import {
  codeOf,
  connect,
  grant,
  house,
  minute,
  recordOf,
  refusal,
  returning,
  revokedTokens,
  type House,
} from './house.ts'

const refreshToken = '1000.refresh.that.came.too.late'

/** Ends the connection with `end` while the code of a browser's callback is exchanged. */
const endDuringExchange = async (end: (home: House) => Promise<void>, isConnected = false) => {
  const home = await house()
  if (isConnected) await connect(home)
  const browser = await returning(home.options())
  home.script.token = async (response, request) => {
    await end(home)
    await grant({ refresh_token: refreshToken })(response, request)
  }
  const code = await codeOf(browser.complete())
  home.script.token = refusal('invalid_code')
  return { ...home, code }
}
const waysToEnd = {
  'revoke()': async (home: House) => void (await codeOf(home.client().connection('acme').revoke())),
  'forget()': (home: House) => home.client().connection('acme').forget(),
}
const failures: [string, Reply][] = [
  ['503', answer('', 503)],
  ['429', answer('', 429)],
  ['a redirect', answer('', 302, { location: 'http://127.0.0.1:9/' })],
]

describe.each(Object.entries(waysToEnd))('a refresh token that arrives after %s', (_, end) => {
  it('G14: is revoked at once if Zoho confirms it', async () => {
    const home = await endDuringExchange(end)
    expect([home.code, revokedTokens(home)]).toEqual(['connection-revoked', [refreshToken]])
    expect([(await recordOf(home)).abandoned, (await recordOf(home)).refreshTokens]).toEqual([
      undefined,
      0,
    ])
  })

  it.each(failures)(
    'G14: is kept sealed while Zoho answers %s, until Zoho confirms its revocation',
    async (_answer, reply) => {
      const home = await endDuringExchange(async (inner) => {
        await end(inner)
        inner.script.revoke = reply
      })
      expect(home.code).toBe('connection-revoked')
      expect((await recordOf(home)).abandoned?.map((one) => one.refreshToken.reveal())).toEqual([
        refreshToken,
      ])
      expect((await recordOf(home)).refreshTokens).toBe(1)
      const { record } = await home.store.read('acme')
      expect([record?.pending, JSON.stringify(record).includes(refreshToken)]).toEqual([
        true,
        false,
      ])

      // `recover()` respects the cool-down and tries again until Zoho confirms.
      const before = revokedTokens(home).length
      expect((await home.client().recover()).failed.map(({ error }) => error.code)).toEqual([
        'revocation-failed',
      ])
      expect(revokedTokens(home).length).toBe(before)
      home.script.revoke = json({ status: 'success' })
      home.time.push(11 * minute)
      expect((await home.client().recover()).failed).toEqual([])
      expect([revokedTokens(home).at(-1), (await recordOf(home)).abandoned]).toEqual([
        refreshToken,
        undefined,
      ])
      expect((await recordOf(home)).refreshTokens).toBe(0)
    },
  )
})

describe('a refresh token that waits for its revocation', () => {
  const createWaiting = () =>
    endDuringExchange(async (home) => {
      await home.client().connection('acme').revoke()
      home.script.revoke = answer('', 503)
    }, true)

  it('G14: is revoked by `revoke()` as well', async () => {
    const home = await createWaiting()
    home.script.revoke = json({ status: 'success' })
    home.time.push(minute)
    await home.client().connection('acme').revoke()
    expect([revokedTokens(home).at(-1), (await recordOf(home)).abandoned]).toEqual([
      refreshToken,
      undefined,
    ])
  })

  it('G14: is kept while a newer grant is active, and revoked together with it', async () => {
    const home = await createWaiting()
    home.script.revoke = json({ status: 'success' })
    home.time.push(minute)
    home.script.token = grant({ refresh_token: '1000.refresh.of.the.newer.consent' })
    expect(await codeOf((await returning(home.options())).complete())).toBe('ok')
    const before = revokedTokens(home).length
    await home.client().recover()
    expect([revokedTokens(home).length, (await recordOf(home)).abandoned?.length]).toEqual([
      before,
      1,
    ])
    expect((await home.store.read('acme')).record?.pending).toBe(false)
    await home.client().connection('acme').revoke()
    const last = new Set(revokedTokens(home).slice(before))
    expect(last).toEqual(new Set([refreshToken, '1000.refresh.of.the.newer.consent']))
    expect((await recordOf(home)).abandoned).toBe(undefined)
  })

  it('G14: is removed by `forget()`, which needs no confirmation from Zoho', async () => {
    const home = await createWaiting()
    await home.client().connection('acme').forget()
    expect((await recordOf(home)).abandoned).toBe(undefined)
  })

  it('G14: is checked at the token endpoint within a budget of its own', async () => {
    const home = await createWaiting()
    home.script.revoke = answer('', 400)
    home.script.token = grant()
    for (let minutes = 0; minutes < 30; minutes++) {
      home.time.push(minute)
      await home.client().recover()
      const now = home.time.now()
      const budget = (await recordOf(home)).abandoned?.[0]?.budget ?? []
      expect(budget.filter((at) => at > now - 10 * minute).length).toBeLessThanOrEqual(5)
    }
    expect(home.tokenCalls().length).toBeLessThanOrEqual(1 + 15)
    home.script.token = refusal('invalid_code')
    home.time.push(11 * minute)
    await home.client().recover()
    expect((await recordOf(home)).abandoned).toBe(undefined)
  })
})

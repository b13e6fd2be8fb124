import { expect } from 'vitest'
import { zohoDataCenters } from '../../../src/index.ts'
import { respond, json } from '../../endpoints/server.ts'
import { errorCodeOf, grant, startSetup, minute, startConsent, times } from '../setup.ts'
import { startConnected, errorOf } from '../connected.ts'
import { callbackWith, startEmulated, type Case } from './situations.ts'

export const providersAndSdks: readonly Case[] = [
  [
    'pocketbase/pocketbase#5639',
    "Connecting makes one call, to the token endpoint. Zoho's userinfo is not used.",
    async () => {
      const setup = await startSetup()
      setup.script.token = grant()
      setup.script.api = respond('<html>', 400)
      await callbackWith(setup, { code: '1000.code' })
      expect(setup.server.received.map(({ url }) => url)).toEqual(['/oauth/v2/token'])
    },
  ],
  [
    'better-auth/better-auth#8785',
    '`dataCenters` and `dataCenter` are options, checked when the app starts.',
    async () => {
      const setup = await startSetup()
      expect(new URL((await startConsent(setup.options())).url).origin).toBe(setup.server.origin)
      const eu = { ...zohoDataCenters.eu, accountsServer: 'http://accounts.zoho.eu' }
      expect(() => setup.client({ dataCenters: { eu } })).toThrow(
        /`dataCenters.eu.accountsServer` must be an https origin/,
      )
    },
  ],
  [
    'abhinavxd/libredesk#102',
    'Id and secret go into the body, at the first call.',
    async () => {
      const setup = await startConnected()
      await setup.client().connection('acme').refresh()
      const [call] = setup.tokenCalls()
      expect([
        setup.tokenCalls().length,
        call?.headers.authorization,
        call?.form.get('client_id'),
        call?.form.get('client_secret'),
      ]).toEqual([1, undefined, '1000.CLIENT', 'the-client-secret'])
    },
  ],
  [
    'sign-in libraries',
    'Scopes are joined with commas, and read with either.',
    async () => {
      const scopes = ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'] as const
      expect(
        new URL(
          (await startConsent((await startSetup()).options({ scopes }))).url,
        ).searchParams.get('scope'),
      ).toBe(scopes.join(','))
      for (const separator of [' ', ',']) {
        const setup = await startConnected({ scope: scopes.join(separator) })
        expect((await setup.client().connection('acme').status()).scopes).toEqual(scopes)
      }
    },
  ],
  [
    'zoho/zcrm-csharp-sdk#7',
    'code-rejected',
    async () => {
      const { emulator, client } = await startEmulated()
      const { code } = emulator.issueSelfClientCode({
        scope: 'ZohoRecruit.modules.ALL',
        dataCenter: 'eu',
      })
      return errorOf(
        client()
          .connection('acme')
          .exchangeSelfClientCode(code, { principal: 'ann', dataCenter: 'us' }),
      )
    },
    /expired, used, or from another data center.*Create a new code/,
  ],
  [
    "Zoho's TypeScript SDK, revoking",
    '`revoke()` succeeds only after Zoho has confirmed.',
    async () => {
      const setup = await startConnected()
      const acme = setup.client().connection('acme')
      setup.script.revoke = respond('', 503)
      expect([await errorCodeOf(acme.revoke()), (await acme.status()).status]).toEqual([
        'revocation-failed',
        'revoking',
      ])
      setup.script.revoke = json({ status: 'success' })
      setup.time.advance(minute)
      expect([await errorCodeOf(acme.revoke()), (await acme.status()).status]).toEqual([
        'ok',
        'revoked',
      ])
    },
  ],
  [
    "Zoho's TypeScript SDK, refreshing",
    'Twenty callers make one refresh.',
    async () => {
      const setup = await startConnected()
      setup.time.advance(61 * minute)
      const acme = setup.client().connection('acme')
      expect(new Set(await Promise.all(times(20, () => acme.accessToken()))).size).toBe(1)
      expect(setup.tokenCalls().length).toBe(1)
    },
  ],
]

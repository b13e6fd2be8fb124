import { expect } from 'vitest'
import { startSetup, minute, startConsent, tokens } from '../setup.ts'
import { startConnected, errorOf } from '../connected.ts'
import { callbackWith, startEmulated, type Case } from './situations.ts'

export const noRefreshToken: readonly Case[] = [
  [
    'googleworkspace/apps-script-oauth2#197',
    'Every consent asks for a refresh token, the second one too.',
    async () => {
      const { client, consent, pass } = await startEmulated()
      await consent('us')
      await consent('us')
      pass(61 * minute)
      expect((await client().connection('acme').fetch('Candidates')).status).toBe(200)
    },
  ],
  [
    'googleworkspace/apps-script-oauth2#198',
    "Zoho's former milliseconds are distinguished from seconds.",
    async () => {
      for (const lifetime of [
        { expires_in: 1_800_000, expires_in_sec: 1_800 },
        { expires_in: 1_800_000 },
      ]) {
        const setup = await startConnected(lifetime)
        setup.time.advance(31 * minute)
        expect((await setup.client().connection('acme').status()).accessToken?.expiresInMs).toBe(0)
      }
    },
  ],
  [
    'googleworkspace/apps-script-oauth2#223',
    'A stale token is refreshed before the call.',
    async () => {
      const setup = await startConnected()
      setup.time.advance(61 * minute)
      expect((await setup.client().connection('acme').fetch('Candidates')).status).toBe(200)
      expect(setup.server.received.map(({ url }) => url)).toEqual([
        '/oauth/v2/token',
        '/recruit/v2/Candidates',
      ])
    },
  ],
  [
    'schmorrison/Zoho#43',
    'refresh-token-missing',
    async () => {
      const setup = await startSetup()
      setup.script.token = tokens()
      return errorOf(callbackWith(setup, { code: '1000.code' }))
    },
    /Start again from \/connect/,
  ],
  [
    'n8n-io/n8n#12551',
    'refresh-token-missing',
    async () => {
      const setup = await startConnected()
      const before = await setup.client().connection('acme').accessToken()
      setup.script.token = tokens()
      const error = await errorOf(callbackWith(setup, { code: '1000.code' }))
      expect(await setup.client().connection('acme').accessToken()).toBe(before)
      return error
    },
    /Start again from \/connect/,
  ],
  [
    'panoratech/Panora#153',
    'The address of every consent has `access_type=offline` and `prompt=consent`.',
    async () => {
      const { searchParams } = new URL((await startConsent((await startSetup()).options())).url)
      expect([searchParams.get('access_type'), searchParams.get('prompt')]).toEqual([
        'offline',
        'consent',
      ])
    },
  ],
  [
    'singingwolfboy/flask-dance#170',
    'The header is `Zoho-oauthtoken`.',
    async () => {
      const setup = await startConnected()
      const acme = setup.client().connection('acme')
      await acme.fetch('Candidates')
      expect(setup.server.received.at(-1)?.headers.authorization).toBe(
        `Zoho-oauthtoken ${await acme.accessToken()}`,
      )
    },
  ],
]

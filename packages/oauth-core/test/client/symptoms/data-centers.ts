import { expect } from 'vitest'
import { zohoDataCenters } from '../../../src/index.ts'
import { memoryStore } from '../../../src/store/memory.ts'
import { json } from '../../endpoints/server.ts'
import { startSetup, uniqueToken, minute, refusal } from '../setup.ts'
import { startConnected, errorOf } from '../connected.ts'
import { callbackWith, startEmulated, type Case } from './situations.ts'

export const wrongDataCenter: readonly Case[] = [
  [
    'asciisd/zoho#6',
    'The code goes to the accounts server that the callback names, and so do refresh and ' +
      'revocation.',
    async () => {
      const { emulator, client, consent, pass } = await startEmulated()
      await consent('eu')
      pass(61 * minute)
      const acme = client().connection('acme')
      await acme.refresh()
      expect([
        (await acme.status()).dataCenter,
        emulator.tokens().accessTokens.map(({ dataCenter }) => dataCenter),
      ]).toEqual(['eu', ['eu']])
      await acme.revoke()
      expect(emulator.tokens().refreshTokens).toEqual([])
    },
  ],
  [
    'asciisd/zoho-v3#8',
    'client-rejected',
    async () => {
      const setup = await startSetup()
      setup.script.token = refusal('invalid_client')
      return errorOf(callbackWith(setup, { code: '1000.code', location: 'eu' }))
    },
    /enable the data center/i,
  ],
  [
    'PipedreamHQ/pipedream#2892',
    "API calls go to the Recruit host of the connection's data center.",
    async () => {
      const { client, consent } = await startEmulated()
      await consent('in')
      expect((await client().connection('acme').fetch('Candidates')).status).toBe(200)
    },
  ],
  [
    'trycompai/comp#3229',
    'The data center is part of the record, and values that a response lacks are kept.',
    async () => {
      const setup = await startConnected()
      setup.script.token = json({ access_token: uniqueToken('access'), expires_in: 3600 })
      const acme = setup.client().connection('acme')
      await acme.refresh()
      expect([
        (await acme.status()).dataCenter,
        (await acme.fetch('org')).status,
        setup.server.received.at(-1)?.url,
      ]).toEqual(['eu', 200, '/recruit/v2/org'])
    },
  ],
  [
    'SocialiteProviders/Providers#581',
    'data-center-unknown',
    async () => {
      const setup = await startSetup()
      const error = await errorOf(
        callbackWith(setup, {
          code: '1000.code',
          location: 'eu',
          'accounts-server': 'https://accounts.zoho.eu.evil.example',
        }),
      )
      expect([setup.server.received.length, error.message.includes('evil')]).toEqual([0, false])
      return error
    },
    /Add it to `dataCenters`/,
  ],
  [
    'rclone/rclone#5377',
    'data-center-unknown',
    async () => {
      const setup = await startSetup()
      const { eu } = setup.options().dataCenters as Record<
        'eu',
        { accountsServer: string; apiDomain: string; recruitApi: string }
      >
      const more = {
        dataCenters: { eu, jp: zohoDataCenters.jp },
        clientSecret: { eu: 'the-client-secret' },
      }
      return errorOf(
        callbackWith(
          setup,
          {
            code: '1000.code',
            location: 'jp',
            'accounts-server': zohoDataCenters.jp.accountsServer,
          },
          more,
        ),
      )
    },
    /`jp` .* no client secret.*its secret to `clientSecret`/,
  ],
  [
    'pilcrowonpaper/arctic#71',
    'One configuration serves every data center.',
    async () => {
      const { emulator, client, consent } = await startEmulated()
      for (const account of ['us', 'eu', 'in'] as const) {
        const connectionFor = () => ({ id: 'acme', principal: 'ann' })
        const oauth = client({ connectionFor, store: memoryStore() })
        await consent(account, oauth)
        expect([
          (await oauth.connection('acme').status()).dataCenter,
          (await oauth.connection('acme').fetch('org')).status,
        ]).toEqual([account, 200])
      }
      expect(emulator.calls().token).toBe(3)
    },
  ],
  [
    'demisto/content#41274',
    'Canada, China and Australia are in the table by their real hosts.',
    async () => {
      const { ca, cn, au } = zohoDataCenters
      expect([ca, cn, au].map(({ accountsServer }) => accountsServer)).toEqual([
        'https://accounts.zohocloud.ca',
        'https://accounts.zoho.com.cn',
        'https://accounts.zoho.com.au',
      ])
    },
  ],
  [
    'airbytehq/airbyte#11589',
    'All eleven known data centers are in the table.',
    async () => {
      expect(Object.keys(zohoDataCenters).toSorted()).toEqual([
        'ae',
        'au',
        'ca',
        'cn',
        'eu',
        'in',
        'jp',
        'sa',
        'sg',
        'uk',
        'us',
      ])
    },
  ],
  [
    'verbb/formie#2086',
    "`fetch` requests one new access token, repeats the call, then returns Zoho's 401.",
    async () => {
      const { emulator, client, consent } = await startEmulated()
      const { us, eu } = emulator.dataCenters
      const oauth = client({ dataCenters: { us, eu: { ...eu, recruitApi: us.recruitApi } } })
      await consent('eu', oauth)
      expect((await oauth.connection('acme').fetch('Candidates')).status).toBe(401)
      const response = await oauth.connection('acme').fetch('Candidates')
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
        401,
        'INVALID_TOKEN',
      ])
      expect(emulator.calls().token).toBe(2) // The code, and one new token.
    },
  ],
  [
    'anthropics/claude-ai-mcp#311',
    'Consent starts at `dataCenter`, by default `us`, where Zoho finds all but China.',
    async () => {
      const { client } = await startEmulated()
      const oauth = client({ dataCenters: zohoDataCenters })
      const originOf = async (ref: object) =>
        new URL((await oauth.startAuthorization({ id: 'acme', principal: 'ann', ...ref })).url)
          .origin
      expect([await originOf({}), await originOf({ dataCenter: 'cn' })]).toEqual([
        'https://accounts.zoho.com',
        'https://accounts.zoho.com.cn',
      ])
    },
  ],
]

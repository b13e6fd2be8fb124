import { expect } from 'vitest'
import { json } from '../../endpoints/server.ts'
import {
  errorCodeOf,
  grant,
  startConsent,
  startSetup,
  withoutJitter,
  uniqueToken,
  minute,
  refusal,
  tokens,
  until,
} from '../setup.ts'
import { startConnected, errorOf } from '../connected.ts'
import { startEmulated, type Case } from './situations.ts'

export const errorsWith200: readonly Case[] = [
  [
    'Weble/ZohoBooksApi#84',
    'needs-consent',
    async () => {
      const setup = await startSetup()
      setup.script.token = grant()
      await (await startConsent(setup.options())).complete()
      setup.script.token = refusal('invalid_code')
      return errorOf(setup.client().connection('acme').refresh())
    },
    /Send the user to \/connect/,
  ],
  [
    'tristanjahier/zoho-crm-php#9',
    'accounts-server-error',
    async () => {
      const setup = await startConnected()
      setup.script.token = refusal('general_error')
      const error = await errorOf(setup.client(withoutJitter).connection('acme').refresh())
      expect(error.retryAt).toBeGreaterThan(setup.time.now())
      return error
    },
    /Call again later/,
  ],
  [
    'schmorrison/Zoho#12',
    'An error is never stored: the refresh token is kept, and the next refresh works.',
    async () => {
      const setup = await startConnected()
      setup.script.token = refusal('general_error')
      expect(await errorCodeOf(setup.client(withoutJitter).connection('acme').refresh())).toBe(
        'accounts-server-error',
      )
      setup.script.token = tokens()
      setup.time.advance(minute)
      await setup.client().connection('acme').refresh()
      expect(new Set(setup.tokenCalls().map(({ form }) => form.get('refresh_token'))).size).toBe(1)
    },
  ],
  [
    'schmorrison/Zoho#18',
    'No access token is used for longer than an hour.',
    async () => {
      const setup = await startConnected({ expires_in: 3_600_000 })
      setup.time.advance(61 * minute)
      expect((await setup.client().connection('acme').status()).accessToken?.expiresInMs).toBe(0)
    },
  ],
  [
    'calcom/cal.diy#29258',
    'A token is used until ten to fourteen minutes before its end, and no earlier.',
    async () => {
      const setup = await startConnected()
      const acme = setup.client().connection('acme')
      const first = await acme.accessToken()
      setup.time.advance(45 * minute)
      expect([await acme.accessToken(), setup.tokenCalls().length]).toEqual([first, 0])
      setup.time.advance(6 * minute)
      expect(await acme.accessToken()).toBe(first)
      await until(() => setup.tokenCalls().length === 1)
    },
  ],
  [
    'schmorrison/Zoho#22',
    "`fetch` returns Zoho's response with its status, and does not refresh for a missing scope.",
    async () => {
      const setup = await startConnected()
      setup.script.api = json({ code: 'OAUTH_SCOPE_MISMATCH' }, 401)
      const response = await setup
        .client()
        .connection('acme')
        .fetch('Candidates', { method: 'POST', body: '{}' })
      expect([response.status, await response.json(), setup.tokenCalls().length]).toEqual([
        401,
        { code: 'OAUTH_SCOPE_MISMATCH' },
        0,
      ])
    },
  ],
  [
    'schmorrison/Zoho#29',
    'code-rejected',
    async () => {
      const { emulator, client, pass } = await startEmulated()
      const { code } = emulator.issueSelfClientCode({
        scope: 'ZohoRecruit.modules.ALL',
        dataCenter: 'us',
        expiresInSeconds: 60,
      })
      pass(2 * minute)
      return errorOf(client().connection('acme').exchangeSelfClientCode(code, { principal: 'ann' }))
    },
    /Create a new code in Zoho's API console, and pass its `dataCenter`/,
  ],
  [
    'schmorrison/Zoho#34',
    'client-secret-rejected',
    async () => {
      const { emulator, client } = await startEmulated()
      const { code } = emulator.issueSelfClientCode({
        scope: 'ZohoRecruit.modules.ALL',
        dataCenter: 'us',
      })
      return errorOf(
        client({ clientSecret: 'another' })
          .connection('acme')
          .exchangeSelfClientCode(code, { principal: 'ann' }),
      )
    },
    /the secret of this data center/,
  ],
  [
    'itstealth/bfis-lp',
    'response-malformed',
    async () => {
      const setup = await startConnected()
      setup.script.token = json({ expires_in: 3600 })
      return errorOf(setup.client(withoutJitter).connection('acme').refresh())
    },
    /look for a proxy between the app and Zoho/,
  ],
  [
    "other clients' sources",
    'An error is an error with any status, in any language.',
    async () => {
      const responses: [string, ReturnType<typeof json>][] = [
        ['needs-consent', refusal('invalid_code', 200)],
        ['needs-consent', refusal('invalid_code', 400)],
        ['client-rejected', refusal('invalid_client', 401)],
        [
          'throttled',
          json(
            {
              error_description: '您已连续提出过多请求，请稍后再试。',
              error: '拒绝访问',
              status: 'failure',
            },
            400,
          ),
        ],
        [
          'throttled',
          json(
            {
              error_description: '您已连续提出过多请求，请稍后再试。',
              error: '拒绝访问',
              status: 'failure',
            },
            200,
          ),
        ],
        [
          'response-malformed',
          json({ access_token: uniqueToken('access'), expires_in: 3600 }, 400),
        ],
      ]
      for (const [code, reply] of responses) {
        const setup = await startConnected()
        setup.script.token = reply
        expect(await errorCodeOf(setup.client(withoutJitter).connection('acme').refresh())).toBe(
          code,
        )
      }
    },
  ],
]

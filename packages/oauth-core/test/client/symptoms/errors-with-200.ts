import { expect } from 'vitest'
import { json } from '../../endpoints/server.ts'
import { codeOf, hasty, mint, minute, refusal, tokens, until } from '../house.ts'
import { startConnected, startEmulated, errorOf, type Case } from './situations.ts'

export const errorsWith200: readonly Case[] = [
  [
    'Weble/ZohoBooksApi#84',
    'needs-consent',
    async () => {
      const home = await startConnected()
      home.script.token = refusal('invalid_code')
      return errorOf(home.client().connection('acme').refresh())
    },
    /Send the user to \/connect/,
  ],
  [
    'tristanjahier/zoho-crm-php#9',
    'accounts-server-error',
    async () => {
      const home = await startConnected()
      home.script.token = refusal('general_error')
      const error = await errorOf(home.client(hasty).connection('acme').refresh())
      expect(error.retryAt).toBeGreaterThan(home.time.now())
      return error
    },
    /Call again later/,
  ],
  [
    'schmorrison/Zoho#12',
    'An error is never stored: the refresh token is kept, and the next refresh works.',
    async () => {
      const home = await startConnected()
      home.script.token = refusal('general_error')
      expect(await codeOf(home.client(hasty).connection('acme').refresh())).toBe(
        'accounts-server-error',
      )
      home.script.token = tokens()
      home.time.push(minute)
      await home.client().connection('acme').refresh()
      expect(new Set(home.tokenCalls().map(({ form }) => form.get('refresh_token'))).size).toBe(1)
    },
  ],
  [
    'schmorrison/Zoho#18',
    'No access token is believed for longer than an hour.',
    async () => {
      const home = await startConnected({ expires_in: 3_600_000 })
      home.time.push(61 * minute)
      expect((await home.client().connection('acme').status()).accessToken?.expiresInMs).toBe(0)
    },
  ],
  [
    'calcom/cal.diy#29258',
    'A token is used until ten to fourteen minutes before its end, and no earlier.',
    async () => {
      const home = await startConnected()
      const acme = home.client().connection('acme')
      const first = await acme.accessToken()
      home.time.push(45 * minute)
      expect([await acme.accessToken(), home.tokenCalls().length]).toEqual([first, 0])
      home.time.push(6 * minute)
      expect(await acme.accessToken()).toBe(first)
      await until(() => home.tokenCalls().length === 1)
    },
  ],
  [
    'schmorrison/Zoho#22',
    "`fetch` hands on Zoho's answer with its status, and spends no refresh on a missing scope.",
    async () => {
      const home = await startConnected()
      home.script.api = json({ code: 'OAUTH_SCOPE_MISMATCH' }, 401)
      const response = await home
        .client()
        .connection('acme')
        .fetch('Candidates', { method: 'POST', body: '{}' })
      expect([response.status, await response.json(), home.tokenCalls().length]).toEqual([
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
    /Start again from \/connect/,
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
    'answer-malformed',
    async () => {
      const home = await startConnected()
      home.script.token = json({ expires_in: 3600 })
      return errorOf(home.client(hasty).connection('acme').refresh())
    },
    /look for a proxy in between/,
  ],
  [
    "other clients' sources",
    'An error is an error with any status, in any language.',
    async () => {
      const answers: [string, ReturnType<typeof json>][] = [
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
        ['answer-malformed', json({ access_token: mint('access'), expires_in: 3600 }, 400)],
      ]
      for (const [code, reply] of answers) {
        const home = await startConnected()
        home.script.token = reply
        expect(await codeOf(home.client(hasty).connection('acme').refresh())).toBe(code)
      }
    },
  ],
]

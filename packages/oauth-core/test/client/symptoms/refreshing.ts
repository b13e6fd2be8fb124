import { expect } from 'vitest'
import { memoryStore } from '../../../src/store/memory.ts'
import { json } from '../../endpoints/server.ts'
import { errorCodeOf, minute, tally, throttle, times } from '../setup.ts'
import { startConnected, errorOf } from '../connected.ts'
import { startEmulated, raisedBudgets, type Case } from './situations.ts'

export const refreshing: readonly Case[] = [
  [
    'asciisd/zoho-v3#14',
    'needs-consent',
    async () => {
      const { emulator, client, consent, pass } = await startEmulated()
      await consent('us')
      const token = emulator.tokens().refreshTokens[0]?.token ?? ''
      await fetch(`${emulator.dataCenters.us.accountsServer}/oauth/v2/token/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ token }),
      })
      pass(61 * minute)
      return errorOf(client().connection('acme').accessToken())
    },
    /Send the user to \/connect/,
  ],
  [
    'solspace/craft-freeform#1412',
    'One refresh, and the call is sent again.',
    async () => {
      const { emulator, client, consent } = await startEmulated({
        liveAccessTokens: 1,
        accessTokenBudget: { limit: 100, windowSeconds: 600 },
      })
      await consent('us')
      // Another program requests the next access token, which silently ends the current one.
      const refresh_token = emulator.tokens().refreshTokens[0]?.token ?? ''
      const { id: client_id, secret: client_secret } = emulator.client
      await fetch(`${emulator.dataCenters.us.accountsServer}/oauth/v2/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id,
          client_secret,
          refresh_token,
        }),
      })
      const before = emulator.calls()
      expect((await client().connection('acme').fetch('Candidates')).status).toBe(200)
      expect([emulator.calls().token - before.token, emulator.calls().api - before.api]).toEqual([
        1, 2,
      ])
    },
  ],
  [
    'rikas/zoho_hub#34',
    'That response also counts as a refused token.',
    async () => {
      const setup = await startConnected()
      setup.script.api = (response, request) =>
        (setup.tokenCalls().length === 0
          ? json({ code: 'AUTHENTICATION_FAILURE' }, 401)
          : json({ data: [] }))(response, request)
      expect([
        (await setup.client().connection('acme').fetch('Candidates')).status,
        setup.tokenCalls().length,
      ]).toEqual([200, 1])
    },
  ],
  [
    'serverless apps',
    'Twenty processes make one refresh.',
    async () => {
      const setup = await startConnected()
      setup.time.advance(61 * minute)
      expect(
        tally(
          await Promise.all(
            times(20, () => errorCodeOf(setup.client().connection('acme').accessToken())),
          ),
        ),
      ).toEqual({ ok: 20 })
      expect(setup.tokenCalls().length).toBe(1)
    },
  ],
  [
    "Zoho's own limits",
    'throttled',
    async () => {
      const setup = await startConnected()
      setup.time.advance(61 * minute)
      setup.script.token = throttle
      const error = await errorOf(setup.client().connection('acme').accessToken())
      expect(error.retryAt).toBeGreaterThan(setup.time.now() + 9 * minute)
      expect(
        tally(
          await Promise.all(
            times(100, () => errorCodeOf(setup.client().connection('acme').accessToken())),
          ),
        ),
      ).toEqual({ throttled: 100 })
      expect(setup.tokenCalls().length).toBe(1)
      return error
    },
    /Call again at `retryAt`. Earlier calls prolong the throttling/,
  ],
  [
    'development with the production client',
    'needs-consent',
    async () => {
      const { client, consent } = await startEmulated(raisedBudgets)
      await consent('us')
      const development = () => client({ store: memoryStore() })
      for (const _ of times(20, () => 0)) await consent('us', development())
      return errorOf(client().connection('acme').refresh())
    },
    /a twenty-first one replaced it\..*Send the user to \/connect/,
  ],
  [
    '"works for an hour, then 401"',
    'needs-consent',
    async () => {
      const { client, consent } = await startEmulated(raisedBudgets)
      await consent('us')
      const acme = client().connection('acme')
      expect((await acme.fetch('Candidates')).status).toBe(200)
      for (const _ of times(20, () => 0)) await consent('us', client({ store: memoryStore() }))
      return errorOf(acme.fetch('Candidates'))
    },
    /Send the user to \/connect/,
  ],
  [
    'PipedreamHQ/pipedream#2197',
    'A connection that was idle for a day works at the next call.',
    async () => {
      const { client, consent, pass } = await startEmulated()
      await consent('eu')
      pass(25 * 60 * minute)
      expect((await client().connection('acme').fetch('Candidates')).status).toBe(200)
    },
  ],
]

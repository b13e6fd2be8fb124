import { createEmulator, type EmulatorOptions } from '@zrecruit/oauth-emulator'
import { expect, onTestFinished } from 'vitest'
import {
  createRecruitOAuth,
  type RecruitOAuthError,
  type RecruitOAuthOptions,
} from '../../../src/index.ts'
import { memoryStore } from '../../../src/store/memory.ts'
import { key, createClock, startConsent, type Setup } from '../setup.ts'

/** A row of docs/symptoms.md: where it was seen, the outcome here, and the hint of an error. */
export type Case = readonly [
  where: string,
  out: string,
  run: () => Promise<RecruitOAuthError | void>,
  hint?: RegExp,
]

/** Zoho's emulator, clients that share a store, and `consent()`, which acts as the browser. */
export const startEmulated = async (settings: EmulatorOptions = {}) => {
  const emulator = createEmulator({
    redirectUris: ['https://app.example.com/zoho/callback'],
    ...settings,
  })
  await emulator.listen({ port: 0 })
  onTestFinished(() => emulator.close())
  const time = createClock()
  const sharedStore = memoryStore({ now: time.now })
  const client = (more: Partial<RecruitOAuthOptions> = {}) =>
    createRecruitOAuth({
      clientId: emulator.client.id,
      clientSecret: emulator.client.secret,
      redirectUri: 'https://app.example.com/zoho/callback',
      scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'],
      dataCenters: emulator.dataCenters,
      store: sharedStore,
      encryptionKeys: [key],
      connectionFor: () => ({ id: 'acme', principal: 'ann' }),
      onEvent: () => {},
      monotonic: time.monotonic,
      ...more,
    })
  const consent = async (account: string, oauth = client(), environment = 'production') => {
    const dataCenter = environment === 'sandbox' ? 'us-sandbox' : undefined
    const ref = { id: 'acme', principal: 'ann', dataCenter }
    const { url, setCookie } = await oauth.startAuthorization(ref)
    const decided = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'approve', account, environment }),
      redirect: 'manual',
    })
    const response = await oauth.handle(
      new Request(decided.headers.get('location') ?? '', {
        headers: { cookie: setCookie.split(';')[0] ?? '' },
      }),
    )
    expect(response?.status).toBe(303)
  }
  return {
    emulator,
    client,
    consent,
    pass: (ms: number) => {
      time.advance(ms)
      return emulator.advanceClock(ms / 1000)
    },
  }
}

/** Raises the budgets for codes and refresh tokens, for tests with very many consents. */
export const raisedBudgets = {
  authorizationCodeBudget: { limit: 100, windowSeconds: 600 },
  refreshTokenBudget: { limit: 100, windowSeconds: 60 },
}

/** The callback of a browser with these parameters. */
export const callbackWith = async (
  setup: Setup,
  parameters: Record<string, string>,
  more: Partial<RecruitOAuthOptions> = {},
) => (await startConsent(setup.options(more))).complete(parameters)

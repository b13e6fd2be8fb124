import { onTestFinished } from 'vitest'
import { createEmulator, type Emulator, type EmulatorOptions } from '../src/index.ts'
import { redirectUri } from './support.ts'

type TestDataCenter = 'us' | 'eu' | 'in'
type Options = EmulatorOptions<TestDataCenter>

/** An emulator, and a function that sends requests to it without following redirects. */
export interface TestEmulator {
  readonly emulator: Emulator<TestDataCenter>
  readonly send: (url: string, init?: RequestInit) => Promise<Response>
}

/** The two transports to an emulator, for `describe.each`. */
export const transports: [string, (options?: Options) => Promise<TestEmulator>][] = [
  [
    'over a socket',
    async (options = {}) => {
      const emulator = createEmulator({ redirectUris: [redirectUri], ...options })
      await emulator.listen({ port: 0 })
      onTestFinished(() => emulator.close())
      return { emulator, send: (url, init) => fetch(url, { redirect: 'manual', ...init }) }
    },
  ],
  [
    'in process',
    async (options = {}) => {
      const emulator = createEmulator({ redirectUris: [redirectUri], ...options })
      onTestFinished(() => emulator.close())
      return { emulator, send: (url, init) => emulator.fetch(url, init) }
    },
  ],
]

/** A request that exchanges a new Self Client code. */
export function exchangeRequest(
  { emulator }: TestEmulator,
  at: TestDataCenter = 'us',
): [url: string, init: RequestInit] {
  const { code } = emulator.issueSelfClientCode({
    scope: 'ZohoRecruit.modules.ALL',
    dataCenter: at,
  })
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: emulator.client.id,
    client_secret: emulator.client.secret,
    code,
  })
  return [`${emulator.dataCenters[at].accountsServer}/oauth/v2/token`, { method: 'POST', body }]
}

export function refreshRequest(
  { emulator }: TestEmulator,
  refreshToken: string,
  at: TestDataCenter = 'us',
): [url: string, init: RequestInit] {
  const fields = {
    grant_type: 'refresh_token',
    client_id: emulator.client.id,
    client_secret: emulator.client.secret,
    refresh_token: refreshToken,
  }
  return [
    `${emulator.dataCenters[at].accountsServer}/oauth/v2/token`,
    { method: 'POST', body: new URLSearchParams(fields) },
  ]
}

/** The number of valid access tokens, which shows whether a request has taken effect. */
export const countAccessTokens = ({ emulator }: TestEmulator): number =>
  emulator.tokens().accessTokens.length

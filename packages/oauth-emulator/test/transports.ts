import { onTestFinished } from 'vitest'
import { createEmulator, type Emulator, type EmulatorOptions } from '../src/index.ts'
import { redirectUri } from './support.ts'

type At = 'us' | 'eu' | 'in'
type Options = EmulatorOptions<At>

/** An emulator, and a way to it that follows no redirect. */
export interface Reached {
  readonly emulator: Emulator<At>
  readonly send: (url: string, init?: RequestInit) => Promise<Response>
}

/** The two ways in which an emulator is reached, for `describe.each`. */
export const transports: [string, (options?: Options) => Promise<Reached>][] = [
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

/** The request that exchanges a fresh Self Client code; each has its own code. */
export function exchangeRequest(
  { emulator }: Reached,
  at: At = 'us',
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
  { emulator }: Reached,
  refreshToken: string,
  at: At = 'us',
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

/** How many access tokens live: whether a request has taken effect. */
export const living = ({ emulator }: Reached): number => emulator.tokens().accessTokens.length

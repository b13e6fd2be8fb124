import {
  noRecord,
  type AccessToken,
  type ConnectionRecord,
  type Status,
  type TokenSet,
} from '../../src/domain/record.ts'
import { Secret } from '../../src/domain/secret.ts'
import type { EpochMs } from '../../src/domain/time.ts'
import type { Announcement, Decision, RevocableToken } from '../../src/machine/decision.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { transition as transitionOf } from '../../src/machine/transition.ts'

/** The current time in the store, in ms. */
export const T = 1_790_000_000_000
export const second = 1_000
export const minute = 60_000

export const secretOf = (id: string): Secret => new Secret(`secret-${id}`)

export const accessToken = (id: string, overrides: Partial<AccessToken> = {}): AccessToken => ({
  id,
  token: secretOf(id),
  issuedAt: T,
  expiresAt: T + 60 * minute,
  ...overrides,
})

export const tokenSet = (refreshTokenId: string, overrides: Partial<TokenSet> = {}): TokenSet => ({
  dataCenter: 'eu',
  scopes: ['ZohoRecruit.modules.ALL'],
  refreshToken: secretOf(refreshTokenId),
  refreshTokenId,
  accessToken: accessToken('a1'),
  ...overrides,
})

const commonFields = {
  principal: 'ann',
  attempts: [{ stateHash: 's0', at: T - minute, outcome: 'granted' as const }],
  recentCalls: [T - minute],
  since: T - minute,
}

/** A record for each status. The access token of `active` is fresh. */
export const records: Record<Status, ConnectionRecord> = {
  none: noRecord,
  active: {
    ...commonFields,
    status: 'active',
    tokens: tokenSet('r1'),
    requestedScopes: ['ZohoRecruit.modules.ALL'],
  },
  'needs-consent': { ...commonFields, status: 'needs-consent', tokens: tokenSet('r1') },
  revoking: { ...commonFields, status: 'revoking', tokens: tokenSet('r1') },
  revoked: { ...commonFields, status: 'revoked', recentCalls: [] },
}

/** The active record with other properties. `undefined` removes a property. */
export const active = (
  overrides: { [K in keyof ConnectionRecord]?: ConnectionRecord[K] | undefined } = {},
): ConnectionRecord =>
  Object.fromEntries(
    Object.entries({ ...records.active, ...overrides }).filter(([, value]) => value !== undefined),
  ) as unknown as ConnectionRecord

/** An active record with an expired access token, and a lease of `holder` until `until`. */
export const leasedTo = (
  holder: string,
  until: number,
  overrides: Parameters<typeof active>[0] = {},
): ConnectionRecord =>
  active({
    tokens: tokenSet('r1', {
      accessToken: accessToken('a1', { issuedAt: T - 60 * minute, expiresAt: T }),
    }),
    lease: { holder, until },
    ...overrides,
  })

/** The fields that all events about the outcome of a refresh have. */
export const outcome = (holder: string, refreshTokenId = 'r1', calls = 1) => ({
  holder,
  refreshTokenId,
  calls,
})

export const refreshed = (
  id: string,
  holder: string,
  overrides: Partial<Extract<ConnectionEvent, { type: 'refreshed' }>> = {},
): ConnectionEvent => ({
  type: 'refreshed',
  accessToken: accessToken(id),
  ...outcome(holder),
  ...overrides,
})

export const granted = (
  refreshTokenId: string,
  overrides: Partial<Extract<ConnectionEvent, { type: 'granted' }>> = {},
): ConnectionEvent => ({
  type: 'granted',
  principal: 'ann',
  tokens: tokenSet(refreshTokenId),
  requestedScopes: ['ZohoRecruit.modules.ALL'],
  ...overrides,
})

/** One result of a transition: a part of its decision, or one announcement. */
export type Effect =
  | Exclude<Decision, { type: 'revoke' | 'proceed' }>
  | { readonly type: 'revoke'; readonly tokens: RevocableToken }
  | { readonly type: 'announce'; readonly announcement: Announcement }

/** A transition as the next record and its effects. `proceed` has no effects. */
export const transition = (
  before: ConnectionRecord,
  event: ConnectionEvent,
  now: EpochMs,
): [ConnectionRecord, Effect[]] => {
  const { record, decision, announcements } = transitionOf(before, event, now)
  return [
    record,
    [
      ...effectsOf(decision),
      ...announcements.map((announcement) => ({ type: 'announce' as const, announcement })),
    ],
  ]
}

const effectsOf = (decision: Decision): Effect[] => {
  if (decision.type === 'proceed') return []
  if (decision.type !== 'revoke') return [decision]
  const revoked = decision.tokens.map((tokens) => ({ type: 'revoke' as const, tokens }))
  const { refusal } = decision
  return refusal ? [...revoked, { type: 'refuse', ...refusal }] : revoked
}

/** Effects as short text. */
export const inWords = (effects: readonly Effect[]): string =>
  effects.map(describeEffect).join(', ')

const describeEffect = (effect: Effect): string => {
  switch (effect.type) {
    case 'refuse':
      return `refuse ${effect.code}`
    case 'announce':
      return `announce ${effect.announcement.type}`
    case 'serve':
      return `serve ${effect.tokens.accessToken.id}`
    case 'refresh':
    case 'revoke':
      return `${effect.type} ${effect.tokens.refreshTokenId}`
    default:
      return effect.type
  }
}

export const refreshRequest = (
  overrides: Partial<Extract<ConnectionEvent, { type: 'refreshRequested' }>> = {},
): ConnectionEvent => ({ type: 'refreshRequested', holder: 'h1', ...overrides })

/** An active record whose access token has other properties. */
export const withToken = (
  tokenOverrides: Parameters<typeof accessToken>[1],
  overrides: Parameters<typeof active>[0] = {},
) =>
  active({
    tokens: tokenSet('r1', { accessToken: accessToken('a1', tokenOverrides) }),
    ...overrides,
  })

export const expired = withToken({ issuedAt: T - 60 * minute, expiresAt: T })

/** The cool-down of a throttle. */
export const throttledUntil = (until: number) => ({
  code: 'throttled' as const,
  failures: 0,
  until,
})

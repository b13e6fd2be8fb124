import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { ConnectionRecord, Status } from '../../src/domain/record.ts'
import type { Decision } from '../../src/machine/decision.ts'
import { eventTypes, type ConnectionEvent } from '../../src/machine/events.ts'
import { transition } from '../../src/machine/transition.ts'
import {
  accessToken,
  granted,
  minute,
  outcome,
  records,
  refreshed,
  second,
  T,
  tokenSet,
} from './fixtures.ts'

/** One row of the table: an event, and the situation in which the machine receives it. */
interface Row {
  readonly event: ConnectionEvent
  /** Shown after the event's name. */
  readonly situation?: string
  /** What the situation changes in the example record of a status. */
  readonly fields?: Partial<ConnectionRecord>
  /** The statuses in which the situation can occur. Default: active. */
  readonly fieldsIn?: 'active' | 'every status'
}

const expiredToken = accessToken('a1', { issuedAt: T - 60 * minute, expiresAt: T })
const expired = { tokens: tokenSet('r1', { accessToken: expiredToken }) }
const leased = { ...expired, lease: { holder: 'h1', until: T + second } }
const exchanging = { attempts: [{ stateHash: 's1', at: T }] }
const exchangeFailed = { attempts: [{ stateHash: 's1', at: T, outcome: 'failed' as const }] }
const exchangeLost = { attempts: [{ stateHash: 's1', at: T - 21 * second }] }

const exchangeStarted = { type: 'exchangeStarted', stateHash: 's1', principal: 'ann' } as const
const grantedNow = granted('r2', { stateHash: 's1' })
const refreshRequested = { type: 'refreshRequested', holder: 'h1' } as const
const refusedByEndpoint = { ...refreshRequested, rejectedTokenId: 'a1', endpoint: 'e1' } as const
const refreshFailed = { type: 'refreshFailed', code: 'accounts-server-unavailable' } as const

const rows: readonly Row[] = [
  { event: exchangeStarted },
  {
    event: exchangeStarted,
    situation: 'callback used before',
    fields: exchanging,
    fieldsIn: 'every status',
  },
  { event: grantedNow, fields: exchanging, fieldsIn: 'every status' },
  {
    event: grantedNow,
    situation: 'connection revoked during the exchange',
    fields: exchangeFailed,
    fieldsIn: 'every status',
  },
  { event: granted('r2'), situation: 'Self Client' },
  {
    event: { type: 'attemptFailed', stateHash: 's1', code: 'code-rejected' },
    fields: exchanging,
    fieldsIn: 'every status',
  },
  {
    event: { type: 'attemptFailed', stateHash: 's1', code: 'code-rejected' },
    situation: 'attempt unknown',
  },
  {
    event: { type: 'grantAbandoned', stateHash: 's1', tokens: tokenSet('r2') },
    fields: exchanging,
    fieldsIn: 'every status',
  },
  { event: refreshRequested, situation: 'token valid' },
  { event: refreshRequested, situation: 'token expired', fields: expired },
  {
    event: { ...refreshRequested, holder: 'h2' },
    situation: 'another process has the lease',
    fields: leased,
  },
  {
    event: { ...refreshRequested, rejectedTokenId: 'a1' },
    situation: 'the caller wants a new token',
  },
  { event: refusedByEndpoint, situation: 'an endpoint refused the token' },
  {
    event: refusedByEndpoint,
    situation: 'the same endpoint refused it again',
    fields: { rejections: [{ endpoint: 'e1', at: T }] },
  },
  {
    event: { ...refusedByEndpoint, rejectedTokenId: 'a0' },
    situation: 'an endpoint refused a former token',
  },
  { event: refreshed('a2', 'h1'), situation: 'from the lease holder', fields: leased },
  {
    event: refreshed('a2', 'h1', {
      accessToken: accessToken('a2', { expiresAt: T + 60 * minute + 1 }),
    }),
    situation: 'after the lease ended',
  },
  {
    event: { ...refreshFailed, ...outcome('h1') },
    situation: 'from the lease holder',
    fields: leased,
  },
  { event: { ...refreshFailed, ...outcome('h1') }, situation: 'after the lease ended' },
  {
    event: { type: 'refreshThrottled', ...outcome('h1') },
    situation: 'from the lease holder',
    fields: leased,
  },
  {
    event: { type: 'refreshThrottled', ...outcome('h1') },
    situation: 'after the lease ended',
  },
  {
    event: { type: 'refreshRefused', ...outcome('h1') },
    situation: 'from the lease holder',
    fields: leased,
  },
  { event: { type: 'refreshRefused', ...outcome('h1') }, situation: 'after the lease ended' },
  {
    event: { type: 'refreshRefused', ...outcome('h1', 'r0') },
    situation: 'of a former refresh token',
  },
  {
    event: { type: 'leaseReleased', holder: 'h1' },
    situation: 'from the lease holder',
    fields: leased,
  },
  { event: { type: 'leaseReleased', holder: 'h1' }, situation: 'no lease' },
  { event: { type: 'identified', refreshTokenId: 'r1', identity: { organizationId: 'o1' } } },
  { event: { type: 'scopesGranted', refreshTokenId: 'r1', scopes: ['ZohoRecruit.org.READ'] } },
  { event: { type: 'imported', principal: 'ann', tokens: tokenSet('r2') } },
  { event: { type: 'reencryptionRequested' } },
  { event: { type: 'recoveryRequested' } },
  {
    event: { type: 'recoveryRequested' },
    situation: 'the process of an exchange ended',
    fields: exchangeLost,
    fieldsIn: 'every status',
  },
  { event: { type: 'revokeRequested' } },
  { event: { type: 'revocationCheckStarted', refreshTokenId: 'r1' } },
  { event: { type: 'revocationConfirmed', refreshTokenId: 'r1' } },
  {
    event: { type: 'revocationFailed', refreshTokenId: 'r1', code: 'accounts-server-unavailable' },
  },
  { event: { type: 'forgotten' } },
]

const decisionWords = {
  refresh: 'call the token endpoint',
  wait: 'wait',
  revoke: 'call the revocation endpoint',
} as const

/** What `proceed` permits after these two events. */
const proceedWords: Partial<Record<ConnectionEvent['type'], string>> = {
  exchangeStarted: 'exchange the code',
  revocationCheckStarted: 'check the refresh token at the token endpoint',
}

const describeDecision = (
  event: ConnectionEvent,
  decision: Decision,
  isChanged: boolean,
): string[] => {
  if (decision.type === 'refuse') return [`refuse \`${decision.code}\``]
  if (decision.type === 'serve') return [`serve ${decision.tokens.accessToken.id}`]
  if (decision.type === 'proceed') {
    const word = isChanged ? proceedWords[event.type] : undefined
    return word === undefined ? [] : [word]
  }
  const words: string[] = [decisionWords[decision.type]]
  if (decision.type === 'revoke' && decision.refusal)
    words.push(`refuse \`${decision.refusal.code}\``)
  return words
}

const describeTransition = (
  status: Status,
  { event, fields, fieldsIn = 'active' }: Row,
): string => {
  const applies = status === 'active' || fieldsIn === 'every status'
  const before = { ...records[status], ...(applies && fields) }
  const { record: after, decision, announcements } = transition(before, event, T)
  const words = [
    ...(after.status === before.status ? [] : [`**→ ${after.status}**`]),
    ...describeDecision(event, decision, after !== before),
    ...announcements.map(({ type }) => `announce ${type}`),
  ]
  if (after === before) return words.length > 0 ? words.join(' · ') : '–'
  return words.length > 0 ? words.join(' · ') : 'stored'
}

const statuses = Object.keys(records) as Status[]
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const describeRow = (row: Row): string => {
  const situation = row.situation === undefined ? '' : `, ${row.situation}`
  return line([
    `\`${row.event.type}\`${situation}`,
    ...statuses.map((status) => describeTransition(status, row)),
  ])
}

const page = fileURLToPath(new URL('../../../../ARCHITECTURE.md', import.meta.url))
const markers = /(?<=<!-- machine-table:begin -->\n).*(?=<!-- machine-table:end -->)/s

test('the table has every event', () => {
  expect(new Set(rows.map(({ event }) => event.type))).toEqual(new Set(eventTypes))
})

// The page is the snapshot: `vitest run table.test.ts -u` writes the table there.
test('the table in ARCHITECTURE.md is what the machine does', async () => {
  const table = [
    line(['event', ...statuses]),
    line(['---', ...statuses.map(() => '---')]),
    ...rows.map(describeRow),
  ]
  const text = readFileSync(page, 'utf8')
  expect(text).toMatch(markers)
  await expect(text.replace(markers, () => `${table.join('\n')}\n`)).toMatchFileSnapshot(page)
})

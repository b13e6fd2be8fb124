import { describe, expect, test } from 'vitest'
import type { Status } from '../../src/domain/record.ts'
import { eventTypes, type ConnectionEvent } from '../../src/machine/events.ts'
import {
  transition,
  T,
  accessToken,
  granted,
  inWords,
  outcome,
  records,
  refreshed,
  tokenSet,
} from './fixtures.ts'

const statuses: readonly Status[] = ['none', 'active', 'needs-consent', 'revoking', 'revoked']

/** `=` means that the record comes back identical; otherwise the status that it has now. */
type Answer = readonly [status: '=' | Status, effects: string]
type Row = readonly [
  event: ConnectionEvent,
  none: Answer,
  active: Answer,
  needsConsent: Answer,
  revoking: Answer,
  revoked: Answer,
]

const ignored: Answer = ['=', '']
const notConnected: Answer = ['=', 'refuse not-connected']
const needsConsent: Answer = ['=', 'refuse needs-consent']
const cutOff: Answer = ['=', 'refuse connection-revoked']
const connected: Answer = ['active', 'announce connected']

const table: readonly Row[] = [
  [
    { type: 'exchangeStarted', state: 's1', principal: 'ann' },
    ['none', ''],
    ['active', ''],
    ['needs-consent', ''],
    ['revoking', ''],
    ['revoked', ''],
  ],
  [granted('r2'), connected, connected, connected, connected, connected],
  [
    { type: 'attemptFailed', state: 's1', code: 'code-rejected' },
    ignored,
    ignored,
    ignored,
    ignored,
    ignored,
  ],
  [
    { type: 'grantAbandoned', state: 's1', tokens: tokenSet('r2') },
    ['none', 'revoke r2'],
    ['active', ''],
    ['needs-consent', ''],
    ['revoking', 'revoke r2'],
    ['revoked', 'revoke r2'],
  ],
  [
    { type: 'refreshRequested', holder: 'h1' },
    notConnected,
    ['=', 'serve a1'],
    needsConsent,
    cutOff,
    cutOff,
  ],
  [
    { type: 'refreshRequested', holder: 'h1', rejectedTokenId: 'a1' },
    notConnected,
    ['active', 'refresh r1'],
    needsConsent,
    cutOff,
    cutOff,
  ],
  [
    { type: 'refreshRequested', holder: 'h1', rejectedTokenId: 'a1', endpoint: 'e1' },
    notConnected,
    ['active', 'refresh r1, announce access-token-rejected'],
    needsConsent,
    cutOff,
    cutOff,
  ],
  [
    refreshed('a2', 'h1', { accessToken: accessToken('a2', { expiresAt: T + 3_600_001 }) }),
    notConnected,
    ['active', 'serve a2, announce refreshed'],
    needsConsent,
    cutOff,
    cutOff,
  ],
  [
    { type: 'refreshFailed', code: 'accounts-server-unavailable', ...outcome('h1') },
    notConnected,
    ['=', 'serve a1'],
    needsConsent,
    cutOff,
    cutOff,
  ],
  [
    { type: 'refreshThrottled', ...outcome('h1') },
    notConnected,
    ['active', 'serve a1, announce refresh-failed'],
    needsConsent,
    cutOff,
    cutOff,
  ],
  [
    { type: 'refreshRefused', ...outcome('h1') },
    notConnected,
    ['=', 'serve a1'],
    needsConsent,
    cutOff,
    cutOff,
  ],
  [{ type: 'leaseReleased', holder: 'h1' }, ignored, ignored, ignored, ignored, ignored],
  [
    { type: 'identified', refreshTokenId: 'r1', identity: { organizationId: 'o1' } },
    ignored,
    ['active', ''],
    ignored,
    ignored,
    ignored,
  ],
  [
    { type: 'scopesGranted', refreshTokenId: 'r1', scopes: ['ZohoRecruit.org.READ'] },
    ignored,
    connected,
    ignored,
    ignored,
    ignored,
  ],
  [
    { type: 'imported', principal: 'ann', tokens: tokenSet('r2') },
    connected,
    ['=', 'refuse already-connected'],
    connected,
    ['=', 'refuse already-connected'],
    connected,
  ],
  [
    { type: 'reencryptionRequested' },
    ['none', ''],
    ['active', ''],
    ['needs-consent', ''],
    ['revoking', ''],
    ['revoked', ''],
  ],
  [{ type: 'recoveryRequested' }, ignored, ignored, ignored, ['revoking', 'revoke r1'], ignored],
  [
    { type: 'revokeRequested' },
    notConnected,
    ['revoking', 'revoke r1, announce revocation-pending'],
    ['revoking', 'revoke r1, announce revocation-pending'],
    ['=', 'revoke r1'],
    ignored,
  ],
  [
    { type: 'revocationCheckStarted', refreshTokenId: 'r1' },
    ignored,
    ignored,
    ignored,
    ['revoking', ''],
    ignored,
  ],
  [
    { type: 'revocationConfirmed', refreshTokenId: 'r1' },
    ignored,
    ignored,
    ignored,
    ['revoked', 'announce revoked'],
    ignored,
  ],
  [
    { type: 'revocationFailed', refreshTokenId: 'r1', code: 'revocation-failed' },
    ignored,
    ignored,
    ignored,
    ['revoking', 'refuse revocation-failed, announce revocation-pending'],
    ignored,
  ],
  [
    { type: 'forgotten' },
    ignored,
    ['none', 'announce forgotten'],
    ['none', 'announce forgotten'],
    ['none', 'announce forgotten'],
    ['none', 'announce forgotten'],
  ],
]

describe('every event has its answer in every status', () => {
  for (const [event, ...answers] of table) {
    for (const [column, status] of statuses.entries()) {
      test(`${event.type}${'replacing' in event ? ' (replacing the current token)' : ''}${'endpoint' in event ? ' (for an endpoint)' : ''} in ${status}`, () => {
        const before = records[status]
        const [after, effects] = transition(before, event, T)
        expect([after === before ? '=' : after.status, inWords(effects)]).toEqual(answers[column])
      })
    }
  }

  test('no event is left out', () => {
    expect(new Set(table.map(([event]) => event.type))).toEqual(new Set(eventTypes))
  })
})

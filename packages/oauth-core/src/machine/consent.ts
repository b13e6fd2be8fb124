import {
  noTokenReason,
  isUnreported,
  type Attempt,
  type ConnectionRecord,
  type Identity,
} from '../domain/record.ts'
import { normalizeScopes } from '../domain/scopes.ts'
import type { EpochMs } from '../domain/time.ts'
import {
  closeAttempt,
  consentFailed,
  isCounted,
  recentAttempts,
  withCounted,
  withoutOpenAttempts,
} from './attempts.ts'
import { proceed, refuse, transitionTo, type Announcement, type Transition } from './decision.ts'
import type { ConnectionEvent } from './events.ts'
import { abandoned, isOvertaken, isStored, isSuperseded, withAbandoned } from './late-grants.ts'

type Of<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>

/**
 * Stores the grant over any record, also over `revoking`: the newer consent is what the user wants
 * now. A revocation that was requested during the exchange is newer than the consent, and wins.
 */
export const granted = (
  record: ConnectionRecord,
  event: Of<'granted'>,
  now: EpochMs,
): Transition => {
  const connected: Announcement = {
    type: 'connected',
    dataCenter: event.tokens.dataCenter,
    scopes: event.tokens.scopes,
  }
  if (isStored(record, event)) {
    return record.status === 'active'
      ? transitionTo(record, proceed, connected)
      : transitionTo(record, refuse(noTokenReason(record.status)))
  }
  const disconnected = record.status === 'revoking' || record.status === 'revoked'
  // After a disconnection, another account may connect.
  const account = disconnected ? undefined : record.identity
  // Checked first, so that a repeated event is refused with the same code.
  if (!event.allowAccountSwitch && isDifferentAccount(account, event.identity)) {
    const [ended] = closeAttempt(record, event.state, 'failed', now)
    const isNew = event.state !== undefined && !isCounted(ended, event.state)
    // Its refresh token is left alone, and counts among Zoho's twenty.
    const counted = isNew ? withCounted(ended, [event.state]) : ended
    return transitionTo(counted, refuse('account-switched'), consentFailed('account-switched'))
  }
  const attempt = record.attempts.find((one) => one.state === event.state)
  // Without its attempt nobody knows what came in between: the record was removed, or half an hour
  // has passed.
  const isMissing = event.state !== undefined && !attempt
  if (isMissing || (attempt && isOvertaken(attempt)))
    return abandoned(record, event.state, event.tokens, now)
  const isLate = event.isDelayed || attempt?.outcome === 'lost'
  if (isLate && isSuperseded(record, event.state)) {
    return transitionTo(withAbandoned(record, event.state, event.tokens, now), proceed, connected)
  }
  const [
    { identity: _identity, lease: _lease, coolDown: _coolDown, rejections: _rejections, ...kept },
  ] = closeAttempt(record, event.state, 'granted', now)
  const identity = event.identity ?? account
  const next: ConnectionRecord = {
    ...kept,
    status: 'active',
    since: now,
    principal: event.principal,
    tokens: event.tokens,
    requestedScopes: event.requestedScopes,
    budget: [],
    refreshTokens: (record.refreshTokens ?? 0) + (isCounted(record, event.state) ? 0 : 1),
    ...((identity?.organizationId ?? identity?.userId) ? { identity } : {}),
  }
  return transitionTo(next, proceed, connected, ...warnOfManyRefreshTokens(next))
}

/**
 * Zoho's twenty-first refresh token of a user kills the first, in silence. @see
 * https://www.zoho.com/recruit/developer-guide/apiv2/refresh.html
 */
const refreshTokenWarningCount = 15

const warnOfManyRefreshTokens = ({ refreshTokens = 0 }: ConnectionRecord): Announcement[] =>
  refreshTokens < refreshTokenWarningCount ? [] : [{ type: 'refresh-tokens-piling', refreshTokens }]

export const imported = (
  record: ConnectionRecord,
  event: Of<'imported'>,
  now: EpochMs,
): Transition => {
  if ((record.status === 'active' || record.status === 'revoking') && !isStored(record, event))
    return transitionTo(record, refuse('already-connected'))
  return granted(
    record,
    {
      type: 'granted',
      principal: event.principal,
      tokens: event.tokens,
      requestedScopes: event.tokens.scopes,
      allowAccountSwitch: true,
    },
    now,
  )
}

export const identified = (record: ConnectionRecord, event: Of<'identified'>): Transition =>
  record.status === 'active' &&
  record.tokens?.refreshTokenId === event.refreshTokenId &&
  !isSame(record.identity, event.identity)
    ? transitionTo({ ...record, identity: event.identity })
    : transitionTo(record)

/**
 * Incremental authorization: the same refresh token can do more. @see
 * https://www.zoho.com/accounts/protocol/oauth/incremental-auth/initiation-request.html
 */
export const scopesGranted = (record: ConnectionRecord, event: Of<'scopesGranted'>): Transition => {
  if (record.status !== 'active' || record.tokens?.refreshTokenId !== event.refreshTokenId)
    return transitionTo(record)
  const scopes = normalizeScopes([...record.tokens.scopes, ...event.scopes])
  const next = scopes.every((scope) => record.tokens?.scopes.includes(scope))
    ? record
    : { ...record, tokens: { ...record.tokens, scopes } }
  const { dataCenter } = record.tokens
  return transitionTo(next, proceed, { type: 'connected', dataCenter, scopes })
}

/**
 * Our record goes; the hashes of callbacks used lately stay, so that none of them can be replayed
 * into an empty place. They are counted for nobody any more: whoever connects next starts with all
 * attempts. Refresh tokens that waited for their revocation go too: this is the way out where Zoho
 * never confirms.
 */
export const forgotten = (
  record: ConnectionRecord,
  event: Of<'forgotten'>,
  now: EpochMs,
): Transition => {
  if (event.refreshTokenId !== undefined && record.tokens?.refreshTokenId !== event.refreshTokenId)
    return transitionTo(record)
  const attempts = recentAttempts(withoutOpenAttempts(record).attempts, now).map(forgottenAttempt)
  const isBare =
    record.principal === undefined && !record.abandoned?.length && !record.refreshTokens
  const isForgotten = record.status === 'none' && isBare
  if (isForgotten && attempts.every((attempt) => record.attempts.includes(attempt)))
    return transitionTo(record)
  const next: ConnectionRecord = { status: 'none', attempts, budget: [] }
  return record.status === 'none'
    ? transitionTo(next)
    : transitionTo(next, proceed, { type: 'forgotten', was: record.status })
}

/** Neither its principal nor the refresh token that it may have left is counted any more. */
const forgottenAttempt = (attempt: Attempt): Attempt => {
  if (attempt.countedFor === undefined && !isUnreported(attempt)) return attempt
  const { countedFor: _countedFor, ...kept } = attempt
  return isUnreported(attempt) ? { ...kept, outcome: 'failed' } : kept
}

/** Two accounts differ when an id that both name differs. */
const isDifferentAccount = (before: Identity | undefined, after: Identity | undefined): boolean =>
  (['organizationId', 'userId'] as const).some(
    (key) =>
      before?.[key] !== undefined && after?.[key] !== undefined && before[key] !== after[key],
  )

const isSame = (before: Identity | undefined, after: Identity): boolean =>
  before !== undefined &&
  (['organizationId', 'organizationName', 'userId', 'userName'] as const).every(
    (key) => before[key] === after[key],
  )

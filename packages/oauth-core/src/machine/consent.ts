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
  withCountedTokens,
  withoutOpenAttempts,
} from './attempts.ts'
import { proceed, refuse, transitionTo, type Announcement, type Transition } from './decision.ts'
import type { EventOf } from './events.ts'
import { abandoned, isOvertaken, isStored, isSuperseded, withAbandoned } from './late-grants.ts'

/**
 * Stores the grant over any record, also over `revoking`: the newer consent is what the user wants
 * now. A revocation that was requested during the exchange is newer than the consent, so then the
 * grant is not stored.
 */
export const granted = (
  record: ConnectionRecord,
  event: EventOf<'granted'>,
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
  const isDisconnected = record.status === 'revoking' || record.status === 'revoked'
  // After a disconnection, another account may connect.
  const account = isDisconnected ? undefined : record.identity
  // Checked first, so that a repeated event is refused with the same code.
  if (!event.allowAccountSwitch && isDifferentAccount(account, event.identity)) {
    const closed = closeAttempt(record, event.state, 'failed', now)
    // The refresh token is not revoked, so it counts towards Zoho's limit of twenty.
    const shouldCount = event.state !== undefined && !isCounted(closed, event.state)
    const counted = shouldCount ? withCountedTokens(closed, [event.state]) : closed
    return transitionTo(counted, refuse('account-switched'), consentFailed('account-switched'))
  }
  const attempt = record.attempts.find(({ state }) => state === event.state)
  // The attempt is missing if the record was removed or half an hour has passed. Then it is unknown
  // whether a revocation came in between.
  const isMissing = event.state !== undefined && !attempt
  if (isMissing || (attempt && isOvertaken(attempt)))
    return abandoned(record, event.state, event.tokens, now)
  const isLate = event.isDelayed || attempt?.outcome === 'lost'
  if (isLate && isSuperseded(record, event.state)) {
    return transitionTo(withAbandoned(record, event.state, event.tokens, now), proceed, connected)
  }
  const closed = closeAttempt(record, event.state, 'granted', now)
  const {
    identity: _identity,
    lease: _lease,
    coolDown: _coolDown,
    rejections: _rejections,
    ...kept
  } = closed
  const identity = event.identity ?? account
  const newTokens = isCounted(record, event.state) ? 0 : 1
  const next: ConnectionRecord = {
    ...kept,
    status: 'active',
    since: now,
    principal: event.principal,
    tokens: event.tokens,
    requestedScopes: event.requestedScopes,
    budget: [],
    refreshTokens: (record.refreshTokens ?? 0) + newTokens,
    ...(identity && hasAccountId(identity) && { identity }),
  }
  return transitionTo(next, proceed, connected, ...warnOfManyRefreshTokens(next))
}

/**
 * From this number on, `onEvent` gets a warning. Zoho keeps twenty refresh tokens for a user; the
 * twenty-first ends the first without notice.
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/refresh.html
 */
const refreshTokenWarningCount = 15

const warnOfManyRefreshTokens = ({ refreshTokens = 0 }: ConnectionRecord): Announcement[] =>
  refreshTokens < refreshTokenWarningCount ? [] : [{ type: 'refresh-tokens-piling', refreshTokens }]

export const imported = (
  record: ConnectionRecord,
  event: EventOf<'imported'>,
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

export const identified = (record: ConnectionRecord, event: EventOf<'identified'>): Transition => {
  const isCurrentGrant =
    record.status === 'active' && record.tokens?.refreshTokenId === event.refreshTokenId
  return isCurrentGrant && !isSameIdentity(record.identity, event.identity)
    ? transitionTo({ ...record, identity: event.identity })
    : transitionTo(record)
}

/**
 * Incremental authorization: the same refresh token has more scopes.
 * @see https://www.zoho.com/accounts/protocol/oauth/incremental-auth/initiation-request.html
 */
export const scopesGranted = (
  record: ConnectionRecord,
  event: EventOf<'scopesGranted'>,
): Transition => {
  if (record.status !== 'active' || record.tokens?.refreshTokenId !== event.refreshTokenId)
    return transitionTo(record)
  const { tokens } = record
  const { dataCenter } = tokens
  const scopes = normalizeScopes([...tokens.scopes, ...event.scopes])
  const isUnchanged = scopes.every((scope) => tokens.scopes.includes(scope))
  const next = isUnchanged ? record : { ...record, tokens: { ...tokens, scopes } }
  return transitionTo(next, proceed, { type: 'connected', dataCenter, scopes })
}

/**
 * Removes the record. The hashes of recent callbacks stay, so that none of them can be replayed.
 * They are not counted for a principal any more, so the next user has all attempts. Refresh tokens
 * that waited for their revocation are removed too: this is the way out if Zoho never confirms.
 */
export const forgotten = (
  record: ConnectionRecord,
  event: EventOf<'forgotten'>,
  now: EpochMs,
): Transition => {
  if (event.refreshTokenId !== undefined && record.tokens?.refreshTokenId !== event.refreshTokenId)
    return transitionTo(record)
  const attempts = recentAttempts(withoutOpenAttempts(record).attempts, now).map(forgottenAttempt)
  const isForgotten =
    record.status === 'none' &&
    record.principal === undefined &&
    !record.abandoned?.length &&
    !record.refreshTokens &&
    attempts.every((attempt) => record.attempts.includes(attempt))
  if (isForgotten) return transitionTo(record)
  const next: ConnectionRecord = { status: 'none', attempts, budget: [] }
  return record.status === 'none'
    ? transitionTo(next)
    : transitionTo(next, proceed, { type: 'forgotten', was: record.status })
}

/** The attempt without its principal; the refresh token that it may have left is not counted. */
const forgottenAttempt = (attempt: Attempt): Attempt => {
  if (attempt.countedFor === undefined && !isUnreported(attempt)) return attempt
  const { countedFor: _countedFor, ...kept } = attempt
  return isUnreported(attempt) ? { ...kept, outcome: 'failed' } : kept
}

const hasAccountId = ({ organizationId, userId }: Identity): boolean =>
  Boolean(organizationId ?? userId)

/** Two accounts differ if one id is known for both and is not the same. */
const isDifferentAccount = (before: Identity = {}, after: Identity = {}): boolean =>
  areDifferentIds(before.organizationId, after.organizationId) ||
  areDifferentIds(before.userId, after.userId)

const areDifferentIds = (before: string | undefined, after: string | undefined): boolean =>
  before !== undefined && after !== undefined && before !== after

const isSameIdentity = (before: Identity | undefined, after: Identity): boolean =>
  before !== undefined &&
  before.organizationId === after.organizationId &&
  before.organizationName === after.organizationName &&
  before.userId === after.userId &&
  before.userName === after.userName

import {
  noTokenReason,
  awaitsOutcome,
  type Attempt,
  type ConnectionRecord,
  type Identity,
} from '../domain/record.ts'
import {
  compareAccounts,
  hasAccountId,
  isSameIdentity,
  mergeIdentities,
} from '../domain/identity.ts'
import { normalizeScopes } from '../domain/scopes.ts'
import type { EpochMs } from '../domain/time.ts'
import {
  closeAttempt,
  consentFailed,
  isTokenCounted,
  overtakeOpenAttempts,
  recentAttempts,
  withCountedTokens,
} from './attempts.ts'
import { proceed, refuse, transitionTo, type Announcement, type Transition } from './decision.ts'
import type { EventOf } from './events.ts'
import {
  refuseLateGrant,
  hasEndedWithoutGrant,
  isSuperseded,
  wasStored,
  withAbandonedToken,
} from './late-grants.ts'

/**
 * Stores the grant in place of any other grant, even if that one is being revoked: the newer
 * consent is what the user wants now. If a revocation was requested during the exchange, the
 * revocation is newer, so the grant is not stored.
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
  if (wasStored(record, event)) {
    return record.status === 'active'
      ? transitionTo(record, proceed, connected)
      : transitionTo(record, refuse(noTokenReason(record.status)))
  }
  const isDisconnected = record.status === 'revoking' || record.status === 'revoked'
  // After a disconnection, another account may connect.
  const account = isDisconnected ? undefined : record.identity
  // This check comes before the checks of the attempt, because it closes the attempt. Otherwise a
  // repeated event would be refused with another code.
  const { allowAccountSwitch = false, identity = {} } = event
  const mustRead = event.identity === undefined && allowAccountSwitch !== true
  // Another consent was stored meanwhile. The caller reads the account and applies the event again,
  // so the attempt stays open.
  if (mustRead && account && hasAccountId(account))
    return transitionTo(record, refuse('account-unread'))
  const comparison = compareAccounts(account ?? {}, identity, allowAccountSwitch)
  if (comparison === 'different') return refuseAccountSwitch(record, event, now)
  const attempt = record.attempts.find(({ stateHash }) => stateHash === event.stateHash)
  // The attempt is missing if the record was removed or half an hour has passed. Nobody knows then
  // whether a revocation was requested in the meantime.
  const isMissing = event.stateHash !== undefined && !attempt
  if (isMissing || (attempt && hasEndedWithoutGrant(attempt)))
    return refuseLateGrant(record, event.stateHash, event.tokens, now)
  const isLate = event.isDelayed || attempt?.outcome === 'lost'
  if (isLate && isSuperseded(record, event.stateHash)) {
    const superseded = withAbandonedToken(record, event.stateHash, event.tokens, now)
    return transitionTo(superseded, proceed, connected)
  }
  // If it is the same account, what this consent could not read is still known.
  const isSameAccount = comparison === 'allowed' && allowAccountSwitch !== true
  const known = isSameAccount ? mergeIdentities(account ?? {}, identity) : event.identity
  const next = withGrant(record, event, known, now)
  return transitionTo(next, proceed, connected, ...warnOfManyRefreshTokens(next))
}

const refuseAccountSwitch = (
  record: ConnectionRecord,
  { stateHash }: EventOf<'granted'>,
  now: EpochMs,
): Transition => {
  const closed = closeAttempt(record, stateHash, 'failed', now)
  // The refresh token is not revoked, so it counts towards Zoho's limit of twenty.
  const shouldCount = stateHash !== undefined && !isTokenCounted(closed, stateHash)
  const counted = shouldCount ? withCountedTokens(closed, [stateHash]) : closed
  return transitionTo(counted, refuse('account-switched'), consentFailed('account-switched'))
}

/**
 * The active record with the new grant. The limits and rejections of the former one are removed.
 */
const withGrant = (
  record: ConnectionRecord,
  event: EventOf<'granted'>,
  identity: Identity | undefined,
  now: EpochMs,
): ConnectionRecord => {
  const {
    identity: _identity,
    lease: _lease,
    coolDown: _coolDown,
    rejections: _rejections,
    ...kept
  } = closeAttempt(record, event.stateHash, 'granted', now)
  const newTokens = isTokenCounted(record, event.stateHash) ? 0 : 1
  return {
    ...kept,
    status: 'active',
    since: now,
    principal: event.principal,
    tokens: event.tokens,
    requestedScopes: event.requestedScopes,
    recentCalls: [],
    refreshTokens: (record.refreshTokens ?? 0) + newTokens,
    ...(identity && hasAccountId(identity) && { identity }),
  }
}

/**
 * From this number on, `onEvent` gets a warning. Zoho keeps twenty refresh tokens for a user. When
 * it issues the twenty-first one, the first one stops working without notice.
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
  if ((record.status === 'active' || record.status === 'revoking') && !wasStored(record, event))
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
 * Removes the record. The hashes of recent callbacks stay, so that none of these callbacks can be
 * replayed. Their attempts no longer count for a principal, so the next user has all attempts.
 * Refresh tokens that wait for their revocation are removed too, so that an app can end the waiting
 * if Zoho never confirms.
 */
export const forgotten = (
  record: ConnectionRecord,
  event: EventOf<'forgotten'>,
  now: EpochMs,
): Transition => {
  if (event.refreshTokenId !== undefined && record.tokens?.refreshTokenId !== event.refreshTokenId)
    return transitionTo(record)
  const attempts = recentAttempts(overtakeOpenAttempts(record).attempts, now).map(forgottenAttempt)
  const isAlreadyForgotten =
    record.status === 'none' &&
    record.principal === undefined &&
    !record.abandoned?.length &&
    !record.refreshTokens &&
    attempts.every((attempt) => record.attempts.includes(attempt))
  if (isAlreadyForgotten) return transitionTo(record)
  const next: ConnectionRecord = { status: 'none', attempts, recentCalls: [] }
  return record.status === 'none'
    ? transitionTo(next)
    : transitionTo(next, proceed, { type: 'forgotten', was: record.status })
}

/**
 * The attempt without the hash of its principal. An attempt without a reported end becomes
 * `failed`, so that recovery does not count the refresh token that it may have left.
 */
const forgottenAttempt = (attempt: Attempt): Attempt => {
  if (attempt.limitedPrincipal === undefined && !awaitsOutcome(attempt)) return attempt
  const { limitedPrincipal: _limitedPrincipal, ...kept } = attempt
  return awaitsOutcome(attempt) ? { ...kept, outcome: 'failed' } : kept
}

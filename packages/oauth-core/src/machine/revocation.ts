import type { ConnectionRecord } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import {
  proceed,
  refuse,
  revokeDecision,
  transitionTo,
  type Announcement,
  type Decision,
  type Transition,
} from './decision.ts'
import type { EventOf } from './events.ts'
import { overtakeOpenAttempts } from './attempts.ts'
import {
  correctCalls,
  addInstants,
  checkProbeRateLimit,
  coolDownAfterFailure,
  coolDownAfterThrottle,
  coolDownOf,
  mergeCoolDowns,
} from './rate-limits.ts'
import {
  coolDownRefusal,
  findRevocation,
  pendingRevocations,
  withLimits,
  withoutCoolDown,
} from './pending-revocations.ts'

/**
 * Stores the request before Zoho is called. From now on no caller gets a token, and any process can
 * finish the revocation. A repeated request calls Zoho again, except during a cool-down. A consent
 * whose code is being exchanged is older than this request, so its grant will not be stored.
 */
export const revokeRequested = (
  record: ConnectionRecord,
  event: EventOf<'revokeRequested'>,
  now: EpochMs,
): Transition => {
  const { tokens, status } = record
  const isNewerGrant =
    tokens && event.refreshTokenId !== undefined && tokens.refreshTokenId !== event.refreshTokenId
  if (isNewerGrant) return transitionTo(record)
  const overtaken = overtakeOpenAttempts(record)
  const hasGrant = status === 'active' || status === 'needs-consent'
  if (!tokens || !hasGrant) {
    const decision = revokePending(overtaken, now)
    const hasNothingToRevoke = status === 'none' && decision.type === 'proceed'
    return transitionTo(overtaken, hasNothingToRevoke ? refuse('not-connected') : decision)
  }
  const { lease: _lease, coolDown: _coolDown, rejections: _rejections, ...kept } = overtaken
  const coolDown = coolDownOf(record, now)
  const next: ConnectionRecord = {
    ...kept,
    status: 'revoking',
    since: now,
    // A throttle of the token endpoint applies to the check of this refresh token as well.
    ...(coolDown?.code === 'throttled' && { coolDown }),
  }
  // The first call for the own token is made at once. Only repeated calls wait for a cool-down.
  const abandoned = next.abandoned ?? []
  const tokensToRevoke = [tokens, ...withoutCoolDown(abandoned, now)]
  const decision = revokeDecision(tokensToRevoke, coolDownRefusal(abandoned, now))
  return transitionTo(next, decision, { type: 'revocation-pending' })
}

/** Revokes the pending tokens that have no cool-down, and refuses if some have one. */
const revokePending = (record: ConnectionRecord, now: EpochMs): Decision => {
  const pending = pendingRevocations(record)
  return revokeDecision(withoutCoolDown(pending, now), coolDownRefusal(pending, now))
}

/**
 * The revocation endpoint does not know the refresh token. A request to the token endpoint will
 * check whether the token still works. The request is allowed only within the budget and while Zoho
 * does not throttle.
 */
export const revocationCheckStarted = (
  record: ConnectionRecord,
  event: EventOf<'revocationCheckStarted'>,
  now: EpochMs,
): Transition => {
  const pending = findRevocation(record, event.refreshTokenId)
  if (!pending) return transitionTo(record)
  const rateLimit = checkProbeRateLimit(pending, now)
  if (!rateLimit) {
    const recentCalls = addInstants(pending.recentCalls, 1, now)
    return transitionTo(withLimits(record, event.refreshTokenId, { ...pending, recentCalls }))
  }
  const { code, retryAt } = rateLimit
  const refusal = refuse('revocation-failed', retryAt)
  const announcement: Announcement = { type: 'revocation-pending', code }
  // A throttle is stored as a cool-down already. If the budget is used up, a cool-down is stored,
  // so that no request is sent before the budget has room again.
  if (pending.coolDown?.code === code) return transitionTo(record, refusal, announcement)
  const failures = pending.coolDown?.failures ?? 0
  const coolDown = mergeCoolDowns(pending.coolDown, { code, failures, until: retryAt }, now)
  const next = withLimits(record, event.refreshTokenId, { ...pending, coolDown })
  return transitionTo(next, refusal, announcement)
}

/**
 * Removes the revoked refresh token. The record of a revoked connection keeps the principal, the
 * identity and the used callbacks, but no secret. A consent that was stored since the revocation
 * was requested stays.
 */
export const revocationConfirmed = (
  record: ConnectionRecord,
  event: EventOf<'revocationConfirmed'>,
  now: EpochMs,
): Transition => {
  const { refreshTokenId } = event
  // Zoho's pages do not say whether this revocation ends older refresh tokens too, so only one
  // refresh token is subtracted.
  const refreshTokens = Math.max(0, (record.refreshTokens ?? 0) - 1)
  const { abandoned = [], ...others } = record
  const remaining = abandoned.filter((token) => token.refreshTokenId !== refreshTokenId)
  if (remaining.length < abandoned.length) {
    const withoutToken: ConnectionRecord = { ...others, refreshTokens }
    return transitionTo(
      remaining.length > 0 ? { ...withoutToken, abandoned: remaining } : withoutToken,
    )
  }
  if (record.status !== 'revoking' || record.tokens?.refreshTokenId !== refreshTokenId)
    return transitionTo(record)
  const { tokens: _wiped, coolDown: _ended, ...kept } = record
  const next: ConnectionRecord = {
    ...kept,
    status: 'revoked',
    since: now,
    recentCalls: [],
    refreshTokens,
  }
  return transitionTo(next, proceed, { type: 'revoked' })
}

export const revocationFailed = (
  record: ConnectionRecord,
  event: EventOf<'revocationFailed'>,
  now: EpochMs,
): Transition => {
  const { refreshTokenId, code, zohoError, calls = 1 } = event
  const pending = findRevocation(record, refreshTokenId)
  if (!pending) return transitionTo(record)
  const coolDown =
    code === 'throttled'
      ? coolDownAfterThrottle(pending.coolDown, event, now)
      : coolDownAfterFailure(pending.coolDown, event, now)
  const recentCalls =
    calls > 1 ? correctCalls(pending.recentCalls, calls, now) : pending.recentCalls
  const next = withLimits(record, refreshTokenId, { ...pending, coolDown, recentCalls })
  return transitionTo(next, refuse('revocation-failed', coolDown.until, zohoError), {
    type: 'revocation-pending',
    code,
    zohoError,
  })
}

import type { ConnectionRecord } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import {
  proceed,
  refuse,
  revoke,
  transitionTo,
  type Announcement,
  type Decision,
  type Transition,
} from './decision.ts'
import type { EventOf } from './events.ts'
import { withoutOpenAttempts } from './attempts.ts'
import {
  recordCalls,
  checkThrottle,
  coolDownAfterFailure,
  coolDownAfterThrottle,
  coolDownOf,
  mergeCoolDowns,
} from './rate-limits.ts'
import {
  findRevocation,
  pendingRevocations,
  refusalFor,
  withLimits,
  withoutCoolDown,
} from './pending-revocations.ts'

/**
 * Stores the request before Zoho is called: from now on no caller gets a token, and any process can
 * finish the revocation. Repeating the request calls Zoho again, unless there is a cool-down. A
 * consent whose code is being exchanged is older than this request, so its grant will not be
 * stored.
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
  const overtaken = withoutOpenAttempts(record)
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
  // The first call is made at once; only repeated calls wait for the cool-down.
  const abandoned = next.abandoned ?? []
  const decision = revoke([tokens, ...withoutCoolDown(abandoned, now)], refusalFor(abandoned, now))
  return transitionTo(next, decision, { type: 'revocation-pending' })
}

/** Revokes the pending tokens that have no cool-down, and refuses if some have one. */
const revokePending = (record: ConnectionRecord, now: EpochMs): Decision => {
  const pending = pendingRevocations(record)
  return revoke(withoutCoolDown(pending, now), refusalFor(pending, now))
}

/**
 * The revocation endpoint does not know the refresh token, so the token endpoint is asked: within
 * the budget, and not during a throttle.
 */
export const revocationCheckStarted = (
  record: ConnectionRecord,
  event: EventOf<'revocationCheckStarted'>,
  now: EpochMs,
): Transition => {
  const pending = findRevocation(record, event.refreshTokenId)
  if (!pending) return transitionTo(record)
  const rateLimit = checkThrottle(pending, now)
  if (!rateLimit) {
    const budget = recordCalls(pending.budget, 1, now)
    return transitionTo(withLimits(record, event.refreshTokenId, { ...pending, budget }))
  }
  const { code, retryAt } = rateLimit
  const refusal = refuse('revocation-failed', retryAt)
  const announcement: Announcement = { type: 'revocation-pending', code }
  // A throttle is stored as a cool-down already. A used-up budget becomes one, so that nothing is
  // called before its end.
  if (pending.coolDown?.code === code) return transitionTo(record, refusal, announcement)
  const failures = pending.coolDown?.failures ?? 0
  const coolDown = mergeCoolDowns(pending.coolDown, { code, failures, until: retryAt }, now)
  const next = withLimits(record, event.refreshTokenId, { ...pending, coolDown })
  return transitionTo(next, refusal, announcement)
}

/**
 * The record of a revoked connection keeps the principal, the identity and the used callbacks, and
 * no secret. A consent that was stored in between stays.
 */
export const revocationConfirmed = (
  record: ConnectionRecord,
  event: EventOf<'revocationConfirmed'>,
  now: EpochMs,
): Transition => {
  const { refreshTokenId } = event
  // Zoho's pages do not say whether older refresh tokens end with this one, so only one is
  // subtracted.
  const refreshTokens = Math.max(0, (record.refreshTokens ?? 0) - 1)
  const { abandoned = [], ...others } = record
  const remaining = abandoned.filter((token) => token.refreshTokenId !== refreshTokenId)
  if (remaining.length < abandoned.length) {
    const list = remaining.length > 0 && { abandoned: remaining }
    return transitionTo({ ...others, refreshTokens, ...list })
  }
  if (record.status !== 'revoking' || record.tokens?.refreshTokenId !== refreshTokenId)
    return transitionTo(record)
  const { tokens: _wiped, coolDown: _ended, ...kept } = record
  const next: ConnectionRecord = {
    ...kept,
    status: 'revoked',
    since: now,
    budget: [],
    refreshTokens,
  }
  return transitionTo(next, proceed, { type: 'revoked' })
}

export const revocationFailed = (
  record: ConnectionRecord,
  event: EventOf<'revocationFailed'>,
  now: EpochMs,
): Transition => {
  const { refreshTokenId, code, retryAfterMs, calls = 1 } = event
  const pending = findRevocation(record, refreshTokenId)
  if (!pending) return transitionTo(record)
  const coolDown =
    code === 'throttled'
      ? coolDownAfterThrottle(pending.coolDown, retryAfterMs, now)
      : coolDownAfterFailure(pending.coolDown, code, now)
  const budget = calls > 1 ? recordCalls(pending.budget, calls - 1, now) : pending.budget
  const next = withLimits(record, refreshTokenId, { ...pending, coolDown, budget })
  return transitionTo(next, refuse('revocation-failed', coolDown.until), {
    type: 'revocation-pending',
    code,
  })
}

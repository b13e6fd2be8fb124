import type { AbandonedToken, ConnectionRecord } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import {
  proceed,
  refuse,
  revoke,
  transitionTo,
  type Decision,
  type Refusal,
  type Transition,
} from './decision.ts'
import type { ConnectionEvent } from './events.ts'
import { withoutOpenAttempts } from './attempts.ts'
import {
  recordCalls,
  checkThrottle,
  coolDownAfterFailure,
  coolDownAfterThrottle,
  coolDownOf,
  mergeCoolDowns,
} from './rate-limits.ts'
import { findRevocation, pendingRevocations, withLimits } from './pending-revocations.ts'

type Of<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>

/**
 * The intent is stored before Zoho is called: from here on nobody is handed a token, and whoever
 * finds the record can finish the revocation. Asking again calls Zoho again, unless a cool-down
 * lasts. A consent whose code is being exchanged is older than this, and is not stored any more.
 */
export const revokeRequested = (
  record: ConnectionRecord,
  event: Of<'revokeRequested'>,
  now: EpochMs,
): Transition => {
  const { tokens, status } = record
  const isOther =
    tokens && event.refreshTokenId !== undefined && tokens.refreshTokenId !== event.refreshTokenId
  if (isOther) return transitionTo(record)
  const overtaken = withoutOpenAttempts(record)
  if (!tokens || (status !== 'active' && status !== 'needs-consent')) {
    const decision = revokePending(overtaken, now)
    const isConnected = status !== 'none' || decision.type !== 'proceed'
    return transitionTo(overtaken, isConnected ? decision : refuse('not-connected'))
  }
  const { lease: _lease, coolDown: _coolDown, rejections: _rejections, ...kept } = overtaken
  const coolDown = coolDownOf(record, now)
  // A throttle of the token endpoint holds for the check of this refresh token as well.
  const throttle = coolDown?.code === 'throttled' && { coolDown }
  const next: ConnectionRecord = { ...kept, status: 'revoking', since: now, ...throttle }
  // The first call is made at once; only repeated calls wait for the cool-down.
  const abandoned = next.abandoned ?? []
  const decision = revoke([tokens, ...callable(abandoned, now)], refusalFor(abandoned, now))
  return transitionTo(next, decision, { type: 'revocation-pending' })
}

const callable = <T extends Pick<AbandonedToken, 'coolDown'>>(
  all: readonly T[],
  now: EpochMs,
): T[] => all.filter((one) => !coolDownOf(one, now))

/** What is to be revoked now, and a refusal where Zoho is not to be asked again yet. */
const revokePending = (record: ConnectionRecord, now: EpochMs): Decision => {
  const pending = pendingRevocations(record)
  return revoke(callable(pending, now), refusalFor(pending, now))
}

const refusalFor = (
  all: readonly Pick<AbandonedToken, 'coolDown'>[],
  now: EpochMs,
): Refusal | undefined => {
  const waits = all.flatMap((one) => coolDownOf(one, now)?.until ?? [])
  return waits.length > 0 ? { code: 'revocation-failed', retryAt: Math.max(...waits) } : undefined
}

/**
 * Zoho gets one such request for each answer that the token is unknown, within the budget and not
 * during a throttle.
 */
export const revocationCheckStarted = (
  record: ConnectionRecord,
  event: Of<'revocationCheckStarted'>,
  now: EpochMs,
): Transition => {
  const pending = findRevocation(record, event.refreshTokenId)
  if (!pending) return transitionTo(record)
  const held = checkThrottle(pending, now)
  if (!held) {
    const budget = recordCalls(pending.budget, 1, now)
    return transitionTo(withLimits(record, event.refreshTokenId, { ...pending, budget }))
  }
  const { code, retryAt } = held
  const refused = (next: ConnectionRecord): Transition =>
    transitionTo(next, refuse('revocation-failed', retryAt), { type: 'revocation-pending', code })
  // A throttle is a cool-down already; a spent budget becomes one, so that nothing is called before
  // its end.
  if (pending.coolDown?.code === code) return refused(record)
  const failures = pending.coolDown?.failures ?? 0
  const coolDown = mergeCoolDowns(pending.coolDown, { code, failures, until: retryAt }, now)
  return refused(withLimits(record, event.refreshTokenId, { ...pending, coolDown }))
}

/**
 * The tombstone keeps who it was and which callbacks were used, and no secret. A new consent in
 * between wins.
 */
export const revocationConfirmed = (
  record: ConnectionRecord,
  event: Of<'revocationConfirmed'>,
  now: EpochMs,
): Transition => {
  const { refreshTokenId } = event
  // Of the refresh tokens made before it some may live on: whether they die with it, Zoho's pages
  // leave open.
  const refreshTokens = Math.max(0, (record.refreshTokens ?? 0) - 1)
  if (record.abandoned?.some((one) => one.refreshTokenId === refreshTokenId)) {
    const left = record.abandoned.filter((one) => one.refreshTokenId !== refreshTokenId)
    const { abandoned: _abandoned, ...kept } = record
    return transitionTo({ ...kept, refreshTokens, ...(left.length > 0 && { abandoned: left }) })
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
  event: Of<'revocationFailed'>,
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

import type { AbandonedToken, ConnectionRecord } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import { announce, refuse, type Effect } from './decision.ts'
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
type Step = [ConnectionRecord, readonly Effect[]]

/**
 * The intent is stored before Zoho is called: from here on nobody is handed a token, and whoever
 * finds the record can finish the revocation. Asking again calls Zoho again, unless a cool-down
 * lasts. A consent whose code is being exchanged is older than this, and is not stored any more.
 */
export const revokeRequested = (
  record: ConnectionRecord,
  event: Of<'revokeRequested'>,
  now: EpochMs,
): Step => {
  const { tokens, status } = record
  const isOther =
    tokens && event.refreshTokenId !== undefined && tokens.refreshTokenId !== event.refreshTokenId
  if (isOther) return [record, []]
  const overtaken = withoutOpenAttempts(record)
  if (!tokens || (status !== 'active' && status !== 'needs-consent')) {
    const effects = callsFor(overtaken, now)
    return [
      overtaken,
      status === 'none' && effects.length === 0 ? [refuse('not-connected')] : effects,
    ]
  }
  const { lease: _lease, coolDown: _coolDown, rejections: _rejections, ...kept } = overtaken
  const coolDown = coolDownOf(record, now)
  // A throttle of the token endpoint holds for the check of this refresh token as well.
  const throttle = coolDown?.code === 'throttled' && { coolDown }
  const next: ConnectionRecord = { ...kept, status: 'revoking', since: now, ...throttle }
  // The first call is made at once; only repeated calls wait for the cool-down.
  const abandoned = next.abandoned ?? []
  const calls = [tokens, ...callable(abandoned, now)]
  return [
    next,
    [...calls.map(call), ...refusalFor(abandoned, now), announce({ type: 'revocation-pending' })],
  ]
}

const call = (
  tokens: Pick<AbandonedToken, 'dataCenter' | 'refreshToken' | 'refreshTokenId'>,
): Effect => ({
  type: 'callRevocationEndpoint',
  tokens,
})

const callable = <T extends Pick<AbandonedToken, 'coolDown'>>(
  all: readonly T[],
  now: EpochMs,
): T[] => all.filter((one) => !coolDownOf(one, now))

/** What is to be revoked now, and a refusal where Zoho is not to be asked again yet. */
const callsFor = (record: ConnectionRecord, now: EpochMs): Effect[] => {
  const pending = pendingRevocations(record)
  return [...callable(pending, now).map(call), ...refusalFor(pending, now)]
}

const refusalFor = (all: readonly Pick<AbandonedToken, 'coolDown'>[], now: EpochMs): Effect[] => {
  const waits = all.flatMap((one) => coolDownOf(one, now)?.until ?? [])
  return waits.length > 0 ? [refuse('revocation-failed', Math.max(...waits))] : []
}

/**
 * Zoho gets one such request for each answer that the token is unknown, within the budget and not
 * during a throttle.
 */
export const revocationCheckStarted = (
  record: ConnectionRecord,
  event: Of<'revocationCheckStarted'>,
  now: EpochMs,
): Step => {
  const pending = findRevocation(record, event.refreshTokenId)
  if (!pending) return [record, []]
  const held = checkThrottle(pending, now)
  if (!held) {
    const budget = recordCalls(pending.budget, 1, now)
    return [
      withLimits(record, event.refreshTokenId, { ...pending, budget }),
      [{ type: 'checkRefreshToken' }],
    ]
  }
  const { code, retryAt } = held
  const effects = [
    refuse('revocation-failed', retryAt),
    announce({ type: 'revocation-pending', code }),
  ]
  // A throttle is a cool-down already; a spent budget becomes one, so that nothing is called before
  // its end.
  if (pending.coolDown?.code === code) return [record, effects]
  const failures = pending.coolDown?.failures ?? 0
  const coolDown = mergeCoolDowns(pending.coolDown, { code, failures, until: retryAt }, now)
  return [withLimits(record, event.refreshTokenId, { ...pending, coolDown }), effects]
}

/**
 * The tombstone keeps who it was and which callbacks were used, and no secret. A new consent in
 * between wins.
 */
export const revocationConfirmed = (
  record: ConnectionRecord,
  event: Of<'revocationConfirmed'>,
  now: EpochMs,
): Step => {
  const { refreshTokenId } = event
  // Of the refresh tokens made before it some may live on: whether they die with it, Zoho's pages
  // leave open.
  const refreshTokens = Math.max(0, (record.refreshTokens ?? 0) - 1)
  if (record.abandoned?.some((one) => one.refreshTokenId === refreshTokenId)) {
    const left = record.abandoned.filter((one) => one.refreshTokenId !== refreshTokenId)
    const { abandoned: _abandoned, ...kept } = record
    return [{ ...kept, refreshTokens, ...(left.length > 0 && { abandoned: left }) }, []]
  }
  if (record.status !== 'revoking' || record.tokens?.refreshTokenId !== refreshTokenId)
    return [record, []]
  const { tokens: _wiped, coolDown: _ended, ...kept } = record
  return [
    { ...kept, status: 'revoked', since: now, budget: [], refreshTokens },
    [announce({ type: 'revoked' })],
  ]
}

export const revocationFailed = (
  record: ConnectionRecord,
  event: Of<'revocationFailed'>,
  now: EpochMs,
): Step => {
  const { refreshTokenId, code, retryAfterMs, calls = 1 } = event
  const pending = findRevocation(record, refreshTokenId)
  if (!pending) return [record, []]
  const coolDown =
    code === 'throttled'
      ? coolDownAfterThrottle(pending.coolDown, retryAfterMs, now)
      : coolDownAfterFailure(pending.coolDown, code, now)
  const budget = calls > 1 ? recordCalls(pending.budget, calls - 1, now) : pending.budget
  const next = withLimits(record, refreshTokenId, { ...pending, coolDown, budget })
  return [
    next,
    [refuse('revocation-failed', coolDown.until), announce({ type: 'revocation-pending', code })],
  ]
}

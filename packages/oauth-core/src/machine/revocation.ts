import type { ConnectionRecord, EpochMs } from '../domain/index.ts'
import { announce, refuse, type Effect } from './effects.ts'
import type { ConnectionEvent } from './events.ts'
import { withoutOpenAttempts } from './consent.ts'
import { coolDownAfterFailure, coolDownAfterThrottle } from './governor.ts'

type Of<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>
type Step = [ConnectionRecord, readonly Effect[]]

/**
 * The intent is stored before Zoho is called: from here on nobody is handed a token, and whoever finds the record can
 * finish the revocation. Asking again calls Zoho again. A consent whose code is being exchanged is older than this, and
 * is not stored any more.
 */
export const revokeRequested = (record: ConnectionRecord, event: Of<'revokeRequested'>, now: EpochMs): Step => {
  const { tokens } = record
  if (tokens && event.refreshTokenId !== undefined && tokens.refreshTokenId !== event.refreshTokenId) return [record, []]
  const overtaken = withoutOpenAttempts(record)
  if (record.status === 'revoked') return [overtaken, []]
  if (record.status === 'none' || !tokens) return [overtaken, [refuse('not-connected')]]
  const call: Effect = { type: 'callRevocationEndpoint', tokens }
  if (record.status === 'revoking') return [overtaken, [call]]
  const { lease: _lease, coolDown: _coolDown, rejected: _rejected, ...kept } = overtaken
  return [{ ...kept, status: 'revoking', since: now }, [call, announce({ type: 'revocation-pending' })]]
}

/** The tombstone keeps who it was and which callbacks were used, and no secret. A new consent in between wins. */
export const revocationConfirmed = (record: ConnectionRecord, event: Of<'revocationConfirmed'>, now: EpochMs): Step => {
  if (record.status !== 'revoking' || record.tokens?.refreshTokenId !== event.refreshTokenId) return [record, []]
  const { tokens: _wiped, coolDown: _ended, ...kept } = record
  // Of the refresh tokens made before it some may live on: whether they die with it, Zoho's pages leave open.
  return [{ ...kept, status: 'revoked', since: now, budget: [], refreshTokens: Math.max(0, (record.refreshTokens ?? 0) - 1) }, [announce({ type: 'revoked' })]]
}

export const revocationFailed = (record: ConnectionRecord, event: Of<'revocationFailed'>, now: EpochMs): Step => {
  if (record.status !== 'revoking' || record.tokens?.refreshTokenId !== event.refreshTokenId) return [record, []]
  const { coolDown: before } = record
  const coolDown = event.code === 'throttled' ? coolDownAfterThrottle(before, event.retryAfterMs, now) : coolDownAfterFailure(before, event.code, now)
  return [{ ...record, coolDown }, [refuse('revocation-failed', coolDown.until), announce({ type: 'revocation-pending', code: event.code })]]
}

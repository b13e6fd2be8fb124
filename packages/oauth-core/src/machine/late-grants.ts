// A late grant is a token set that Zoho issued for an attempt (a code exchange) that had already
// ended, for example because the connection was revoked during the exchange.

import {
  abandonedTokensToRevoke,
  type Attempt,
  type ConnectionRecord,
  type TokenSet,
} from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import { consentFailed } from './attempts.ts'
import { refuse, revokeDecision, transitionTo, type Transition } from './decision.ts'
import type { EventOf } from './events.ts'

/**
 * Was this grant stored before? A process repeats its event if the store did not acknowledge the
 * write. Storing the grant a second time would undo a revocation that came in between.
 */
export const wasStored = (
  record: ConnectionRecord,
  { stateHash, tokens }: { readonly stateHash?: string; readonly tokens: TokenSet },
): boolean =>
  record.tokens?.refreshTokenId === tokens.refreshTokenId ||
  record.attempts.some(
    (attempt) => attempt.stateHash === stateHash && attempt.outcome === 'granted',
  )

/** Did the attempt end before its grant arrived, for example by a revocation? */
export const hasEndedWithoutGrant = ({ outcome }: Attempt): boolean =>
  outcome === 'failed' || outcome === 'overtaken' || outcome === 'abandoned'

/**
 * Refuses a grant whose attempt has ended or is missing. Its refresh token must still be revoked,
 * so it is added to `abandoned` of the record, and stays there until Zoho confirms the revocation.
 *
 * @param stateHash of the attempt; `undefined` for an import, which has no attempt
 */
export const refuseLateGrant = (
  record: ConnectionRecord,
  stateHash: string | undefined,
  tokens: TokenSet,
  now: EpochMs,
): Transition => {
  const isAlreadyAbandoned = record.attempts.some(
    (attempt) => attempt.stateHash === stateHash && attempt.outcome === 'abandoned',
  )
  if (isAlreadyAbandoned) return transitionTo(record, refuse('connection-revoked'))
  const next = withAbandonedToken(record, stateHash, tokens, now)
  // A code that is being exchanged belongs to a newer consent. Revoking this token could also
  // revoke the tokens of that consent. So `recover()` revokes it later.
  const isExchanging = next.attempts.some(({ outcome }) => !outcome)
  const canRevokeNow = abandonedTokensToRevoke(next).length > 0 && !isExchanging
  const decision = revokeDecision(canRevokeNow ? [tokens] : [], { code: 'connection-revoked' })
  return transitionTo(next, decision, consentFailed('connection-revoked'))
}

/** Adds the refresh token of a late grant to `abandoned`, and marks its attempt as abandoned. */
export const withAbandonedToken = (
  record: ConnectionRecord,
  stateHash: string | undefined,
  { dataCenter, refreshToken, refreshTokenId }: TokenSet,
  now: EpochMs,
): ConnectionRecord => {
  const attempt = record.attempts.find((one) => one.stateHash === stateHash)
  const attempts = withAbandonedAttempt(record.attempts, stateHash, now)
  const token = { dataCenter, refreshToken, refreshTokenId, recentCalls: [] }
  const newTokenCount = attempt?.tokenCounted ? 0 : 1
  return {
    ...record,
    attempts,
    abandoned: [...(record.abandoned ?? []), token],
    refreshTokens: (record.refreshTokens ?? 0) + newTokenCount,
  }
}

/**
 * Marks the attempt as abandoned without moving it, because the list is in the order in which the
 * attempts began. An unknown attempt is added at the end.
 */
const withAbandonedAttempt = (
  attempts: readonly Attempt[],
  stateHash: string | undefined,
  now: EpochMs,
): readonly Attempt[] => {
  if (stateHash === undefined) return attempts
  const isKnown = attempts.some((attempt) => attempt.stateHash === stateHash)
  if (!isKnown) return [...attempts, { stateHash, at: now, outcome: 'abandoned' }]
  return attempts.map((attempt) =>
    attempt.stateHash === stateHash ? { ...attempt, outcome: 'abandoned' } : attempt,
  )
}

/** Was a later attempt granted? If this attempt is unknown, every attempt counts as later. */
export const isSuperseded = (
  { attempts }: ConnectionRecord,
  stateHash: string | undefined,
): boolean => {
  const index = attempts.findIndex((attempt) => attempt.stateHash === stateHash)
  const later = attempts.slice(index + 1)
  return later.some(({ outcome }) => outcome === 'granted')
}

/**
 * Handles the event `grantAbandoned`: the store refused the grant, and Zoho has not confirmed that
 * its refresh token is revoked. The decision has no refusal, because the caller throws the error of
 * the store.
 */
export const grantAbandoned = (
  record: ConnectionRecord,
  event: EventOf<'grantAbandoned'>,
  now: EpochMs,
): Transition => {
  if (wasStored(record, event)) return transitionTo(record)
  const { record: next, decision } = refuseLateGrant(record, event.stateHash, event.tokens, now)
  return transitionTo(next, revokeDecision(decision.type === 'revoke' ? decision.tokens : []))
}

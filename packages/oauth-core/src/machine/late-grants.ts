import {
  abandonedTokensToRevoke,
  type Attempt,
  type ConnectionRecord,
  type TokenSet,
} from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import { consentFailed } from './attempts.ts'
import { refuse, revoke, transitionTo, type Transition } from './decision.ts'
import type { EventOf } from './events.ts'

/**
 * Was this grant stored before? A writer repeats its event if the acknowledgement was lost. If the
 * grant was stored again, a revocation in the meantime would be undone.
 */
export const wasStored = (
  record: ConnectionRecord,
  { state, tokens }: { readonly state?: string; readonly tokens: TokenSet },
): boolean =>
  record.tokens?.refreshTokenId === tokens.refreshTokenId ||
  record.attempts.some((attempt) => attempt.state === state && attempt.outcome === 'granted')

/** Did the attempt end before its grant arrived, for example by a revocation? */
export const hasEndedWithoutGrant = ({ outcome }: Attempt): boolean =>
  outcome === 'failed' || outcome === 'overtaken' || outcome === 'abandoned'

/**
 * Refuses a grant whose attempt has ended or is missing. Its refresh token must be revoked, so the
 * same write stores the refresh token in `abandoned`, until Zoho confirms the revocation.
 */
export const abandonGrant = (
  record: ConnectionRecord,
  state: string | undefined,
  tokens: TokenSet,
  now: EpochMs,
): Transition => {
  const isAlreadyAbandoned = record.attempts.some(
    (attempt) => attempt.state === state && attempt.outcome === 'abandoned',
  )
  if (isAlreadyAbandoned) return transitionTo(record, refuse('connection-revoked'))
  const next = withAbandonedToken(record, state, tokens, now)
  // If another code is being exchanged, that consent is newer, and revoking could end its grant. In
  // this case recovery revokes the token later.
  const isExchanging = next.attempts.some(({ outcome }) => !outcome)
  const canRevokeNow = abandonedTokensToRevoke(next).length > 0 && !isExchanging
  const decision = revoke(canRevokeNow ? [tokens] : [], { code: 'connection-revoked' })
  return transitionTo(next, decision, consentFailed('connection-revoked'))
}

/** Adds the refresh token of a late grant to `abandoned`, and closes the attempt of this state. */
export const withAbandonedToken = (
  record: ConnectionRecord,
  state: string | undefined,
  { dataCenter, refreshToken, refreshTokenId }: TokenSet,
  now: EpochMs,
): ConnectionRecord => {
  const attempt = record.attempts.find((each) => each.state === state)
  const attempts = withAbandonedAttempt(record.attempts, state, now)
  const token = { dataCenter, refreshToken, refreshTokenId, budget: [] }
  const newTokens = attempt?.counted ? 0 : 1
  return {
    ...record,
    attempts,
    abandoned: [...(record.abandoned ?? []), token],
    refreshTokens: (record.refreshTokens ?? 0) + newTokens,
  }
}

/** Closes the attempt in its place: the list stays in the order in which the attempts began. */
const withAbandonedAttempt = (
  attempts: readonly Attempt[],
  state: string | undefined,
  now: EpochMs,
): readonly Attempt[] => {
  if (state === undefined) return attempts
  const isKnown = attempts.some((attempt) => attempt.state === state)
  if (!isKnown) return [...attempts, { state, at: now, outcome: 'abandoned' }]
  return attempts.map((attempt) =>
    attempt.state === state ? { ...attempt, outcome: 'abandoned' } : attempt,
  )
}

/** Did an attempt that began after the attempt of this state bring a grant? */
export const isSuperseded = (
  { attempts }: ConnectionRecord,
  state: string | undefined,
): boolean => {
  const index = attempts.findIndex((attempt) => attempt.state === state)
  const later = attempts.slice(index + 1)
  return later.some(({ outcome }) => outcome === 'granted')
}

/** The store refused the grant, and Zoho has not confirmed that its refresh token is revoked. */
export const grantAbandoned = (
  record: ConnectionRecord,
  event: EventOf<'grantAbandoned'>,
  now: EpochMs,
): Transition => {
  if (wasStored(record, event)) return transitionTo(record)
  const { record: next, decision } = abandonGrant(record, event.state, event.tokens, now)
  return transitionTo(next, revoke(decision.type === 'revoke' ? decision.tokens : []))
}

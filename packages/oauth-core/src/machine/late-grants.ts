import {
  abandonedTokens,
  type Attempt,
  type ConnectionRecord,
  type TokenSet,
} from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import { consentFailed } from './attempts.ts'
import { refuse, revoke, transitionTo, type Transition } from './decision.ts'
import type { EventOf } from './events.ts'

/**
 * Was this grant stored before? Its writer repeats the event if the acknowledgement was lost.
 * Storing it twice would undo a revocation that came in between.
 */
export const isStored = (
  record: ConnectionRecord,
  { state, tokens }: { readonly state?: string; readonly tokens: TokenSet },
): boolean =>
  record.tokens?.refreshTokenId === tokens.refreshTokenId ||
  record.attempts.some((attempt) => attempt.state === state && attempt.outcome === 'granted')

/** Was the attempt ended by a revocation or a `forgotten` before its grant arrived? */
export const isOvertaken = ({ outcome }: Attempt): boolean =>
  outcome === 'failed' || outcome === 'overtaken' || outcome === 'abandoned'

/**
 * The refresh token of an overtaken attempt must be revoked. It is stored in the same write that
 * refuses the grant, and stays until Zoho confirms its revocation.
 */
export const abandoned = (
  record: ConnectionRecord,
  state: string | undefined,
  tokens: TokenSet,
  now: EpochMs,
): Transition => {
  const isKnown = record.attempts.some(
    (attempt) => attempt.state === state && attempt.outcome === 'abandoned',
  )
  if (isKnown) return transitionTo(record, refuse('connection-revoked'))
  const next = withAbandoned(record, state, tokens, now)
  // A consent whose code is being exchanged is newer, and revoking could end its grant. Then
  // recovery revokes the token later.
  const isExchanging = next.attempts.some(({ outcome }) => !outcome)
  const canRevokeNow = abandonedTokens(next).length > 0 && !isExchanging
  const decision = revoke(canRevokeNow ? [tokens] : [], { code: 'connection-revoked' })
  return transitionTo(next, decision, consentFailed('connection-revoked'))
}

export const withAbandoned = (
  record: ConnectionRecord,
  state: string | undefined,
  { dataCenter, refreshToken, refreshTokenId }: TokenSet,
  now: EpochMs,
): ConnectionRecord => {
  const attempt = record.attempts.find((each) => each.state === state)
  const attempts = record.attempts.filter((each) => each !== attempt)
  if (state !== undefined) attempts.push({ at: now, ...attempt, state, outcome: 'abandoned' })
  const token = { dataCenter, refreshToken, refreshTokenId, budget: [] }
  const newTokens = attempt?.counted ? 0 : 1
  return {
    ...record,
    attempts,
    abandoned: [...(record.abandoned ?? []), token],
    refreshTokens: (record.refreshTokens ?? 0) + newTokens,
  }
}

/** Was an attempt granted that began after the attempt of this state? */
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
  if (isStored(record, event)) return transitionTo(record)
  const { record: next, decision } = abandoned(record, event.state, event.tokens, now)
  return transitionTo(next, revoke(decision.type === 'revoke' ? decision.tokens : []))
}

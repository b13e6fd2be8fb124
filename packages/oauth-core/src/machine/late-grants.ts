import {
  abandonedTokens,
  type Attempt,
  type ConnectionRecord,
  type TokenSet,
} from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import { consentFailed } from './attempts.ts'
import { refuse, revoke, transitionTo, type Transition } from './decision.ts'
import type { ConnectionEvent } from './events.ts'

type Of<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>

/**
 * Was this very grant stored before? Its writer tells it again when the acknowledgement was lost;
 * stored twice, it would undo a revocation that came in between.
 */
export const isStored = (
  record: ConnectionRecord,
  { state, tokens }: { readonly state?: string; readonly tokens: TokenSet },
): boolean =>
  record.tokens?.refreshTokenId === tokens.refreshTokenId ||
  record.attempts.some((attempt) => attempt.state === state && attempt.outcome === 'granted')

/** Ended by a revocation or a `forgotten` before its grant arrived. */
export const isOvertaken = ({ outcome }: Attempt): boolean =>
  outcome === 'failed' || outcome === 'overtaken' || outcome === 'abandoned'

/**
 * The refresh token of an attempt that was overtaken must not live on. It is stored in the same
 * write that refuses the grant, so that nothing but Zoho's confirmation removes it.
 */
export const abandoned = (
  record: ConnectionRecord,
  state: string | undefined,
  tokens: TokenSet,
  now: EpochMs,
): Transition => {
  const isKnown = record.attempts.some((one) => one.state === state && one.outcome === 'abandoned')
  if (isKnown) return transitionTo(record, refuse('connection-revoked'))
  const next = withAbandoned(record, state, tokens, now)
  // A code that is being exchanged is newer: revoking could end its grant. Recovery revokes later.
  const isExchanging = next.attempts.some(({ outcome }) => !outcome)
  const isRevokedNow = abandonedTokens(next).length > 0 && !isExchanging
  return transitionTo(
    next,
    revoke(isRevokedNow ? [tokens] : [], { code: 'connection-revoked' }),
    consentFailed('connection-revoked'),
  )
}

export const withAbandoned = (
  record: ConnectionRecord,
  state: string | undefined,
  { dataCenter, refreshToken, refreshTokenId }: TokenSet,
  now: EpochMs,
): ConnectionRecord => {
  const attempt = record.attempts.find((one) => one.state === state)
  const others = record.attempts.filter((one) => one !== attempt)
  const closed =
    state === undefined ? [] : [{ at: now, ...attempt, state, outcome: 'abandoned' as const }]
  return {
    ...record,
    attempts: [...others, ...closed],
    abandoned: [
      ...(record.abandoned ?? []),
      { dataCenter, refreshToken, refreshTokenId, budget: [] },
    ],
    refreshTokens: (record.refreshTokens ?? 0) + (attempt?.counted ? 0 : 1),
  }
}

/** Was an attempt granted that began after the one of this state? */
export const isSuperseded = ({ attempts }: ConnectionRecord, state: string | undefined): boolean =>
  attempts
    .slice(attempts.findIndex((one) => one.state === state) + 1)
    .some(({ outcome }) => outcome === 'granted')

/**
 * The same where the store refused the grant, and the revocation that was tried at once did not
 * succeed.
 */
export const grantAbandoned = (
  record: ConnectionRecord,
  event: Of<'grantAbandoned'>,
  now: EpochMs,
): Transition => {
  if (isStored(record, event)) return transitionTo(record)
  const { record: next, decision } = abandoned(record, event.state, event.tokens, now)
  return transitionTo(next, revoke(decision.type === 'revoke' ? decision.tokens : []))
}

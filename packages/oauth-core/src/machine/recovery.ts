import {
  awaitsOutcome,
  type Attempt,
  type ConnectionRecord,
  type CoolDown,
} from '../domain/record.ts'
import { timeBudget, type EpochMs } from '../domain/time.ts'
import { consentFailed, withCountedTokens, withoutOldAttempts } from './attempts.ts'
import {
  proceed,
  revokeDecision,
  transitionTo,
  type Announcement,
  type Decision,
  type Transition,
} from './decision.ts'
import {
  coolDownRefusal,
  pendingRevocations,
  withLimits,
  withoutCoolDown,
} from './pending-revocations.ts'

/**
 * Finishes the work of processes that died.
 * - An exchange that did not end in time may have left a refresh token at Zoho, so this token is
 *   counted. If the process was only paused, its grant can still be stored.
 * - One process at a time claims the pending revocations. It claims none during an exchange,
 *   because that consent is newer and a revocation could end its grant. It claims no revocation
 *   that has a cool-down.
 */
export const recoveryRequested = (
  record: ConnectionRecord,
  _event: unknown,
  now: EpochMs,
): Transition => {
  const interrupted = record.attempts.filter((attempt) => isInterrupted(attempt, now))
  const counted = interrupted.length > 0 ? withClosedAttempts(record, interrupted) : record
  const next = withoutOldAttempts(counted, now)
  const announcements: Announcement[] =
    interrupted.length > 0 ? [consentFailed('exchange-outcome-unknown')] : []
  const isExchanging = next.attempts.some(({ outcome }) => !outcome)
  if (isExchanging) return transitionTo(next, proceed, ...announcements)
  const { claimed, decision } = claimRevocations(next, now)
  return transitionTo(claimed, decision, ...announcements)
}

/**
 * Claims the revocations that have no cool-down. A claim is a cool-down of the same length as a
 * lease, so that other processes skip the revocation in this time.
 */
const claimRevocations = (
  record: ConnectionRecord,
  now: EpochMs,
): { readonly claimed: ConnectionRecord; readonly decision: Decision } => {
  const pending = pendingRevocations(record)
  const tokens = withoutCoolDown(pending, now)
  const until = now + timeBudget.leaseMs
  let claimed = record
  for (const token of tokens) {
    const failures = token.coolDown?.failures ?? 0
    const coolDown: CoolDown = { code: 'revocation-failed', failures, until }
    claimed = withLimits(claimed, token.refreshTokenId, { ...token, coolDown })
  }
  return { claimed, decision: revokeDecision(tokens, coolDownRefusal(pending, now)) }
}

/** Closes these attempts, and counts the refresh tokens that they may have left at Zoho. */
const withClosedAttempts = (
  record: ConnectionRecord,
  interrupted: readonly Attempt[],
): ConnectionRecord => {
  const stateHashes = interrupted.map(({ stateHash }) => stateHash)
  const attempts = record.attempts.map((attempt) =>
    stateHashes.includes(attempt.stateHash) ? closedAttempt(attempt) : attempt,
  )
  return withCountedTokens({ ...record, attempts }, stateHashes)
}

/** The grant of a `lost` attempt can still be stored; that of a `failed` one cannot. */
const closedAttempt = (attempt: Attempt): Attempt => ({
  ...attempt,
  outcome: attempt.outcome === 'overtaken' ? 'failed' : 'lost',
})

/** Has the process of this attempt died? An attempt far in the future comes from a wrong clock. */
const isInterrupted = (attempt: Attempt, now: EpochMs): boolean =>
  awaitsOutcome(attempt) && Math.abs(now - attempt.at) > timeBudget.exchangeMs

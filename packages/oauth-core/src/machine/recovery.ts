import {
  isUnreported,
  type Attempt,
  type ConnectionRecord,
  type CoolDown,
} from '../domain/record.ts'
import { timeBudget, type EpochMs } from '../domain/time.ts'
import { consentFailed, withCountedTokens, withoutOldAttempts } from './attempts.ts'
import {
  proceed,
  revoke,
  transitionTo,
  type Announcement,
  type Decision,
  type Transition,
} from './decision.ts'
import {
  pendingRevocations,
  refusalFor,
  withLimits,
  withoutCoolDown,
} from './pending-revocations.ts'

/**
 * Finishes the work of processes that died. An exchange that did not end in time may have left a
 * refresh token at Zoho, which is counted. If its process was only paused, its grant is still
 * stored. One process at a time claims the revocations: not during a cool-down, and not during an
 * exchange, because that consent is newer and revoking could end its grant too.
 */
export const recoveryRequested = (
  record: ConnectionRecord,
  _event: unknown,
  now: EpochMs,
): Transition => {
  const abandoned = record.attempts.filter((attempt) => wasAbandoned(attempt, now))
  const counted = abandoned.length > 0 ? withClosedAttempts(record, abandoned) : record
  const next = withoutOldAttempts(counted, now)
  const announcements: Announcement[] =
    abandoned.length > 0 ? [consentFailed('exchange-outcome-unknown')] : []
  const isExchanging = next.attempts.some(({ outcome }) => !outcome)
  if (isExchanging) return transitionTo(next, proceed, ...announcements)
  const { claimed, decision } = claimRevocations(next, now)
  return transitionTo(claimed, decision, ...announcements)
}

/**
 * Claims the revocations that have no cool-down. A claim is a cool-down as long as a lease, so that
 * other processes skip the revocation.
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
  return { claimed, decision: revoke(tokens, refusalFor(pending, now)) }
}

/** Closes these attempts, and counts the refresh tokens that they may have left at Zoho. */
const withClosedAttempts = (
  record: ConnectionRecord,
  abandoned: readonly Attempt[],
): ConnectionRecord => {
  const states = abandoned.map(({ state }) => state)
  const attempts = record.attempts.map((attempt) =>
    states.includes(attempt.state) ? closedAttempt(attempt) : attempt,
  )
  return withCountedTokens({ ...record, attempts }, states)
}

/** A lost attempt may still bring a grant. An overtaken one may not, so it is closed as failed. */
const closedAttempt = (attempt: Attempt): Attempt => ({
  ...attempt,
  outcome: attempt.outcome === 'overtaken' ? 'failed' : 'lost',
})

/** Has the process of this attempt died? An attempt far in the future comes from a wrong clock. */
const wasAbandoned = (attempt: Attempt, now: EpochMs): boolean =>
  isUnreported(attempt) && Math.abs(now - attempt.at) > timeBudget.exchangeMs

import {
  isUnreported,
  type Attempt,
  type ConnectionRecord,
  type CoolDown,
} from '../domain/record.ts'
import { timeBudget, type EpochMs } from '../domain/time.ts'
import { consentFailed, withCounted, withoutOldAttempts } from './attempts.ts'
import {
  proceed,
  revoke,
  transitionTo,
  type Announcement,
  type Decision,
  type Refusal,
  type Transition,
} from './decision.ts'
import { coolDownOf } from './rate-limits.ts'
import { pendingRevocations, withLimits, type PendingRevocation } from './pending-revocations.ts'

/**
 * Finishes the work of processes that died. An exchange without an end in its time may have left a
 * refresh token at Zoho, which is counted. If its process was only paused, its grant is still
 * stored. Revocations are claimed by one process at a time: not during a cool-down, and not during
 * an exchange, because that consent is newer and revoking could end its grant too.
 */
export const recoveryRequested = (
  record: ConnectionRecord,
  _event: unknown,
  now: EpochMs,
): Transition => {
  const dead = record.attempts
    .filter((one) => isAbandonedAttempt(one, now))
    .map(({ state }) => state)
  const closed = record.attempts.map((one) => (dead.includes(one.state) ? closedAttempt(one) : one))
  const counted = dead.length === 0 ? record : withCounted({ ...record, attempts: closed }, dead)
  const next = withoutOldAttempts(counted, now)
  const announcements: Announcement[] =
    dead.length > 0 ? [consentFailed('exchange-outcome-unknown')] : []
  const isExchanging = next.attempts.some(({ outcome }) => !outcome)
  if (isExchanging) return transitionTo(next, proceed, ...announcements)
  const { claimed, decision } = claimRevocations(next, now)
  return transitionTo(claimed, decision, ...announcements)
}

/** A claim is a cool-down as long as a lease, so that other processes skip the revocation. */
const claimRevocations = (
  record: ConnectionRecord,
  now: EpochMs,
): { readonly claimed: ConnectionRecord; readonly decision: Decision } => {
  let claimed = record
  const tokens: PendingRevocation[] = []
  const waits: EpochMs[] = []
  for (const pending of pendingRevocations(record)) {
    const coolDown = coolDownOf(pending, now)
    if (coolDown) {
      waits.push(coolDown.until)
    } else {
      const failures = pending.coolDown?.failures ?? 0
      const claim: CoolDown = {
        code: 'revocation-failed',
        failures,
        until: now + timeBudget.leaseMs,
      }
      claimed = withLimits(claimed, pending.refreshTokenId, { ...pending, coolDown: claim })
      tokens.push(pending)
    }
  }
  const refusal: Refusal | undefined =
    waits.length > 0 ? { code: 'revocation-failed', retryAt: Math.max(...waits) } : undefined
  return { claimed, decision: revoke(tokens, refusal) }
}

/** A lost attempt may still bring a grant; one that a revocation has ended may not. */
const closedAttempt = (attempt: Attempt): Attempt => ({
  ...attempt,
  outcome: attempt.outcome === 'overtaken' ? 'failed' : 'lost',
})

/** One that began so far in the future did so by a clock that jumped. */
const isAbandonedAttempt = (attempt: Attempt, now: EpochMs): boolean =>
  isUnreported(attempt) && Math.abs(now - attempt.at) > timeBudget.exchangeMs

import { noTokenReason } from '../domain/record.ts'
import type { ConnectionRecord, CoolDown } from '../domain/record.ts'
import { clockSlackMs, isPlausibleDeadline, timeBudget, type EpochMs } from '../domain/time.ts'
import {
  refuse,
  serve,
  transitionTo,
  type Announcement,
  type Decision,
  type Transition,
} from './decision.ts'
import type { ConnectionEvent } from './events.ts'
import { freshnessOf, unexpiredTokens, servableTokens } from './freshness.ts'
import {
  recordCalls,
  recordRejection,
  coolDownAfterFailure,
  coolDownAfterProactiveFailure,
  coolDownAfterSuccess,
  coolDownAfterThrottle,
  hasRejected,
  checkRateLimit,
} from './rate-limits.ts'

type Of<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>

/**
 * Is a proactive refresh useful and allowed? Checked in memory before the store is called.
 */
export const isRefreshDue = (record: ConnectionRecord, now: EpochMs): boolean =>
  record.status === 'active' &&
  freshnessOf(record, now) === 'due' &&
  !checkRateLimit(record, now, true)

/**
 * Serves the stored access token, or gives the lease to the caller. An endpoint that refused an
 * unexpired token gets a replacement once in ten minutes, out of the budget that callers who wait
 * do not need. Otherwise the token stays: the fault can be the endpoint's, and the token serves all
 * other calls.
 */
export const refreshRequested = (
  record: ConnectionRecord,
  event: Of<'refreshRequested'>,
  now: EpochMs,
): Transition => {
  const { tokens, lease } = record
  if (record.status !== 'active' || !tokens)
    return transitionTo(record, refuse(noTokenReason(record.status)))
  const good = servableTokens(record, now)
  const wanted =
    event.rejectedTokenId === undefined || good?.accessToken.id !== event.rejectedTokenId
  if (good && wanted && !(event.proactive && freshnessOf(record, now) === 'due'))
    return transitionTo(record, serve(good))
  if (lease && isPlausibleDeadline(lease.until, now, timeBudget.leaseMs)) {
    if (lease.holder !== event.holder)
      return transitionTo(record, { type: 'wait', until: lease.until })
    return transitionTo(record, { type: 'refresh', tokens, leaseUntil: lease.until })
  }
  // A stale token is due for a refresh, whatever the endpoint answered.
  const rejectedBy = good && event.endpoint
  const held = checkRateLimit(record, now, event.proactive || rejectedBy !== undefined)
  if (held) {
    const last = unexpiredTokens(record, now)
    const isUseful = last && last.accessToken.id !== event.rejectedTokenId
    return transitionTo(record, isUseful ? serve(last) : refuse(held.code, held.retryAt))
  }
  if (good && rejectedBy !== undefined && hasRejected(record, rejectedBy, now))
    return transitionTo(record, serve(good))
  const until = now + timeBudget.leaseMs
  // Booked before the call: a holder that dies after sending has been counted.
  const leased: ConnectionRecord = {
    ...record,
    lease: { holder: event.holder, until },
    budget: recordCalls(record.budget, 1, now),
    ...(rejectedBy !== undefined && { rejections: recordRejection(record, rejectedBy, now) }),
  }
  const announcements: Announcement[] =
    event.endpoint === undefined ? [] : [{ type: 'access-token-rejected' }]
  return transitionTo(leased, { type: 'refresh', tokens, leaseUntil: until }, ...announcements)
}

/**
 * Counts while the refresh token is still the stored one. A holder whose lease ran out may be late:
 * its token is kept unless another holder has stored one since that lives longer.
 */
export const refreshed = (
  record: ConnectionRecord,
  event: Of<'refreshed'>,
  now: EpochMs,
): Transition => {
  const { tokens } = record
  if (!isCurrentGrant(record, event) || !tokens || tokens.accessToken?.id === event.accessToken.id)
    return transitionTo(record, serveOrRefuse(record, event, now))
  const mine = record.lease?.holder === event.holder
  const stored = servableTokens(record, now)
  // One that was asked for before the store's clock went back ends later than all others, and
  // serves nobody.
  const given = servableTokens(
    { ...record, tokens: { ...tokens, accessToken: event.accessToken } },
    now,
  )
  if (!mine && stored && stored.accessToken.expiresAt >= (given?.accessToken.expiresAt ?? 0))
    return transitionTo(record, serveOrRefuse(record, event, now))
  const { coolDown: before, ...rest } = withoutLease(record, event.holder)
  const coolDown = coolDownAfterSuccess(before, now)
  const next: ConnectionRecord = {
    ...rest,
    ...(coolDown && { coolDown }),
    budget: recordCalls(record.budget, event.calls - 1, now),
    tokens: {
      ...tokens,
      // Zoho's refresh answers carry no refresh token: what is absent is kept. Scopes come from
      // consents alone.
      ...event.rotated,
      ...(event.apiDomain !== undefined && { apiDomain: event.apiDomain }),
      accessToken: event.accessToken,
    },
  }
  return transitionTo(next, serveOrRefuse(next, event, now), {
    type: 'refreshed',
    expiresAt: event.accessToken.expiresAt,
  })
}

export const refreshFailed = (
  record: ConnectionRecord,
  event: Of<'refreshFailed'>,
  now: EpochMs,
): Transition => {
  if (!isCurrentGrant(record, event) || record.lease?.holder !== event.holder)
    return transitionTo(record, serveOrRefuse(record, event, now))
  const { coolDown: before } = record
  const last = unexpiredTokens(record, now)
  const coolDown = last
    ? coolDownAfterProactiveFailure(
        before,
        event.code,
        now,
        event.holder,
        last.accessToken.expiresAt - clockSlackMs,
      )
    : coolDownAfterFailure(before, event.code, now)
  return cooled(record, event, coolDown, now)
}

/**
 * A throttle concerns the refresh token, so that of a late holder counts too. Its callers get the
 * token that others fetched, if there is one.
 */
export const refreshThrottled = (
  record: ConnectionRecord,
  event: Of<'refreshThrottled'>,
  now: EpochMs,
): Transition => {
  if (!isCurrentGrant(record, event)) return transitionTo(record, serveOrRefuse(record, event, now))
  return cooled(
    record,
    { ...event, code: 'throttled' },
    coolDownAfterThrottle(record.coolDown, event.retryAfterMs, now),
    now,
  )
}

type Failure = Pick<Of<'refreshFailed'>, 'holder' | 'calls' | 'code' | 'rejectedTokenId'>

/** The callers get what still lives, if anything does. */
const cooled = (
  record: ConnectionRecord,
  event: Failure,
  coolDown: CoolDown,
  now: EpochMs,
): Transition => {
  const { holder, calls, code, rejectedTokenId } = event
  const next = {
    ...withoutLease(record, holder),
    coolDown,
    budget: recordCalls(record.budget, calls - 1, now),
  }
  const last = unexpiredTokens(record, now)
  const isUseful = last && last.accessToken.id !== rejectedTokenId
  const decision = isUseful ? serve(last) : refuse(code, coolDown.until)
  return transitionTo(next, decision, { type: 'refresh-failed', code, retryAt: coolDown.until })
}

/**
 * Believed only of the stored refresh token. It is kept, sealed: Zoho may have been wrong, and
 * revoking needs it.
 */
export const refreshRefused = (
  record: ConnectionRecord,
  event: Of<'refreshRefused'>,
  now: EpochMs,
): Transition => {
  if (!isCurrentGrant(record, event)) return transitionTo(record, serveOrRefuse(record, event, now))
  // A late word: another holder got a token from the same refresh token meanwhile, or is about to
  // learn the truth.
  const { lease } = record
  if (
    lease?.holder !== event.holder &&
    (servableTokens(record, now) ||
      (lease && isPlausibleDeadline(lease.until, now, timeBudget.leaseMs)))
  )
    return transitionTo(record, serveOrRefuse(record, event, now))
  const { coolDown: _ended, ...rest } = withoutLease(record, event.holder)
  const next: ConnectionRecord = {
    ...rest,
    status: 'needs-consent',
    since: now,
    budget: recordCalls(record.budget, event.calls - 1, now),
  }
  return transitionTo(next, refuse('needs-consent'), { type: 'consent-lost' })
}

export const leaseReleased = (record: ConnectionRecord, event: Of<'leaseReleased'>): Transition =>
  transitionTo(withoutLease(record, event.holder))

const isCurrentGrant = (
  record: ConnectionRecord,
  event: { readonly refreshTokenId: string },
): boolean => record.status === 'active' && record.tokens?.refreshTokenId === event.refreshTokenId

const withoutLease = (record: ConnectionRecord, holder: string): ConnectionRecord => {
  const { lease, ...rest } = record
  return lease?.holder === holder ? rest : record
}

/**
 * The decision for a caller whose own outcome did not count. `wait`: the record has no token for
 * it, so it has to read again.
 */
const serveOrRefuse = (
  record: ConnectionRecord,
  { rejectedTokenId }: { readonly rejectedTokenId?: string | undefined },
  now: EpochMs,
): Decision => {
  if (record.status !== 'active') return refuse(noTokenReason(record.status))
  const tokens = servableTokens(record, now)
  return tokens && tokens.accessToken.id !== rejectedTokenId
    ? serve(tokens)
    : { type: 'wait', until: now }
}

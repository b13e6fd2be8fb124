import { noTokenReason, type ConnectionRecord, type CoolDown } from '../domain/record.ts'
import { clockSlackMs, isPlausibleDeadline, timeBudget, type EpochMs } from '../domain/time.ts'
import {
  refuse,
  serve,
  transitionTo,
  type Announcement,
  type Decision,
  type ServableTokens,
  type Transition,
} from './decision.ts'
import type { EventOf } from './events.ts'
import { freshnessOf, unexpiredTokens, servableTokens } from './freshness.ts'
import {
  correctCalls,
  addInstants,
  recordRejection,
  coolDownAfterFailure,
  coolDownAfterProactiveFailure,
  coolDownAfterSuccess,
  coolDownAfterThrottle,
  wasRejectedBy,
  checkRateLimit,
} from './rate-limits.ts'

/** Is a proactive refresh useful and allowed? The caller checks this before it calls the store. */
export const isRefreshDue = (record: ConnectionRecord, now: EpochMs): boolean =>
  record.status === 'active' &&
  freshnessOf(record, now) === 'due' &&
  !checkRateLimit(record, now, true)

/**
 * Serves the stored access token, or gives the lease to the caller. If an endpoint refuses a valid
 * token, the token is replaced at most once in ten minutes for that endpoint, and only within the
 * proactive budget. After that the token stays in use, because the endpoint may be at fault.
 */
export const refreshRequested = (
  record: ConnectionRecord,
  event: EventOf<'refreshRequested'>,
  now: EpochMs,
): Transition => {
  const { tokens, lease } = record
  if (record.status !== 'active' || !tokens)
    return transitionTo(record, refuse(noTokenReason(record.status)))
  const servable = servableTokens(record, now)
  const isRejected =
    event.rejectedTokenId !== undefined && servable?.accessToken.id === event.rejectedTokenId
  const shouldReplaceDue = event.proactive && freshnessOf(record, now) === 'due'
  if (servable && !isRejected && !shouldReplaceDue) return transitionTo(record, serve(servable))
  if (lease && isPlausibleDeadline(lease.until, now, timeBudget.leaseMs)) {
    const isOwnLease = lease.holder === event.holder
    const decision: Decision = isOwnLease
      ? { type: 'refresh', tokens, leaseUntil: lease.until }
      : { type: 'wait', until: lease.until }
    return transitionTo(record, decision)
  }
  // A stale token has to be refreshed anyway, so the rejection does not count then.
  const rejectedBy = servable && event.endpoint
  const isProactive = event.proactive || rejectedBy !== undefined
  const rateLimit = checkRateLimit(record, now, isProactive)
  if (rateLimit) {
    const tokensInUse = usableTokens(record, event, now)
    const refusal = refuse(rateLimit.code, rateLimit.retryAt, rateLimit.zohoError)
    return transitionTo(record, tokensInUse ? serve(tokensInUse) : refusal)
  }
  if (servable && rejectedBy !== undefined && wasRejectedBy(record, rejectedBy, now))
    return transitionTo(record, serve(servable))
  const until = now + timeBudget.leaseMs
  // The call is counted before it is made, in case the holder dies after sending.
  const leased: ConnectionRecord = {
    ...record,
    lease: { holder: event.holder, until },
    recentCalls: addInstants(record.recentCalls, 1, now),
    ...(rejectedBy !== undefined && { rejections: recordRejection(record, rejectedBy, now) }),
  }
  const announcements: Announcement[] =
    event.endpoint === undefined ? [] : [{ type: 'access-token-rejected' }]
  return transitionTo(leased, { type: 'refresh', tokens, leaseUntil: until }, ...announcements)
}

/**
 * Stores the new access token if its refresh token is still the stored one. If the holder's lease
 * has ended, another holder may have stored a token meanwhile; the one that expires later is kept.
 */
export const refreshed = (
  record: ConnectionRecord,
  event: EventOf<'refreshed'>,
  now: EpochMs,
): Transition => {
  const { tokens } = record
  if (!isCurrentGrant(record, event) || !tokens || tokens.accessToken?.id === event.accessToken.id)
    return transitionTo(record, serveOrRefuse(record, event, now))
  const isHolder = record.lease?.holder === event.holder
  const stored = servableTokens(record, now)
  // If the store's clock went back after the request, the new token has an impossible `expiresAt`,
  // and is not servable.
  const received = servableTokens(
    { ...record, tokens: { ...tokens, accessToken: event.accessToken } },
    now,
  )
  const isStoredBetter =
    stored && stored.accessToken.expiresAt >= (received?.accessToken.expiresAt ?? 0)
  if (!isHolder && isStoredBetter) return transitionTo(record, serveOrRefuse(record, event, now))
  const { coolDown: before, ...rest } = withoutLease(record, event.holder)
  const coolDown = coolDownAfterSuccess(before, now)
  const next: ConnectionRecord = {
    ...rest,
    ...(coolDown && { coolDown }),
    // One call was counted when the lease was given.
    recentCalls: correctCalls(record.recentCalls, event.calls, now),
    tokens: {
      ...tokens,
      // Zoho's responses to a refresh have no refresh token, so the stored one is kept. Scopes
      // change only by a consent.
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
  event: EventOf<'refreshFailed'>,
  now: EpochMs,
): Transition => {
  if (!isCurrentGrant(record, event) || record.lease?.holder !== event.holder)
    return transitionTo(record, serveOrRefuse(record, event, now))
  const { coolDown: before } = record
  const { holder } = event
  const unexpired = unexpiredTokens(record, now)
  if (!unexpired) return startCoolDown(record, event, coolDownAfterFailure(before, event, now), now)
  const tokenExpiresAt = unexpired.accessToken.expiresAt - clockSlackMs
  const coolDown = coolDownAfterProactiveFailure(before, event, now, holder, tokenExpiresAt)
  return startCoolDown(record, event, coolDown, now)
}

/**
 * Zoho throttles the refresh token and not one process, so a response counts even if the lease of
 * its holder has ended. The callers get the stored access token while it is valid.
 */
export const refreshThrottled = (
  record: ConnectionRecord,
  event: EventOf<'refreshThrottled'>,
  now: EpochMs,
): Transition => {
  if (!isCurrentGrant(record, event)) return transitionTo(record, serveOrRefuse(record, event, now))
  const coolDown = coolDownAfterThrottle(record.coolDown, event, now)
  return startCoolDown(record, { ...event, code: 'throttled' }, coolDown, now)
}

type Failure = Omit<EventOf<'refreshFailed'>, 'type' | 'refreshTokenId'>

/** Stores the cool-down. Callers get the stored access token while it is valid. */
const startCoolDown = (
  record: ConnectionRecord,
  event: Failure,
  coolDown: CoolDown,
  now: EpochMs,
): Transition => {
  const { holder, calls, code, zohoError } = event
  const next = {
    ...withoutLease(record, holder),
    coolDown,
    recentCalls: correctCalls(record.recentCalls, calls, now),
  }
  const tokens = usableTokens(record, event, now)
  const { until: retryAt } = coolDown
  const decision = tokens ? serve(tokens) : refuse(code, retryAt, zohoError)
  const details = { dataCenter: record.tokens?.dataCenter, code, retryAt, zohoError }
  return transitionTo(next, decision, { type: 'refresh-failed', ...details })
}

/**
 * Zoho refused a refresh token. The refusal counts only if this refresh token is still the stored
 * one. The refresh token is kept, because Zoho may have refused it by mistake, and because it is
 * needed to revoke the grant.
 */
export const refreshRefused = (
  record: ConnectionRecord,
  event: EventOf<'refreshRefused'>,
  now: EpochMs,
): Transition => {
  if (!isCurrentGrant(record, event)) return transitionTo(record, serveOrRefuse(record, event, now))
  const { lease } = record
  // The refusal of a late holder does not count if another holder has got a token with the same
  // refresh token meanwhile, or is calling Zoho now.
  const isLate = lease?.holder !== event.holder
  const isLeased = lease && isPlausibleDeadline(lease.until, now, timeBudget.leaseMs)
  if (isLate && (servableTokens(record, now) || isLeased))
    return transitionTo(record, serveOrRefuse(record, event, now))
  const { coolDown: _ended, ...rest } = withoutLease(record, event.holder)
  const next: ConnectionRecord = {
    ...rest,
    status: 'needs-consent',
    since: now,
    recentCalls: correctCalls(record.recentCalls, event.calls, now),
  }
  const { zohoError } = event
  const decision = refuse('needs-consent', undefined, zohoError)
  return transitionTo(next, decision, { type: 'consent-lost', zohoError })
}

export const leaseReleased = (
  record: ConnectionRecord,
  event: EventOf<'leaseReleased'>,
): Transition => transitionTo(withoutLease(record, event.holder))

/** Is the refresh token of the event still the stored one? */
const isCurrentGrant = (
  record: ConnectionRecord,
  event: { readonly refreshTokenId: string },
): boolean => record.status === 'active' && record.tokens?.refreshTokenId === event.refreshTokenId

/** The unexpired token set, unless its access token is the one that the caller cannot use. */
const usableTokens = (
  record: ConnectionRecord,
  { rejectedTokenId }: { readonly rejectedTokenId?: string | undefined },
  now: EpochMs,
): ServableTokens | undefined => {
  const tokens = unexpiredTokens(record, now)
  return tokens?.accessToken.id === rejectedTokenId ? undefined : tokens
}

const withoutLease = (record: ConnectionRecord, holder: string): ConnectionRecord => {
  const { lease, ...rest } = record
  return lease?.holder === holder ? rest : record
}

/**
 * Serves the access token of the record, or refuses. If an active record has no token for this
 * caller, the caller has to read again (`wait`).
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

import type { ErrorCode } from '../errors/codes.ts'
import type { ConnectionRecord, CoolDown, Rejection } from '../domain/record.ts'
import { budgetWindowMs, clockSlackMs, isPlausibleDeadline, type EpochMs } from '../domain/time.ts'
import { hashFraction } from './freshness.ts'

/**
 * Half of Zoho's ten token requests in ten minutes. The rest is for other deployments that share
 * the refresh token, and for requests that a killed process did not count.
 */
const maxTokenRequests = 5
/**
 * The limit while the stored access token is valid. The remaining requests are kept for the time
 * when no token is valid and callers have to wait for a new one.
 */
const maxProactiveTokenRequests = 3
/**
 * Zoho's limit of authorization codes for one client in ten minutes.
 * @see https://www.zoho.com/crm/developer/docs/api/v8/token-validity.html
 */
const maxCodes = 10
const maxCoolDownMs = 600_000
/** How many instants a list keeps. A limit above this number would never be reached. */
const maxInstants = Math.max(maxTokenRequests, maxCodes)
const minThrottleMs = 1_000
const firstBackOffMs = 5_000
const firstProactiveBackOffMs = 24_000
const proactiveSpreadMs = 12_000
const maxBackOffMs = 120_000
/** Failures are counted up to this number. The back-off reaches its maximum long before. */
const maxFailures = 16

/**
 * The instants in Zoho's window of ten minutes. An instant in the future comes from a clock that
 * jumped, and is dropped.
 */
const instantsInWindow = (instants: readonly EpochMs[], now: EpochMs): EpochMs[] =>
  instants.filter((at) => at > now - budgetWindowMs && at <= now + clockSlackMs)

/** Adds `now` to the list, `count` times. */
export const addInstants = (
  instants: readonly EpochMs[],
  count: number,
  now: EpochMs,
): EpochMs[] => {
  const added = Array.from({ length: Math.min(count, maxInstants) }, () => now)
  return [...instantsInWindow(instants, now), ...added].slice(-maxInstants)
}

/**
 * Corrects the number of token requests. One was recorded before it was sent; `calls` were tried
 * in fact. With 0, it is removed.
 */
export const correctCalls = (
  recentCalls: readonly EpochMs[],
  calls: number,
  now: EpochMs,
): EpochMs[] =>
  calls === 0
    ? instantsInWindow(recentCalls, now).slice(0, -1)
    : addInstants(recentCalls, calls - 1, now)

/** The cool-down and the recent token requests of one refresh token. */
type RequestHistory = Pick<ConnectionRecord, 'coolDown' | 'recentCalls'>

/** Why no token request may be sent before `retryAt`. */
interface RateLimit {
  readonly code: ErrorCode
  readonly retryAt: EpochMs
  readonly zohoError?: string | undefined
}

/** The rate limit that forbids a token request now; `undefined` if one may be sent. */
export const checkRateLimit = (
  history: RequestHistory,
  now: EpochMs,
  isProactive = false,
): RateLimit | undefined => {
  const coolDown = coolDownOf(history, now)
  if (coolDown) {
    const { code, until, zohoError } = coolDown
    return { code, retryAt: until, zohoError }
  }
  return checkBudget(history, isProactive ? maxProactiveTokenRequests : maxTokenRequests, now)
}

/**
 * Like `checkRateLimit`, but for a token request that only checks whether a refresh token still
 * works, during its revocation. It waits for the cool-down of a throttle, and not for that of a
 * failed revocation, which does not concern the token endpoint.
 */
export const checkProbeRateLimit = (
  history: RequestHistory,
  now: EpochMs,
): RateLimit | undefined => {
  const coolDown = coolDownOf(history, now)
  if (coolDown?.code === 'throttled') return { code: coolDown.code, retryAt: coolDown.until }
  return checkBudget(history, maxTokenRequests, now)
}

const checkBudget = (
  { recentCalls }: RequestHistory,
  limit: number,
  now: EpochMs,
): RateLimit | undefined => {
  const retryAt = retryAtOf(recentCalls, limit, now)
  return retryAt ? { code: 'refresh-budget-spent', retryAt } : undefined
}

const maxRejections = 32

/**
 * Rejections that still count. A rejection in the future comes from a clock that jumped, and is
 * dropped.
 */
const rejectionsInWindow = ({ rejections = [] }: ConnectionRecord, now: EpochMs): Rejection[] =>
  rejections.filter(({ at }) => at > now - budgetWindowMs && at <= now + clockSlackMs)

/**
 * Did this endpoint refuse an unexpired access token in the last ten minutes, so that a replacement
 * was requested?
 */
export const wasRejectedBy = (record: ConnectionRecord, endpoint: string, now: EpochMs): boolean =>
  rejectionsInWindow(record, now).some((rejection) => rejection.endpoint === endpoint)

export const recordRejection = (
  record: ConnectionRecord,
  endpoint: string,
  now: EpochMs,
): Rejection[] => [...rejectionsInWindow(record, now), { endpoint, at: now }].slice(-maxRejections)

/** The cool-down that has not ended. */
export const coolDownOf = (
  { coolDown }: { readonly coolDown?: CoolDown | undefined },
  now: EpochMs,
): CoolDown | undefined =>
  coolDown && isPlausibleDeadline(coolDown.until, now, maxCoolDownMs) ? coolDown : undefined

/** When Zoho issues codes again; `undefined` if it issues them now. */
export const codesRetryAt = (exchangedAt: readonly EpochMs[], now: EpochMs): EpochMs | undefined =>
  retryAtOf(exchangedAt, maxCodes, now)

/** When fewer than `limit` instants are in the window; `undefined` if there are fewer now. */
const retryAtOf = (
  instants: readonly EpochMs[],
  limit: number,
  now: EpochMs,
): EpochMs | undefined => {
  // Once this instant has left the window, `limit - 1` are left.
  const limiting = instantsInWindow(instants, now).at(-limit)
  return limiting && limiting + budgetWindowMs
}

/** A failed call to an accounts server. */
interface CallFailure {
  readonly code: ErrorCode
  readonly zohoError?: string | undefined
  /** The response's `Retry-After`. */
  readonly retryAfterMs?: number | undefined
}

/**
 * Back-off after a failure: 5 s, then doubled each time, at most two minutes; or until the
 * response's `Retry-After`, if that is later.
 */
export const coolDownAfterFailure = (
  before: CoolDown | undefined,
  { code, zohoError, retryAfterMs = 0 }: CallFailure,
  now: EpochMs,
  firstMs = firstBackOffMs,
  latestEndAt = Infinity,
): CoolDown => {
  const failures = Math.min((before?.failures ?? 0) + 1, maxFailures)
  const backOffMs = Math.min(firstMs * 2 ** (failures - 1), maxBackOffMs)
  const retryAfterEndAt = now + Math.min(retryAfterMs, maxCoolDownMs)
  const until = Math.max(Math.min(now + backOffMs, latestEndAt), retryAfterEndAt)
  return mergeCoolDowns(before, { code, failures, until, zohoError }, now)
}

/**
 * Like `coolDownAfterFailure`, but while the stored access token is valid and no caller waits. The
 * first back-off lasts 24 to 36 s, depending on the random id of the refresh, so that processes and
 * connections do not all retry at the same time. A back-off ends at the latest when the token
 * expires, unless `Retry-After` is later.
 */
export const coolDownAfterProactiveFailure = (
  before: CoolDown | undefined,
  failure: CallFailure,
  now: EpochMs,
  refreshId: string,
  tokenExpiresAt: EpochMs,
): CoolDown => {
  const spreadMs = proactiveSpreadMs * hashFraction(refreshId)
  const firstMs = Math.round(firstProactiveBackOffMs + spreadMs)
  return coolDownAfterFailure(before, failure, now, firstMs, tokenExpiresAt)
}

/**
 * Uses Zoho's `Retry-After`, from 1 s to ten minutes. Without it, the cool-down lasts ten minutes:
 * according to Zoho's pages, the lock-out lasts for the rest of the ten minutes, or for the next
 * ten.
 * @see https://www.zoho.com/accounts/protocol/oauth/token-limits.html
 */
export const coolDownAfterThrottle = (
  before: CoolDown | undefined,
  { retryAfterMs = maxCoolDownMs, zohoError }: Omit<CallFailure, 'code'>,
  now: EpochMs,
): CoolDown => {
  const until = now + Math.min(Math.max(retryAfterMs, minThrottleMs), maxCoolDownMs)
  const failures = before?.failures ?? 0
  return mergeCoolDowns(before, { code: 'throttled', failures, until, zohoError }, now)
}

/**
 * A success ends a back-off. It does not end a throttle, because another refresh may have been
 * throttled after the successful call was sent.
 */
export const coolDownAfterSuccess = (
  before: CoolDown | undefined,
  now: EpochMs,
): CoolDown | undefined => {
  const coolDown = coolDownOf({ coolDown: before }, now)
  return coolDown?.code === 'throttled' ? { ...coolDown, failures: 0 } : undefined
}

/**
 * Two refreshes overlap if the lease of one ended before its response was stored. The cool-down
 * that ends later counts, and a throttle stays a throttle.
 */
export const mergeCoolDowns = (
  before: CoolDown | undefined,
  next: CoolDown,
  now: EpochMs,
): CoolDown => {
  const current = coolDownOf({ coolDown: before }, now)
  const { code, zohoError } = current?.code === 'throttled' ? current : next
  return {
    code,
    failures: next.failures,
    until: Math.max(current?.until ?? 0, next.until),
    ...(zohoError !== undefined && { zohoError }),
  }
}

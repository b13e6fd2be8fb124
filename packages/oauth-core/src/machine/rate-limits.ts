import type { ErrorCode } from '../errors/codes.ts'
import type { ConnectionRecord, CoolDown, Rejection } from '../domain/record.ts'
import { budgetWindowMs, clockSlackMs, isPlausibleDeadline, type EpochMs } from '../domain/time.ts'
import { hashFraction } from './freshness.ts'

/**
 * Half of Zoho's ten token requests in ten minutes. The rest is for other deployments that share
 * the refresh token, and for requests that a killed process did not count.
 */
const callsPerWindow = 5
/**
 * The limit while the stored access token is valid. The remaining calls are kept for the time when
 * no token is valid and callers have to wait for a new one.
 */
const proactiveCallsPerWindow = 3
/**
 * Zoho's limit of authorization codes for one client in ten minutes.
 * @see https://www.zoho.com/crm/developer/docs/api/v8/token-validity.html
 */
const codesPerWindow = 10
const maxCoolDownMs = 600_000
const maxRecordedCalls = 2 * callsPerWindow
const minThrottleMs = 1_000
const firstBackOffMs = 5_000
const firstProactiveBackOffMs = 24_000
const proactiveSpreadMs = 12_000
const maxBackOffMs = 120_000
/** Failures are counted up to this number. The back-off reaches its maximum long before. */
const maxFailures = 16

/**
 * Calls that still count in Zoho's window of ten minutes. A call in the future comes from a clock
 * that jumped, and is dropped.
 */
const callsInWindow = (budget: readonly EpochMs[], now: EpochMs): EpochMs[] =>
  budget.filter((at) => at > now - budgetWindowMs && at <= now + clockSlackMs)

/** Records calls that were made. `-1` removes the last one: it was recorded, but not made. */
export const recordCalls = (budget: readonly EpochMs[], calls: number, now: EpochMs): EpochMs[] => {
  const recent = callsInWindow(budget, now)
  if (calls < 0) recent.pop()
  const added = Array.from({ length: Math.min(calls, maxRecordedCalls) }, () => now)
  return [...recent, ...added].slice(-maxRecordedCalls)
}

/** The facts about one refresh token that limit its token requests. */
type Limits = Pick<ConnectionRecord, 'coolDown' | 'budget'>

/** Why no token request may be sent before `retryAt`. */
interface RateLimit {
  readonly code: ErrorCode
  readonly retryAt: EpochMs
}

/** The rate limit that forbids a token request now; `undefined` if one may be sent. */
export const checkRateLimit = (
  record: Limits,
  now: EpochMs,
  isProactive = false,
): RateLimit | undefined => {
  const coolDown = coolDownOf(record, now)
  if (coolDown) return { code: coolDown.code, retryAt: coolDown.until }
  return checkBudget(record, isProactive ? proactiveCallsPerWindow : callsPerWindow, now)
}

/**
 * Like `checkRateLimit`, but for a request that checks whether a refresh token still works. This
 * request has to wait for a cool-down only if Zoho throttled, not if another endpoint failed.
 */
export const checkThrottle = (limits: Limits, now: EpochMs): RateLimit | undefined => {
  const coolDown = coolDownOf(limits, now)
  if (coolDown?.code === 'throttled') return { code: coolDown.code, retryAt: coolDown.until }
  return checkBudget(limits, callsPerWindow, now)
}

const checkBudget = ({ budget }: Limits, limit: number, now: EpochMs): RateLimit | undefined => {
  const retryAt = windowEnd(budget, limit, now)
  return retryAt ? { code: 'refresh-budget-spent', retryAt } : undefined
}

const maxRejections = 32

/**
 * Rejections that still count. A rejection in the future comes from a clock that jumped, and is
 * dropped.
 */
const rejectionsInWindow = ({ rejections = [] }: ConnectionRecord, now: EpochMs): Rejection[] =>
  rejections.filter(({ at }) => at > now - budgetWindowMs && at <= now + clockSlackMs)

/** Was a replacement requested for this endpoint in the last ten minutes? */
export const hasRejected = (record: ConnectionRecord, endpoint: string, now: EpochMs): boolean =>
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

/** When Zoho issues the next authorization code; `undefined` if the quota is not used up. */
export const codeWindowEnd = (issuedAt: readonly EpochMs[], now: EpochMs): EpochMs | undefined =>
  windowEnd(issuedAt, codesPerWindow, now)

/** When fewer than `limit` calls are in the window; `undefined` if this is so already. */
const windowEnd = (
  budget: readonly EpochMs[],
  limit: number,
  now: EpochMs,
): EpochMs | undefined => {
  const oldestCounted = callsInWindow(budget, now).at(-limit)
  return oldestCounted && oldestCounted + budgetWindowMs
}

/** Back-off after a failure: 5 s, then doubled each time, at most two minutes. */
export const coolDownAfterFailure = (
  before: CoolDown | undefined,
  code: ErrorCode,
  now: EpochMs,
  firstMs = firstBackOffMs,
  latestEndAt = Infinity,
): CoolDown => {
  const failures = Math.min((before?.failures ?? 0) + 1, maxFailures)
  const backOffMs = Math.min(firstMs * 2 ** (failures - 1), maxBackOffMs)
  const until = Math.min(now + backOffMs, latestEndAt)
  return mergeCoolDowns(before, { code, failures, until }, now)
}

/**
 * Like `coolDownAfterFailure`, but while the stored access token is valid and no caller waits. The
 * first back-off lasts 24 to 36 s, depending on the holder, so that processes and connections do
 * not all retry at the same time. A back-off ends at the latest when the token expires.
 */
export const coolDownAfterProactiveFailure = (
  before: CoolDown | undefined,
  code: ErrorCode,
  now: EpochMs,
  holder: string,
  tokenExpiresAt: EpochMs,
): CoolDown => {
  const spreadMs = proactiveSpreadMs * hashFraction(holder)
  const firstMs = Math.round(firstProactiveBackOffMs + spreadMs)
  return coolDownAfterFailure(before, code, now, firstMs, tokenExpiresAt)
}

/**
 * Zoho's pages disagree: the lock-out lasts for the rest of the ten minutes, or for the next ten
 * minutes. The longer one is used.
 * @see https://www.zoho.com/accounts/protocol/oauth/token-limits.html
 */
export const coolDownAfterThrottle = (
  before: CoolDown | undefined,
  retryAfterMs: number | undefined,
  now: EpochMs,
): CoolDown => {
  const wantedMs = retryAfterMs ?? maxCoolDownMs
  const until = now + Math.min(Math.max(wantedMs, minThrottleMs), maxCoolDownMs)
  return mergeCoolDowns(before, { code: 'throttled', failures: before?.failures ?? 0, until }, now)
}

/**
 * A success ends a back-off. It does not end a throttle, because another holder may have been
 * throttled after the successful call was sent.
 */
export const coolDownAfterSuccess = (
  before: CoolDown | undefined,
  now: EpochMs,
): CoolDown | undefined => {
  const coolDown = coolDownOf({ coolDown: before }, now)
  return coolDown?.code === 'throttled' ? { ...coolDown, failures: 0 } : undefined
}

/** Two holders can get different failures: the later end counts, and a throttle is kept. */
export const mergeCoolDowns = (
  before: CoolDown | undefined,
  next: CoolDown,
  now: EpochMs,
): CoolDown => {
  const current = coolDownOf({ coolDown: before }, now)
  if (!current) return next
  return {
    ...next,
    until: Math.max(current.until, next.until),
    code: current.code === 'throttled' ? 'throttled' : next.code,
  }
}

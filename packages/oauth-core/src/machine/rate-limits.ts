import type { ErrorCode } from '../errors/codes.ts'
import type { ConnectionRecord, CoolDown, Rejection } from '../domain/record.ts'
import { budgetWindowMs, clockSlackMs, isPlausibleDeadline, type EpochMs } from '../domain/time.ts'
import { hashFraction } from './freshness.ts'

/**
 * Half of Zoho's ten: the rest is for other deployments that share the refresh token, and for what
 * a killed holder did not book.
 */
const callsPerWindow = 5
/**
 * Of these, what may be used while the stored token has not expired: the rest is for the time when
 * somebody waits.
 */
const proactiveCallsPerWindow = 3
/**
 * What Zoho gives one client. @see
 * https://www.zoho.com/crm/developer/docs/api/v8/token-validity.html
 */
const codesPerWindow = 10
const maxCoolDownMs = 600_000
const minThrottleMs = 1_000
const firstBackOffMs = 5_000
const firstProactiveBackOffMs = 24_000
const proactiveSpreadMs = 12_000
const maxBackOffMs = 120_000

/**
 * Calls that still count in Zoho's window. An instant ahead of now comes from a clock that jumped,
 * and is dropped.
 */
const callsInWindow = (budget: readonly EpochMs[], now: EpochMs): EpochMs[] =>
  budget.filter((at) => at > now - budgetWindowMs && at <= now + 1_000)

/**
 * Books so many more calls; fewer than none gives the last one back, which was booked and not made.
 */
export const recordCalls = (budget: readonly EpochMs[], calls: number, now: EpochMs): EpochMs[] =>
  [
    ...callsInWindow(budget, now).slice(0, calls < 0 ? -1 : undefined),
    ...Array.from({ length: Math.min(calls, 2 * callsPerWindow) }, () => now),
  ].slice(-2 * callsPerWindow)

/** The facts about one refresh token that limit its token requests. */
type Limits = Pick<ConnectionRecord, 'coolDown' | 'budget'>

/** Why no token request may be made, and from when on one may. */
interface RateLimit {
  readonly code: ErrorCode
  readonly retryAt: EpochMs
}

/** Why no token request may be made now, and from when one may; `undefined` when one may. */
export const checkRateLimit = (
  record: Limits,
  now: EpochMs,
  isProactive = false,
): RateLimit | undefined => {
  const coolDown = coolDownOf(record, now)
  if (coolDown) return { code: coolDown.code, retryAt: coolDown.until }
  return budgetSpent(record, isProactive ? proactiveCallsPerWindow : callsPerWindow, now)
}

/**
 * The same for a request that checks a refresh token: only a throttle counts, not a failure of
 * another endpoint.
 */
export const checkThrottle = (limits: Limits, now: EpochMs): RateLimit | undefined => {
  const coolDown = coolDownOf(limits, now)
  if (coolDown?.code === 'throttled') return { code: coolDown.code, retryAt: coolDown.until }
  return budgetSpent(limits, callsPerWindow, now)
}

const budgetSpent = ({ budget }: Limits, limit: number, now: EpochMs): RateLimit | undefined => {
  const retryAt = windowEnd(budget, limit, now)
  return retryAt ? { code: 'refresh-budget-spent', retryAt } : undefined
}

const maxRejections = 32

/**
 * Rejections that still count. An instant ahead of now comes from a clock that jumped, and is
 * dropped.
 */
const rejectionsInWindow = ({ rejections = [] }: ConnectionRecord, now: EpochMs): Rejection[] =>
  rejections.filter(({ at }) => at > now - budgetWindowMs && at <= now + clockSlackMs)

/** Was a replacement requested for this endpoint in the last ten minutes? */
export const hasRejected = (record: ConnectionRecord, endpoint: string, now: EpochMs): boolean =>
  rejectionsInWindow(record, now).some((one) => one.endpoint === endpoint)

export const recordRejection = (
  record: ConnectionRecord,
  endpoint: string,
  now: EpochMs,
): Rejection[] => [...rejectionsInWindow(record, now), { endpoint, at: now }].slice(-maxRejections)

/** The cool-down that is still to be kept. */
export const coolDownOf = (
  { coolDown }: Pick<Limits, 'coolDown'>,
  now: EpochMs,
): CoolDown | undefined =>
  coolDown && isPlausibleDeadline(coolDown.until, now, maxCoolDownMs) ? coolDown : undefined

/** Until when the client's authorization codes are used up; `undefined` while there are some. */
export const codeWindowEnd = (issuedAt: readonly EpochMs[], now: EpochMs): EpochMs | undefined =>
  windowEnd(issuedAt, codesPerWindow, now)

const windowEnd = (
  budget: readonly EpochMs[],
  limit: number,
  now: EpochMs,
): EpochMs | undefined => {
  const oldestInTheWay = callsInWindow(budget, now).at(-limit)
  return oldestInTheWay && oldestInTheWay + budgetWindowMs
}

/** Back-off after a failure: 5 s, then double, at most two minutes. */
export const coolDownAfterFailure = (
  before: CoolDown | undefined,
  code: ErrorCode,
  now: EpochMs,
  firstMs = firstBackOffMs,
  end = Infinity,
): CoolDown => {
  const failures = Math.min((before?.failures ?? 0) + 1, 16)
  return mergeCoolDowns(
    before,
    {
      code,
      failures,
      until: Math.min(now + Math.min(firstMs * 2 ** (failures - 1), maxBackOffMs), end),
    },
    now,
  )
}

/**
 * The same while nobody waits: from 30 s on, give or take a fifth, so that processes and
 * connections spread, and not beyond the end of what is handed out meanwhile.
 */
export const coolDownAfterProactiveFailure = (
  before: CoolDown | undefined,
  code: ErrorCode,
  now: EpochMs,
  holder: string,
  end: EpochMs,
): CoolDown =>
  coolDownAfterFailure(
    before,
    code,
    now,
    Math.round(firstProactiveBackOffMs + proactiveSpreadMs * hashFraction(holder)),
    end,
  )

/**
 * Zoho's lock-out lasts for the rest of ten minutes, or for the next ten: its pages disagree, so
 * the longer is kept.
 * @see https://www.zoho.com/accounts/protocol/oauth/token-limits.html
 */
export const coolDownAfterThrottle = (
  before: CoolDown | undefined,
  retryAfterMs: number | undefined,
  now: EpochMs,
): CoolDown => {
  const until =
    now + Math.min(Math.max(retryAfterMs ?? maxCoolDownMs, minThrottleMs), maxCoolDownMs)
  return mergeCoolDowns(before, { code: 'throttled', failures: before?.failures ?? 0, until }, now)
}

/**
 * A success ends a back-off. It does not end a throttle: its call was made before another holder
 * met that one.
 */
export const coolDownAfterSuccess = (
  before: CoolDown | undefined,
  now: EpochMs,
): CoolDown | undefined =>
  before?.code === 'throttled' && isPlausibleDeadline(before.until, now, maxCoolDownMs)
    ? { ...before, failures: 0 }
    : undefined

/**
 * Two holders can get different failures: the later end counts, and a throttle stays a throttle.
 */
export const mergeCoolDowns = (
  before: CoolDown | undefined,
  next: CoolDown,
  now: EpochMs,
): CoolDown =>
  before && isPlausibleDeadline(before.until, now, maxCoolDownMs)
    ? {
        ...next,
        until: Math.max(before.until, next.until),
        code: before.code === 'throttled' ? before.code : next.code,
      }
    : next

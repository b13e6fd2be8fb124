import type { History, Operation, TokenRequest } from '../history.ts'
import { createVerdict, groupBy, type Verdict, type Violation } from './verdict.ts'

const windowMs = 600_000
/** Zoho's, for one refresh token. */
const mostRequests = 10
const mostForRefusals = 1
/** A request that was on its way when the throttle was stored. */
const alreadySentMs = 1_000

/**
 * Rule 4: Zoho's budgets, the throttle, and what an endpoint that always answers 401 may cost. A
 * new consent has new budgets.
 */
export const checkBudgets = (history: History): Verdict => {
  const { judge, verdict } = createVerdict(4)
  const { requests, refusals, throttles, final } = history
  for (const { what, user } of refusals) {
    judge({
      text: `The emulator: ${what} of ${user || 'the client'}.`,
      at: final.at,
      operations: [],
    })
  }
  for (const [token, all] of groupBy(requests, ({ refreshToken }) => refreshToken)) {
    judge(
      overdrawn(
        all,
        mostRequests,
        (count) => `${count} token requests with refresh token ${token} in ten minutes.`,
      ),
    )
  }
  const extra = requests.filter((one) => isForRefusal(one, history))
  for (const [token, all] of groupBy(extra, ({ refreshToken }) => refreshToken)) {
    judge(
      overdrawn(
        all,
        mostForRefusals,
        (count) =>
          `${count} token requests with refresh token ${token} in ten minutes ` +
          'because one endpoint answers 401.',
      ),
    )
  }
  for (const throttle of throttles) {
    const sent = requests.find(
      (one) =>
        one.connection === throttle.connection &&
        one.grant === 'refresh_token' &&
        isSameGrant(one, throttle, requests) &&
        one.sentAt > throttle.at + alreadySentMs &&
        one.sentAt < throttle.until - alreadySentMs,
    )
    judge(
      sent && {
        text:
          `#${sent.operation} sent a token request ${inSeconds(sent.sentAt - throttle.at)} s ` +
          `after a throttle of ${inSeconds(throttle.until - throttle.at)} s was stored.`,
        at: sent.sentAt,
        connection: throttle.connection,
        operations: sent.operation === undefined ? [] : [sent.operation],
      },
    )
  }
  for (const operation of history.operations) {
    const blocked = blockedByRefusals(operation, extra)
    if (blocked !== undefined) judge(blocked)
  }
  return verdict()
}

const inSeconds = (ms: number): number => Math.round(ms / 1_000)

/** More than `most` of them in a window. */
const overdrawn = (
  all: readonly TokenRequest[],
  most: number,
  text: (count: number) => string,
): Violation | undefined => {
  const sorted = all.toSorted((one, other) => one.sentAt - other.sentAt)
  for (const [index, first] of sorted.entries()) {
    const within = sorted.slice(index).filter(({ sentAt }) => sentAt < first.sentAt + windowMs)
    if (within.length <= most) continue
    return {
      text: text(within.length),
      at: (within.at(-1) as TokenRequest).sentAt,
      ...(first.connection !== undefined && { connection: first.connection }),
      operations: within.flatMap(({ operation }) => (operation === undefined ? [] : [operation])),
    }
  }
  return undefined
}

/**
 * A refresh that an endpoint's 401 led to. What failed, and what could not be stored, may be tried
 * again: it is not counted, nor is a caller whose process was killed.
 */
const isForRefusal = (
  { afterRefusal, answer, operation, process, sentAt }: TokenRequest,
  { operations, storeFailures }: History,
): boolean => {
  if (!afterRefusal || answer !== 'ok') return false
  const by = operations.find(({ number }) => number === operation)
  const stored = !storeFailures.some(
    (one) => one.process === process && one.doing === 'write' && Math.abs(one.at - sentAt) < 15_000,
  )
  return by !== undefined && by.outcome !== 'killed' && stored
}

/** The throttle is about the refresh token that was used last before it. */
const isSameGrant = (
  { refreshToken }: TokenRequest,
  { connection, at }: { connection: string; at: number },
  requests: readonly TokenRequest[],
): boolean => {
  const before = requests.findLast(
    (one) => one.connection === connection && one.grant === 'refresh_token' && one.sentAt < at,
  )
  return before?.refreshToken === refreshToken
}

/** Other callers fail, because the refused endpoint used up the budget. */
const blockedByRefusals = (
  operation: Operation,
  extra: readonly TokenRequest[],
): Violation | undefined => {
  if (operation.verb !== 'accessToken' && operation.verb !== 'fetch') return undefined
  const before = extra.filter(
    ({ connection, sentAt }) => connection === operation.connection && sentAt < operation.begin,
  )
  const refreshToken = before.at(-1)?.refreshToken
  const lately = before.filter(
    (one) => one.refreshToken === refreshToken && one.sentAt > operation.begin - windowMs,
  )
  if (lately.length <= mostForRefusals) return undefined
  if (!['refresh-budget-spent', 'access-token-rejected'].includes(operation.outcome))
    return undefined
  return {
    text:
      `#${operation.number} ${operation.verb}() failed with ${operation.outcome} ` +
      `after ${lately.length} token requests because one endpoint answers 401.`,
    at: operation.end,
    connection: operation.connection as string,
    operations: [operation.number],
  }
}

import type { History, Operation, TokenRequest } from '../history.ts'
import { createVerdict, groupBy, type Verdict, type Violation } from './verdict.ts'

const windowMs = 600_000
/** Zoho's limit for one refresh token. */
const maxRequests = 10
/** How many refreshes an endpoint that always answers 401 may cause in one window. */
const maxForRefusals = 1
/** Tolerance for a request that was sent before the throttle was stored. */
const alreadySentMs = 1_000

/**
 * Rule 4: the processes stay within Zoho's budgets and send nothing during a throttle, and an
 * endpoint that always answers 401 causes at most one refresh in a window. A new consent has new
 * budgets.
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
      violationOfLimit(
        all,
        maxRequests,
        (count) => `${count} token requests with refresh token ${token} in ten minutes.`,
      ),
    )
  }
  const causedByRefusals = requests.filter((one) => isCausedByRefusal(one, history))
  for (const [token, all] of groupBy(causedByRefusals, ({ refreshToken }) => refreshToken)) {
    judge(
      violationOfLimit(
        all,
        maxForRefusals,
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
    const blocked = blockedByRefusals(operation, causedByRefusals)
    if (blocked !== undefined) judge(blocked)
  }
  return verdict()
}

const inSeconds = (ms: number): number => Math.round(ms / 1_000)

/** A violation if more than `max` requests are in one window. */
const violationOfLimit = (
  all: readonly TokenRequest[],
  max: number,
  text: (count: number) => string,
): Violation | undefined => {
  const sorted = all.toSorted((one, other) => one.sentAt - other.sentAt)
  for (const [index, first] of sorted.entries()) {
    const within = sorted.slice(index).filter(({ sentAt }) => sentAt < first.sentAt + windowMs)
    if (within.length <= max) continue
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
 * True for a refresh that an endpoint's 401 caused. Not counted are refreshes that may be repeated:
 * those that failed, that could not be stored, or whose process was killed.
 */
const isCausedByRefusal = (
  { isAfterRefusal, response, operation, process, sentAt }: TokenRequest,
  { operations, storeFailures }: History,
): boolean => {
  if (!isAfterRefusal || response !== 'ok') return false
  const operationOfRequest = operations.find(({ number }) => number === operation)
  const isStored = !storeFailures.some(
    (one) => one.process === process && one.doing === 'write' && Math.abs(one.at - sentAt) < 15_000,
  )
  return operationOfRequest !== undefined && operationOfRequest.outcome !== 'killed' && isStored
}

/** A throttle concerns the refresh token that was used last before it. */
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

/** A violation if another caller fails because the refused endpoint used up the budget. */
const blockedByRefusals = (
  operation: Operation,
  causedByRefusals: readonly TokenRequest[],
): Violation | undefined => {
  if (operation.verb !== 'accessToken' && operation.verb !== 'fetch') return undefined
  const before = causedByRefusals.filter(
    ({ connection, sentAt }) => connection === operation.connection && sentAt < operation.begin,
  )
  const refreshToken = before.at(-1)?.refreshToken
  const recent = before.filter(
    (one) => one.refreshToken === refreshToken && one.sentAt > operation.begin - windowMs,
  )
  if (recent.length <= maxForRefusals) return undefined
  if (!['refresh-budget-spent', 'access-token-rejected'].includes(operation.outcome))
    return undefined
  return {
    text:
      `#${operation.number} ${operation.verb}() failed with ${operation.outcome} ` +
      `after ${recent.length} token requests because one endpoint answers 401.`,
    at: operation.end,
    connection: operation.connection as string,
    operations: [operation.number],
  }
}

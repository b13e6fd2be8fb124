import type { FinalState, History, Operation, TokenRequest } from '../history.ts'
import { operationsOf, refreshTokenOf } from './consents.ts'
import { isEnd, isUncertainForCount, lateWriteMs } from './outcomes.ts'
import { createVerdict, type Verdict } from './verdict.ts'

/** An exchange takes at most so long. */
const exchangeMs = 12_000

/**
 * Rule 5: the record counts every refresh token that lives at Zoho, and at most as many more as
 * consents and revocations had an outcome that nobody knows. `forget()` forgets the count with the
 * record.
 */
export const checkCounts = (history: History): Verdict => {
  const { judge, verdict } = createVerdict(5)
  for (const state of history.final.connections) {
    const { connection, counted, living } = state
    const operations = operationsOf(history, connection)
    const { least, most } = boundsOf(state, operations)
    const text =
      `${connection} at rest: the record counts ${counted} refresh tokens. ` +
      `${living.length} live at Zoho, ${least} of them since the last forget(); ` +
      `${most} can be accounted for.`
    const numbers = othersThatLive(state, operations, history.requests)
    judge(
      counted >= least && counted <= most
        ? undefined
        : { text, at: history.final.at, connection, operations: numbers },
    )
    const { storedRefreshToken } = state
    const isCounted = storedRefreshToken === undefined || counted > 0
    judge(
      isCounted
        ? undefined
        : {
            text: `${connection} at rest: a refresh token is stored, and none is counted.`,
            at: history.final.at,
            connection,
            operations: [],
          },
    )
  }
  return verdict()
}

/** The consents whose refresh token lives, and is not the stored one. */
const othersThatLive = (
  { living, storedRefreshToken }: FinalState,
  operations: readonly Operation[],
  requests: readonly TokenRequest[],
): number[] =>
  operations
    .filter((one) => one.verb === 'consent')
    .filter((one) =>
      living.some(
        ({ refreshToken }) =>
          refreshToken !== storedRefreshToken && refreshToken === refreshTokenOf(one, requests),
      ),
    )
    .map(({ number }) => number)

const boundsOf = (
  { living }: FinalState,
  operations: readonly Operation[],
): { readonly least: number; readonly most: number } => {
  const forgets = operations.filter(({ verb }) => verb === 'forget')
  const lastMaybe = forgets.at(-1)
  const forgottenUntil = lastMaybe ? lastMaybe.end + lateWriteMs + exchangeMs : -Infinity
  const least = living.filter(({ createdAt }) => createdAt > forgottenUntil).length
  const countedSince = forgets.findLast(({ outcome }) => outcome === 'ok')?.begin ?? -Infinity
  const since = operations.filter(({ end }) => end + lateWriteMs > countedSince)
  const uncertainConsents = since.filter(
    (one) => one.verb === 'consent' && isUncertainForCount(one),
  ).length
  const most =
    living.length + uncertainConsents + since.filter((one) => isOvertaken(one, since)).length
  return { least, most }
}

/**
 * A revocation that a newer consent may have overtaken: its token is dead, and it stays in the
 * count.
 */
const isOvertaken = (end: Operation, operations: readonly Operation[]): boolean =>
  end.verb === 'revoke' &&
  isEnd(end) &&
  (end.outcome !== 'ok' ||
    operations.some(
      (one) => one.verb === 'consent' && one.begin < end.end && one.end + lateWriteMs > end.begin,
    ))

import type { FinalState, History, Operation, TokenRequest } from '../history.ts'
import { operationsOf, refreshTokenOf } from './consents.ts'
import { isUncertainForCount, lateWriteMs } from './outcomes.ts'
import { createVerdict, type Verdict } from './verdict.ts'

/** The maximum duration of an exchange. */
const exchangeMs = 12_000

/**
 * Rule 5: the record counts every live refresh token at Zoho, and at most one more for each consent
 * or revocation with an unknown outcome. `forget()` removes the count with the record.
 */
export const checkCounts = (history: History): Verdict => {
  const { judge, verdict } = createVerdict(5)
  for (const state of history.final.connections) {
    const { connection, counted, living } = state
    const operations = operationsOf(history, connection)
    const { min, max } = boundsOf(state, operations)
    const text =
      `${connection} at rest: the record counts ${counted} refresh tokens. ` +
      `${living.length} live at Zoho, ${min} of them since the last forget(); ` +
      `${max} can be explained.`
    const numbers = unstoredLiveConsents(state, operations, history.requests)
    judge(
      counted >= min && counted <= max
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

/** The consents whose refresh token is live but not stored. */
const unstoredLiveConsents = (
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

/** The smallest and the largest count that the operations can explain. */
const boundsOf = (
  { living }: FinalState,
  operations: readonly Operation[],
): { readonly min: number; readonly max: number } => {
  const forgets = operations.filter(({ verb }) => verb === 'forget')
  const lastForget = forgets.at(-1)
  const forgottenUntil = lastForget ? lastForget.end + lateWriteMs + exchangeMs : -Infinity
  const min = living.filter(({ createdAt }) => createdAt > forgottenUntil).length
  const countedSince = forgets.findLast(({ outcome }) => outcome === 'ok')?.begin ?? -Infinity
  const countedOperations = operations.filter(({ end }) => end + lateWriteMs > countedSince)
  const uncertainConsents = countedOperations.filter(
    (one) => one.verb === 'consent' && isUncertainForCount(one),
  )
  const uncertainRevocations = countedOperations.filter((one) =>
    mayLeaveTokenCounted(one, countedOperations),
  )
  const max = living.length + uncertainConsents.length + uncertainRevocations.length
  return { min, max }
}

/**
 * True for a revocation that failed or that a consent may have overtaken. The record may still
 * count its token, which is dead.
 */
const mayLeaveTokenCounted = (operation: Operation, others: readonly Operation[]): boolean =>
  operation.verb === 'revoke' &&
  (operation.outcome !== 'ok' ||
    others.some(
      ({ verb, begin, end }) =>
        verb === 'consent' && begin < operation.end && end + lateWriteMs > operation.begin,
    ))

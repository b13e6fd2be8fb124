import type { FinalState, History, Operation, TokenRequest } from '../history.ts'
import { isEnd, isUnknownConsent, lastEffectOf, lateWriteMs } from './outcomes.ts'
import { createVerdict, type Verdict, type Violation } from './verdict.ts'

/** A caller may have joined a refresh that began before the consent. */
const joinedWorkMs = 20_000
const withoutConsent = new Set(['not-connected', 'needs-consent', 'connection-revoked'])

/** The operations of one connection before the final checks, ordered by their begin. */
export const operationsOf = ({ operations, final }: History, connection: string): Operation[] =>
  operations
    .filter((one) => one.connection === connection && one.begin < final.at)
    .toSorted((one, other) => one.begin - other.begin)

/** True if a revoke() or forget() may have ended this consent. */
const mayHaveEnded = (
  consent: Operation,
  operations: readonly Operation[],
  before = Infinity,
): boolean =>
  operations.some((one) => isEnd(one) && one.begin < before && lastEffectOf(one) > consent.begin)

/** Rule 2: an acknowledged consent is valid until the connection is ended. */
export const checkConsents = (history: History): Verdict => {
  const { judge, verdict } = createVerdict(2)
  for (const state of history.final.connections) {
    const operations = operationsOf(history, state.connection)
    const consents = operations.filter(
      ({ verb, outcome }) => verb === 'consent' && outcome === 'ok',
    )
    for (const refused of operations) {
      if (!withoutConsent.has(refused.outcome) || !isCall(refused)) continue
      const lost = consents.findLast(
        (consent) =>
          consent.end + joinedWorkMs < refused.begin &&
          !mayHaveEnded(consent, operations, refused.end),
      )
      const text = `#${refused.number} ${refused.verb}() failed with ${refused.outcome}`
      judge(lost && lostConsent(lost, text, refused))
    }
    const last = consents.findLast((consent) => !mayHaveEnded(consent, operations))
    if (last) judge(isAlive(state) ? undefined : lostConsent(last, `at rest ${describe(state)}`))
  }
  return verdict()
}

const isCall = ({ verb }: Operation): boolean =>
  ['accessToken', 'fetch', 'fetchRefused', 'refresh'].includes(verb)

const isAlive = ({ status, callOutcome, laterCallOutcome }: FinalState): boolean =>
  status === 'active' && callOutcome === 'ok' && laterCallOutcome === 'ok'

const describe = ({ status, callOutcome, laterCallOutcome }: FinalState): string =>
  `the status is ${status}, a call of the API gives ${callOutcome}, ` +
  `and an hour later ${laterCallOutcome}`

const lostConsent = (consent: Operation, evidence: string, refused?: Operation): Violation => ({
  text:
    `The consent #${consent.number} was acknowledged ` +
    `and the connection was not ended, but ${evidence}.`,
  at: refused?.end ?? consent.end,
  connection: consent.connection as string,
  operations: refused ? [consent.number, refused.number] : [consent.number],
})

/** Rule 6: `status()` and `connections()` agree with Zoho, and a failed consent stays failed. */
export const checkStatuses = (history: History): Verdict => {
  const { judge, verdict } = createVerdict(6)
  for (const state of history.final.connections) {
    const operations = operationsOf(history, state.connection)
    const at = history.final.at
    const violationWith = (text: string, numbers: readonly number[] = []): Violation => ({
      text: `${state.connection} at rest: ${text}.`,
      at,
      connection: state.connection,
      operations: numbers,
    })
    const { status, listed = 'none' } = state
    judge(
      listed === status
        ? undefined
        : violationWith(`status() says ${status}, connections() says ${listed}`),
    )
    if (status === 'active') {
      const stored = state.living.some(
        ({ refreshToken }) => refreshToken === state.storedRefreshToken,
      )
      judge(
        isAlive(state) && stored
          ? undefined
          : violationWith(
              `${describe(state)}; its refresh token ${stored ? 'lives' : 'is dead'} at Zoho`,
            ),
      )
      judge(
        mayBeActive(operations)
          ? undefined
          : violationWith('active, but the connection was ended after the last consent'),
      )
    }
    if (status === 'revoked')
      judge(liveAfterRevocation(state, operations, history.requests, violationWith))
    for (const failed of operations) {
      if (failed.verb === 'consent' && failed.outcome !== 'ok' && !isUnknownConsent(failed)) {
        judge(becameActive(failed, state, operations, history.requests))
      }
    }
  }
  return verdict()
}

/** True if a consent may have made the connection active. */
const mayBeActive = (operations: readonly Operation[]): boolean => {
  const end = operations.findLast((one) => isEnd(one) && one.outcome === 'ok')
  return operations.some(
    (one) =>
      one.verb === 'consent' &&
      (one.outcome === 'ok' || isUnknownConsent(one)) &&
      lastEffectOf(one) > (end?.begin ?? 0),
  )
}

/** The refresh token that was issued for a consent, if its process reported it. */
export const refreshTokenOf = (
  consent: Operation,
  requests: readonly TokenRequest[],
): string | undefined =>
  requests.find(
    (one) => one.operation === consent.number && one.grant === 'authorization_code' && one.issued,
  )?.issued?.refreshToken

/**
 * A violation if the connection is revoked and the refresh token of its last consent is live.
 * Nothing is checked if it is unclear which consent was the last.
 */
const liveAfterRevocation = (
  state: FinalState,
  operations: readonly Operation[],
  requests: readonly TokenRequest[],
  violationWith: (text: string, numbers: readonly number[]) => Violation,
): Violation | undefined => {
  const consents = operations.filter(
    ({ verb, outcome }) => verb === 'consent' && outcome !== 'killed-before',
  )
  const last = consents.findLast(({ outcome }) => outcome === 'ok')
  const mayFollow = consents.some(
    (one) => isUnknownConsent(one) && last && one.end + lateWriteMs > last.begin,
  )
  const overlaps = consents.some(
    (one) => one !== last && one.outcome === 'ok' && last && one.end > last.begin,
  )
  if (!last || mayFollow || overlaps) return undefined
  const token = refreshTokenOf(last, requests)
  const lives = state.living.some(({ refreshToken }) => refreshToken === token)
  return lives
    ? violationWith(
        `revoked, but the refresh token ${token} of consent #${last.number} lives at Zoho`,
        [last.number],
      )
    : undefined
}

/** A violation if a consent that was reported as failed became active. */
const becameActive = (
  failed: Operation,
  state: FinalState,
  operations: readonly Operation[],
  requests: readonly TokenRequest[],
): Violation | undefined => {
  const token = refreshTokenOf(failed, requests)
  if (token === undefined) return undefined
  const issued = requests.filter(
    (one) => one.refreshToken === token || one.issued?.refreshToken === token,
  )
  const accessTokens = new Set(issued.map((one) => one.issued?.accessToken))
  const served = operations.find(
    (one) =>
      one.accessToken !== undefined && accessTokens.has(one.accessToken) && one.begin > failed.end,
  )
  const refreshed = requests.find(
    (one) =>
      one.refreshToken === token &&
      one.sentAt > failed.end &&
      one.operation !== failed.number &&
      isUse(one, operations),
  )
  if (!served && !refreshed && state.storedRefreshToken !== token) return undefined
  const useOfToken = refreshed ? `was used by #${refreshed.operation}` : 'is stored'
  const shown = served
    ? `#${served.number} ${served.verb}() was served its access token`
    : `its refresh token ${token} ${useOfToken}`
  return {
    text:
      `The consent #${failed.number} was reported as failed (${failed.outcome}), ` +
      `but later ${shown}.`,
    at: served?.end ?? refreshed?.sentAt ?? failed.end,
    connection: failed.connection as string,
    operations: [failed.number, ...(served ? [served.number] : [])],
  }
}

/** False for a token request that only checks whether a token is dead before its revocation. */
const isUse = ({ operation }: TokenRequest, operations: readonly Operation[]): boolean => {
  const sender = operations.find(({ number }) => number === operation)
  return sender !== undefined && isCall(sender)
}

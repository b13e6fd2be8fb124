import type { Operation } from '../history.ts'

/** Outcomes of a consent that may still become active later. */
const unknownConsents = new Set(['killed', 'exchange-outcome-unknown', 'grant-outcome-unknown'])

export const isUnknownConsent = ({ outcome }: Operation): boolean => unknownConsents.has(outcome)

/** Outcomes of a consent that failed before its attempt was stored and its code was sent. */
const refusedBefore =
  /^(callback-|principal-|consent-refused|argument-|.*-exhausted$|killed-before$)/

/** True for a consent that may have left a refresh token, or a wrong count in the record. */
export const isUncertainForCount = ({ outcome }: Operation): boolean =>
  outcome !== 'ok' && !refusedBefore.test(outcome)

/** True for a revoke() or forget(). It may have taken effect even if it was not acknowledged. */
export const isEnd = ({ verb }: Operation): boolean => verb === 'revoke' || verb === 'forget'

/** How long after its end an abandoned operation can still change the store. */
export const lateWriteMs = 8_000

/** The last instant at which an operation can take effect. */
export const lastEffectOf = (operation: Operation): number =>
  operation.outcome === 'ok' ? operation.end : operation.end + lateWriteMs

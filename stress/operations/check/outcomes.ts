import type { Operation } from '../history.ts'

/**
 * Errors of a consent that say that its outcome is unknown: it may become active later, or never.
 */
const unknownConsents = new Set(['killed', 'exchange-outcome-unknown', 'grant-outcome-unknown'])

export const isUnknownConsent = ({ outcome }: Operation): boolean => unknownConsents.has(outcome)

/** Refused before an attempt was stored, so no code was sent. */
const refusedBefore =
  /^(callback-|principal-|consent-refused|argument-|.*-exhausted$|killed-before$)/

/**
 * A consent that is in no record, or not as what it is: it may have left a refresh token, or one
 * more in the count.
 */
export const isUncertainForCount = ({ outcome }: Operation): boolean =>
  outcome !== 'ok' && !refusedBefore.test(outcome)

/** A revoke() or forget() that was not acknowledged may have happened all the same. */
export const isEnd = ({ verb }: Operation): boolean => verb === 'revoke' || verb === 'forget'

/** How long after its end an operation that was given up can still change the store. */
export const lateWriteMs = 8_000

/** The last moment at which an operation may still take effect. */
export const lastEffectOf = (operation: Operation): number =>
  operation.outcome === 'ok' ? operation.end : operation.end + lateWriteMs

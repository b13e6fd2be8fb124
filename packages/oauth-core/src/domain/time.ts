/** An instant in store time: milliseconds since 1970 by the store's own clock. */
export type EpochMs = number

/**
 * The one time budget; each figure follows from the first. All attempts of one refresh share
 * `refreshMs`; the answer is stored within `commitMs`; the lease outlives both, so a holder that is
 * alive never loses it; a caller waits for at most one dead holder and one refresh.
 */
const refreshMs = 6_000
const commitMs = 2_000
const leaseMs = refreshMs + commitMs + 1_000
const identityMs = 3_000
export const timeBudget = {
  refreshMs,
  commitMs,
  leaseMs,
  callerWaitMs: 2 * leaseMs,
  /** Asking Zoho who was connected. */
  identityMs,
  /**
   * From the stored attempt to the stored grant, at most: a code whose sending failed at once is
   * sent again. What takes longer died with its process.
   */
  exchangeMs: 2 * refreshMs + identityMs + 2 * commitMs + 1_000,
} as const

/** How far two readings of the store's clock can differ: the longest store command. */
export const clockSlackMs = 1_000

/**
 * No Zoho access token lives longer, whatever the answer says. @see
 * https://www.zoho.com/recruit/developer-guide/apiv2/refresh.html
 */
export const maxAccessTokenMs = 3_600_000

/**
 * Zoho's window for token requests. @see
 * https://www.zoho.com/accounts/protocol/oauth/token-limits.html
 */
export const budgetWindowMs = 600_000

/** How long a browser may take from /connect to the callback. */
export const authorizationRequestMs = 600_000

/** How long a used callback is remembered: longer than its browser binding can live. */
export const attemptRetentionMs = 1_800_000

/**
 * Does an instant in the future reach no further ahead than it can? One that does was written by a
 * clock that jumped, and is not believed. Clamping it instead would renew it at every read.
 */
export const isPlausibleDeadline = (until: EpochMs, now: EpochMs, longestMs: number): boolean =>
  until > now && until <= now + longestMs + clockSlackMs

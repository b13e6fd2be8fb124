/** An instant in store time: milliseconds since 1970 by the store's own clock. */
export type EpochMs = number

/**
 * All time limits of an operation; they depend on each other. All requests of one refresh share
 * `refreshMs`, and its response is stored within `commitMs`. The lease is longer than both, so a
 * process that is alive does not lose it. A caller waits at most for the lease of a dead process
 * and for one refresh.
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
  /** For reading the Zoho account of a consent. */
  identityMs,
  /**
   * The longest time from the stored attempt to the stored grant. It includes two requests, because
   * a code that was not sent is sent again. If this time has passed, the process of the exchange
   * must have died.
   */
  exchangeMs: 2 * refreshMs + identityMs + 2 * commitMs + 1_000,
} as const

/** Two readings of the store's clock can differ by the duration of the longest store command. */
export const clockSlackMs = 1_000

/**
 * The lifetime of an access token. A longer lifetime in a response is ignored.
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/refresh.html
 */
export const maxAccessTokenMs = 3_600_000

/**
 * The window of Zoho's limit for token requests.
 * @see https://www.zoho.com/accounts/protocol/oauth/token-limits.html
 */
export const budgetWindowMs = 600_000

/** The longest time from /connect to the callback. */
export const authorizationRequestMs = 600_000

/** How long a ticket can be used. */
export const ticketMs = 300_000

/** How long a used callback is stored. It is longer than the lifetime of a browser binding. */
export const attemptRetentionMs = 1_800_000

/**
 * Is a stored deadline in the future, and not further away than `maxMs`? A deadline that is further
 * away was written by a clock that jumped, and is ignored. If it was replaced by `now + maxMs`,
 * each read would move it into the future again.
 */
export const isPlausibleDeadline = (until: EpochMs, now: EpochMs, maxMs: number): boolean =>
  until > now && until <= now + maxMs + clockSlackMs

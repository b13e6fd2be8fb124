import type { DataCenterId } from '../data-centers.ts'
import type { Calls } from '../ledger/ledger.ts'

/**
 * What each kind of fault needs to be told. Durations are real time: the emulator's clock does not
 * shorten them.
 */
export interface FaultFields {
  /** The request takes effect at once; the answer comes after these seconds. */
  latency: { readonly seconds: number }
  /** The request takes effect at once; one byte of the answer comes every so many seconds. */
  drip: { readonly seconds: number }
  /**
   * Accepted and never answered, without effect. The connection ends when the emulator closes, or
   * after 60 seconds.
   */
  silence: unknown
  /** The connection dies before the request has any effect. */
  'drop-before': unknown
  /**
   * The request takes effect (a code is spent, a token issued), and the connection dies without an
   * answer.
   */
  'drop-after': unknown
  /** A page of HTML with this status, without effect; `retryAfter` is sent as `Retry-After`. */
  status: { readonly status: number; readonly retryAfter?: string }
  /** Status 200 and a page of HTML, without effect. */
  html: unknown
  /** The true answer, cut in its middle under headers that fit what is left. */
  truncated: unknown
  /** Status 200 and no body, without effect. */
  empty: unknown
  /** The true answer with blanks behind it, 64 KiB more. */
  oversized: unknown
  /** The true answer with a byte in its middle that UTF-8 does not have. */
  'not-utf8': unknown
  /** A redirect, without effect; default status 302. */
  redirect: { readonly location: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  /** `{"error": …}`, without effect; default status 200. */
  error: { readonly error: string; readonly status?: number }
  /** The throttle answer, without effect; language and status of the settings unless given. */
  throttle: { readonly language?: 'en' | 'zh'; readonly status?: number }
  /**
   * Recruit's answer to a dead access token, without effect: 401 and this code; default
   * `INVALID_TOKEN`.
   */
  'token-rejected': { readonly code?: 'INVALID_TOKEN' | 'AUTHENTICATION_FAILURE' }
}

export type FaultKind = keyof FaultFields

/** Where a fault strikes, and how often. */
export interface FaultPlace {
  /** The calls that it strikes; `authorize` is `/oauth/v2/auth`, the page and its buttons. */
  readonly on: keyof Calls
  /** For `token` alone: only requests of this grant type. */
  readonly grantType?: 'authorization_code' | 'refresh_token'
  /** For `api` alone: only requests for this path, such as `/recruit/v2/Assessments`. */
  readonly path?: string
  /** Only at this data center. */
  readonly dataCenter?: DataCenterId
  /** How many requests it strikes. Default: all, until it is cleared. */
  readonly times?: number
}

/**
 * Something that goes wrong. Of several that fit a request, the one that was added first strikes,
 * and it alone.
 */
export type Fault = {
  [K in FaultKind]: FaultPlace & { readonly kind: K } & FaultFields[K]
}[FaultKind]

/** A fault that stands; one that has struck all its times is listed with 0 left. */
export type ListedFault = Fault & {
  readonly id: string
  readonly struck: number
  /** `null`: until it is cleared. */
  readonly left: number | null
}

import type { DataCenterId } from '../data-centers.ts'
import type { Calls } from '../ledger/ledger.ts'

/**
 * The fields of each kind of fault; `unknown` if a kind has none. Durations are real time:
 * advancing the emulator's clock does not shorten them. "Without effect" means that the emulator
 * sends the described response and does not process the request.
 */
export interface FaultFields {
  /** The request takes effect immediately. The response is sent after `seconds`. */
  latency: { readonly seconds: number }
  /** The request takes effect immediately. One byte of the response is sent every `seconds`. */
  drip: { readonly seconds: number }
  /**
   * The request has no effect and gets no response. The connection ends after 60 seconds, or when
   * the emulator closes.
   */
  silence: unknown
  /** The connection closes before the request takes effect. */
  'drop-before': unknown
  /**
   * The request takes effect (a code is used up, a token is issued), and the connection closes
   * without a response.
   */
  'drop-after': unknown
  /** An HTML page with this status, without effect. `retryAfter` is sent as `Retry-After`. */
  status: { readonly status: number; readonly retryAfter?: string }
  /** An HTML page with status 200, without effect. */
  html: unknown
  /** The first half of the real response, with headers that match it. */
  truncated: unknown
  /** An empty response with status 200, without effect. */
  empty: unknown
  /** The real response followed by 64 KiB of spaces. */
  oversized: unknown
  /** The real response, in which an invalid UTF-8 byte replaces the byte in the middle. */
  'not-utf8': unknown
  /** A redirect, without effect. Default status 302. */
  redirect: { readonly location: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  /** `{"error": …}`, without effect. Default status 200. */
  error: { readonly error: string; readonly status?: number }
  /** `{"status":"failure","error_code":…}`, without effect. Default status 200. */
  failure: { readonly errorCode: string; readonly status?: number }
  /** The throttle response, without effect. Defaults: language and status of the settings. */
  throttle: { readonly language?: 'en' | 'zh'; readonly status?: number }
  /**
   * Recruit's response to an invalid access token, without effect: 401 and this code. Default
   * `INVALID_TOKEN`.
   */
  'token-rejected': {
    readonly code?: 'INVALID_TOKEN' | 'INVALID_OAUTHTOKEN' | 'AUTHENTICATION_FAILURE'
  }
  /**
   * An error of the Recruit API as JSON, without effect: a status, a code such as
   * `TOO_MANY_REQUESTS`, and a message. `retryAfter` is sent as `Retry-After`.
   */
  'recruit-error': {
    readonly status: number
    readonly code: string
    readonly message?: string
    readonly retryAfter?: string
  }
  /** A status without a body, without effect. Default status 204. */
  'no-body': { readonly status?: 204 | 304 }
}

export type FaultKind = keyof FaultFields

/** The requests to which a fault applies, and how often. */
export interface FaultPlace {
  /** The kind of request. `authorize` is `/oauth/v2/auth`: the page and its buttons. */
  readonly on: keyof Calls
  /** Selects requests with this grant type. Allowed only if `on` is `token`. */
  readonly grantType?: 'authorization_code' | 'refresh_token'
  /** Selects requests for this path, such as `/recruit/v2/Assessments`. Only if `on` is `api`. */
  readonly path?: string
  /** Selects requests to this data center. Default: all data centers. */
  readonly dataCenter?: DataCenterId
  /** The number of requests to which it applies. Default: all, until the fault is cleared. */
  readonly times?: number
}

/** A fault. If several match a request, only the one that was added first applies. */
export type Fault = {
  [K in FaultKind]: FaultPlace & { readonly kind: K } & FaultFields[K]
}[FaultKind]

/** An active fault. A fault with no applications left stays listed with `left: 0`. */
export type ListedFault = Fault & {
  readonly id: string
  /** The number of requests to which it was applied. */
  readonly struck: number
  /** The number of requests to which it will still apply; `null` if unlimited. */
  readonly left: number | null
}

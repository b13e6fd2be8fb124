import type { Secret } from '../domain/secret.ts'
import type { FailureReason } from './error-codes.ts'

/**
 * Why a call to an accounts server failed. It contains no text of the response, except Zoho's word
 * for the error.
 */
export interface EndpointFailure {
  readonly reason: FailureReason
  /** HTTP status of the response; absent if there was none. */
  readonly status?: number
  /** Zoho's word for the error, as `toZohoError` returns it. */
  readonly zohoError?: string
  readonly retryAfterMs?: number
  /**
   * False only if it is certain that no byte of the request was sent. Then a one-time code may be
   * sent again.
   */
  readonly requestMayHaveBeenSent: boolean
}

/** A parsed response. A refusal by Zoho is a value, not an exception. */
export type ParseResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: EndpointFailure }

/** The result of a call. `calls`: how many requests were tried, also without a connection. */
export type Outcome<T> = ParseResult<T> & { readonly calls: number }

/**
 * A successful token response (RFC 6749, 5.1). It has durations and no instants, because endpoints
 * do not know the store's clock.
 */
export interface TokenResponse {
  readonly accessToken: Secret
  readonly expiresInMs: number
  readonly refreshToken: Secret | undefined
  readonly scopes: readonly string[] | undefined
  readonly apiDomain: string | undefined
}

/** Thrown and caught inside this directory only. Callers get an `Outcome`. */
export class EndpointError extends Error {
  readonly failure: EndpointFailure
  constructor(failure: EndpointFailure) {
    super(failure.reason)
    this.failure = failure
  }
}

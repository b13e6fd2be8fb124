import type { ErrorCode } from '../errors/codes.ts'
import type { Secret } from '../domain/secret.ts'

/** Why a call to an accounts server gave nothing. No text of the answer is in it. */
export interface EndpointFailure {
  readonly code: ErrorCode
  readonly status?: number
  readonly retryAfterMs?: number
  /**
   * False only where it is proven that no byte of the request left: then a one-time code may be
   * sent again.
   */
  readonly mayHaveBeenSent: boolean
}

/** An outcome is a value: a refusal by Zoho is no exception. `calls`: requests made. */
export type Outcome<T> = (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: EndpointFailure }
) & { readonly calls: number }

/** A token answer, read: durations, not instants, because the store's clock is not known here. */
export interface TokenAnswer {
  readonly accessToken: Secret
  readonly expiresInMs: number
  readonly refreshToken: Secret | undefined
  readonly scopes: readonly string[] | undefined
  readonly apiDomain: string | undefined
}

/** Thrown inside this room alone; caught where a call becomes an outcome. */
export class EndpointError extends Error {
  readonly failure: EndpointFailure
  constructor(failure: EndpointFailure) {
    super(failure.code)
    this.failure = failure
  }
}

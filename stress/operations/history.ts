import type { Instant } from './clock.ts'

/** The kinds of operations. `fetchRefused` calls an endpoint that always answers 401. */
export type Verb =
  | 'accessToken'
  | 'fetch'
  | 'fetchRefused'
  | 'refresh'
  | 'revoke'
  | 'forget'
  | 'consent'
  | 'recover'
  | 'reencrypt'

/** One finished operation. Tokens are replaced by a hash. */
export interface Operation {
  readonly number: number
  readonly verb: Verb
  /** Missing if the operation is about all connections. */
  readonly connection?: string
  /** The unique name of the process. */
  readonly process: string
  readonly begin: Instant
  /** The end of the operation, or the instant of its process's end. */
  readonly end: Instant
  /**
   * `ok`, a status such as `http-503`, an error code, `foreign: …` for an error that is not from
   * the library, or `killed`.
   */
  readonly outcome: string
  /** The access token that the caller got, or that its API request carried. */
  readonly accessToken?: string
  /** How long its process was stopped during the operation, in ms. */
  readonly stoppedMs: number
}

/** A request to the token endpoint, as seen by the process that sent it. */
export interface TokenRequest {
  readonly operation?: number
  readonly connection?: string
  readonly process: string
  readonly grant: 'authorization_code' | 'refresh_token'
  /** The refresh token that was sent; only for a refresh. */
  readonly refreshToken?: string
  readonly sentAt: Instant
  /** True if the endpoint that always answers 401 has already refused the operation's token. */
  readonly isAfterRefusal: boolean
  /** `ok` or Zoho's error; missing if no response was read. */
  readonly response?: string
  /** The issued tokens. A refresh issues only an access token. */
  readonly issued?: { readonly accessToken: string; readonly refreshToken?: string }
}

/** A store command that failed or took longer than core waits. */
export interface StoreFailure {
  readonly process: string
  readonly doing: 'read' | 'write'
  readonly at: Instant
}

/** A throttle of a connection by Zoho, as `onEvent` reported it and as the record stores it. */
export interface Throttle {
  readonly connection: string
  readonly at: Instant
  readonly until: Instant
}

/** An exceeded budget or an evicted token that the emulator reported. */
export interface Refusal {
  /** The name of the budget or limit. */
  readonly what: string
  readonly user: string
}

/** A connection after all operations and recoveries have ended. */
export interface FinalState {
  readonly connection: string
  readonly status: string
  /** Its status in `connections()`; missing if it is not listed. */
  readonly listed?: string
  /** Outcomes of an API call at rest and an hour later. */
  readonly callOutcome: string
  readonly laterCallOutcome: string
  /** The number of refresh tokens that the record counts, and the one that it stores. */
  readonly counted: number
  readonly storedRefreshToken?: string
  /** The live refresh tokens at Zoho. */
  readonly living: readonly { readonly refreshToken: string; readonly createdAt: Instant }[]
  /** Outcomes of the user's next operations, in this order. */
  readonly afterwards: Readonly<
    Record<'consent' | 'fetch' | 'refresh' | 'revoke' | 'status', string>
  >
}

/** The input of the checker. */
export interface History {
  readonly operations: readonly Operation[]
  readonly requests: readonly TokenRequest[]
  readonly storeFailures: readonly StoreFailure[]
  readonly throttles: readonly Throttle[]
  readonly refusals: readonly Refusal[]
  readonly final: {
    /** Operations that begin later belong to the final checks. */
    readonly at: Instant
    readonly connections: readonly FinalState[]
    /** Ids of the rows that are still pending. */
    readonly pending: readonly string[]
    /** Failures of the driver, for example a rotation that did not end. */
    readonly failures: readonly string[]
  }
}

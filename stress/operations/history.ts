import type { Instant } from './clock.ts'

/**
 * What the driver asks a process for. `fetchRefused` calls the endpoint that always answers 401.
 */
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

/** One operation from its begin to its end. Tokens are named by a hash. */
export interface Operation {
  readonly number: number
  readonly verb: Verb
  /** Missing for the operations over all connections. */
  readonly connection?: string
  /** The name of one operating system process, never used again. */
  readonly process: string
  readonly begin: Instant
  /** The moment its process was killed, where it did not end by itself. */
  readonly end: Instant
  /**
   * `ok`, `http-503`, an error code, `foreign: …` for an error that is not the library's, or
   * `killed`.
   */
  readonly outcome: string
  /** The access token that the caller got, or that its API request carried. */
  readonly accessToken?: string
  /** How long its process was stopped during the operation, in ms. */
  readonly stoppedMs: number
}

/** A request to the token endpoint, as the process that sent it saw it. */
export interface TokenRequest {
  readonly operation?: number
  readonly connection?: string
  readonly process: string
  readonly grant: 'authorization_code' | 'refresh_token'
  /** Of a refresh. */
  readonly refreshToken?: string
  readonly sentAt: Instant
  /**
   * In the same operation the endpoint that always answers 401 had refused the access token before.
   */
  readonly afterRefusal: boolean
  /** `ok`, Zoho's error, or nothing where no answer was read. */
  readonly answer?: string
  /** The tokens of the answer: for a code both, for a refresh the access token. */
  readonly issued?: { readonly accessToken: string; readonly refreshToken?: string }
}

/** A store command that failed or took longer than core waits. */
export interface StoreFailure {
  readonly process: string
  readonly doing: 'read' | 'write'
  readonly at: Instant
}

/** An onEvent was told, so it is stored, that Zoho throttles a connection. */
export interface Throttle {
  readonly connection: string
  readonly at: Instant
  readonly until: Instant
}

/** A budget that the emulator saw exceeded, or a token that it pushed out. */
export interface Refusal {
  readonly what: string
  readonly user: string
}

/** A connection after everything came to rest. */
export interface FinalState {
  readonly connection: string
  readonly status: string
  /** What `connections()` says; nothing where it does not list it. */
  readonly listed?: string
  /** Outcome of a call of the API, at once and after an hour. */
  readonly works: string
  readonly worksLater: string
  /** Refresh tokens that the record counts or keeps. */
  readonly counted: number
  readonly storedRefreshToken?: string
  /** Refresh tokens that live at Zoho. */
  readonly living: readonly { readonly refreshToken: string; readonly createdAt: Instant }[]
  /** Outcomes of what a user does next, in this order. */
  readonly afterwards: Readonly<
    Record<'consent' | 'fetch' | 'refresh' | 'revoke' | 'status', string>
  >
}

/** All that is known of a run. */
export interface History {
  readonly operations: readonly Operation[]
  readonly requests: readonly TokenRequest[]
  readonly storeFailures: readonly StoreFailure[]
  readonly throttles: readonly Throttle[]
  readonly refusals: readonly Refusal[]
  readonly final: {
    /** Operations that began later belong to the final checks. */
    readonly at: Instant
    readonly connections: readonly FinalState[]
    /** Ids of rows that are still pending. */
    readonly pending: readonly string[]
    /** Failures of the driver's own work: a rotation that did not end, for example. */
    readonly failures: readonly string[]
  }
}

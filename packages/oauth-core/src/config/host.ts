import type { ConnectionId } from '../domain/record.ts'
import type { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { Announcement } from '../machine/decision.ts'

/** Milliseconds that only ever grow, at the speed of time; where they start means nothing. */
export type MonotonicClock = () => number

/** Fills a new array with `length` random octets fit for secrets. */
export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>

/** Keeps a runtime awake for work that outlives the answer (`ctx.waitUntil` on Workers). */
export type WaitUntil = (work: Promise<unknown>) => void

/**
 * What an onEvent is told: what became of a connection (after it is stored), and what went wrong
 * beside it. No event holds a secret, a token, or text that came from outside (scopes are told as
 * Zoho granted them).
 */
export type RecruitOAuthEvent =
  | (Announcement & { readonly connection: ConnectionId })
  /**
   * A request to the routes, or one that needs a connection, was answered with this error. Its
   * answer says less of the app's configuration and store than its message.
   */
  | { readonly type: 'request-refused'; readonly error: RecruitOAuthError }
  /**
   * Told at most once in half a minute of reads, and once of writes: a store that is away is met by
   * every connection.
   */
  | {
      readonly type: 'store-failed'
      readonly connection: ConnectionId
      readonly doing: 'read' | 'write'
    }
  /** A token set could not be stored; it is served from memory, and the write is tried again. */
  | { readonly type: 'save-failed'; readonly connection: ConnectionId }
  /**
   * Zoho's callback named a `location` that is in no table; its accounts server was known, and
   * decided.
   */
  | { readonly type: 'location-unexpected'; readonly connection: ConnectionId }
  /**
   * Zoho named an API domain that is not the data center's. It is kept for diagnosis and not used.
   */
  | { readonly type: 'api-domain-unexpected'; readonly connection: ConnectionId }

/** Called after the fact, in order; what it throws is ignored. */
export type OnEvent = (event: RecruitOAuthEvent) => void

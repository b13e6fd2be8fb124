import type { ConnectionId } from '../domain/record.ts'
import type { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { Announcement } from '../machine/decision.ts'

/** Milliseconds that never decrease. The start is arbitrary. */
export type MonotonicClock = () => number

/** Returns `length` cryptographically random bytes. */
export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>

/** Keeps a runtime alive for work after the response (`ctx.waitUntil` on Workers). */
export type WaitUntil = (work: Promise<unknown>) => void

/**
 * An event for `onEvent`: a change of a connection, which is stored already, or a failure. It
 * contains no secret, no token and no text from outside, except the scopes that Zoho granted.
 */
export type RecruitOAuthEvent =
  | (Announcement & { readonly connection: ConnectionId })
  /**
   * A route, the guard or `errorResponse()` made a response for this error. The response has fewer
   * details about configuration and store than the error.
   */
  | { readonly type: 'request-refused'; readonly error: RecruitOAuthError }
  /** At most one event for reads and one for writes in 30 s, for all connections together. */
  | {
      readonly type: 'store-failed'
      readonly connection: ConnectionId
      readonly doing: 'read' | 'write'
    }
  /** A token set could not be stored. It is served from memory, and the write is repeated. */
  | { readonly type: 'save-failed'; readonly connection: ConnectionId }
  /** A callback had an unknown `location`; its known accounts server was used. */
  | { readonly type: 'location-unexpected'; readonly connection: ConnectionId }
  /** Zoho returned another API domain than the data center's. It is stored, but not used. */
  | { readonly type: 'api-domain-unexpected'; readonly connection: ConnectionId }

/** The library calls it once for each event, in order. Exceptions are ignored. */
export type OnEvent = (event: RecruitOAuthEvent) => void

import type { DataCenterId } from '../domain/data-centers.ts'
import type { IdentityFailure } from '../domain/identity.ts'
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
 * contains no secret, no token and no text from outside, except the scopes that Zoho granted, and
 * the properties `zohoError` and `accountsServer`, which contain only characters of RFC 6749 and of
 * an origin.
 */
export type RecruitOAuthEvent =
  | (Announcement & { readonly connection: ConnectionId })
  /**
   * A route, the guard or `errorResponse()` made a response for this error. The response has fewer
   * details about configuration and store than the error. `connection` is absent while it is not
   * known, for example because nobody is signed in.
   */
  | {
      readonly type: 'request-refused'
      readonly error: RecruitOAuthError
      readonly route: RouteName
      readonly connection?: ConnectionId
    }
  /**
   * After a consent, these requests gave no id of the Zoho account. A later consent is compared by
   * the ids that are known.
   */
  | {
      readonly type: 'identity-incomplete'
      readonly connection: ConnectionId
      readonly dataCenter: DataCenterId
      readonly failures: readonly IdentityFailure[]
    }
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

/**
 * Where a response for an error was made: one of the three routes, the guard (`requireConnection`),
 * or `errorResponse()`, which the error handlers of the adapters call.
 */
export type RouteName = 'connect' | 'callback' | 'disconnect' | 'guard' | 'error-handler'

/** The library calls it once for each event, in order. Exceptions are ignored. */
export type OnEvent = (event: RecruitOAuthEvent) => void

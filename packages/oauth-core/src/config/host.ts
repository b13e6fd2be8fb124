import type { DataCenterId } from '../domain/data-centers.ts'
import type { IdentityFailure } from '../domain/identity.ts'
import type { ConnectionId } from '../domain/record.ts'
import type { ErrorCode } from '../errors/codes.ts'
import type { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { Announcement } from '../machine/decision.ts'

/** Milliseconds that never decrease. The start is arbitrary. */
export type MonotonicClock = () => number

/** Returns `length` cryptographically random bytes. */
export type RandomBytes = (length: number) => Uint8Array<ArrayBuffer>

/** Keeps a runtime alive for work after the response (`ctx.waitUntil` on Workers). */
export type WaitUntil = (work: Promise<unknown>) => void

/** A page of the library, for `renderPage`. All texts are plain text: escape them for HTML. */
export interface RoutePage {
  /**
   * `error`: a failure. `confirm`: another site linked to /connect, and the user confirms.
   * `ticket`: the user confirms a consent that began elsewhere; the page shows `displayName`.
   */
  readonly type: 'error' | 'confirm' | 'ticket'
  /** The status of the response. */
  readonly status: number
  readonly title: string
  readonly text: string
  /** The code of the error; only for `error`. */
  readonly code?: ErrorCode
  /** For whom the consent is; only for `ticket`. */
  readonly displayName?: string
  /** What the user can do. The first action is the main one. */
  readonly actions: readonly PageAction[]
}

export interface PageAction {
  readonly type: 'start' | 'retry' | 'sign-in' | 'disconnect' | 'continue' | 'back'
  readonly label: string
  /** A path, or a URL of a trusted origin. */
  readonly href: string
  /** `POST`: a form without fields. `GET`: a link. */
  readonly method: 'GET' | 'POST'
}

/** Returns the HTML of a page. `request` has the headers, such as `Accept-Language`. */
export type RenderPage = (page: RoutePage, request: Request) => string

/**
 * An event for `onEvent`: a change of a connection, which is stored already, or a failure. It
 * contains no secret, no token and no text from outside, except the scopes that Zoho granted, the
 * properties `zohoError` and `accountsServer`, which contain only characters of RFC 6749 and of an
 * origin, and `dangerousCause`.
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
  /**
   * A command of the store failed. At most one event for each of the three commands in 30 s, for
   * all connections together. `connection` is absent for a listing.
   */
  | {
      readonly type: 'store-failed'
      readonly connection?: ConnectionId
      readonly doing: 'read' | 'write' | 'list'
      /**
       * The driver's own error, for the developer. It may contain anything, also secrets, such as
       * addresses, statements and passwords. Do not show it to users. It is not enumerable, so
       * `JSON.stringify` and a spread leave it out.
       */
      readonly dangerousCause?: unknown
    }
  /**
   * `renderPage` threw, or returned no string, and the default page was sent. `dangerousCause` is
   * what it threw, and may contain anything.
   */
  | { readonly type: 'render-page-failed'; readonly dangerousCause?: unknown }
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

import type { DataCenterId } from '../domain/data-centers.ts'
import type { IdentityFailure } from '../domain/identity.ts'
import type { ConnectionId } from '../domain/record.ts'
import type { Fetch } from '../endpoints/http.ts'
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

/** Options with which the app replaces functions of the runtime. */
export interface HostFunctions {
  /**
   * Called with each `RecruitOAuthEvent`: changes of connections, and failures.
   * @default `consoleListener`, which writes failures to the console
   * @example
   * onEvent: (event) => {
   *   consoleListener(event)
   *   if (event.type === 'consent-lost') void notifyCustomer(event.connection)
   * },
   */
  readonly onEvent?: OnEvent | undefined
  /**
   * Keeps the process or the edge runtime alive for work that continues after a response, such as a
   * refresh ahead of time. The promises never reject. On Workers, the Hono adapter passes the
   * `waitUntil` of each request instead; the Nest module collects the work itself.
   * @default nothing waits for the work
   * @example
   * // When the process ends: await Promise.all(pendingWork)
   * waitUntil: (work) => {
   *   pendingWork.add(work)
   *   void work.finally(() => pendingWork.delete(work))
   * },
   */
  readonly waitUntil?: WaitUntil | undefined
  /**
   * The `fetch` for requests to Zoho, for tests and proxies. Bodies are `Blob`s:
   * `new Response(init.body).text()` reads them.
   * @default the global `fetch`
   * @example
   * // In tests: the emulator, without open ports.
   * fetch: (url, init) => emulator.fetch(url, init),
   * dataCenters: emulator.dataCenters,
   */
  readonly fetch?: Fetch | undefined
  /**
   * Cryptographically random bytes.
   * @default `crypto.getRandomValues`
   * @example
   * random: (length) => crypto.getRandomValues(new Uint8Array(length)),
   */
  readonly random?: RandomBytes | undefined
  /**
   * Milliseconds that never decrease, for deadlines and for the age of what is in memory.
   * @default `performance.now`
   * @example
   * monotonic: () => performance.now(),
   */
  readonly monotonic?: MonotonicClock | undefined
}

/**
 * An event for `onEvent`: a change of a connection, which is stored already, or a failure. It
 * contains no secret, no token and no text from outside, except the scopes that Zoho granted, the
 * properties `zohoError` and `accountsServer`, which contain only characters of RFC 6749 and of an
 * origin, and `dangerousCause`.
 */
export type RecruitOAuthEvent =
  | (Announcement & {
      /** The connection that changed. */
      readonly connection: ConnectionId
    })
  | {
      /**
       * A route, the guard or `errorResponse()` made a response for an error.
       * @remarks Branch on `error.source` and `error.remedy`. Alert a developer for the sources
       * `configuration` and `store`. The response has fewer details about them than the error.
       */
      readonly type: 'request-refused'
      /** The error, with its code, hint and, if they are known, data center and `zohoStatus`. */
      readonly error: RecruitOAuthError
      /** The route that was requested, the guard, or the app's error handler. */
      readonly route: RouteName
      /** Absent while it is not known, for example because nobody is signed in. */
      readonly connection?: ConnectionId
    }
  | {
      /**
       * After a consent, the requests for the Zoho account gave no id.
       * @remarks Usually nothing: a later consent is compared by the ids that are known. If it
       * returns at each consent, check the scopes and the roles of the user in Zoho.
       */
      readonly type: 'identity-incomplete'
      readonly connection: ConnectionId
      /** Where the account is. */
      readonly dataCenter: DataCenterId
      /** The requests that gave no id, each with the status of Zoho's response. */
      readonly failures: readonly IdentityFailure[]
    }
  | {
      /**
       * A command of the store failed, or got no response. Sent at most once for each of the three
       * commands in 30 s, for all connections together.
       * @remarks Alert the operator of the store. Valid tokens are served from memory for
       * `serveWithoutStoreMs`, and consents fail.
       */
      readonly type: 'store-failed'
      /** The connection whose record was read or written. Absent for a listing. */
      readonly connection?: ConnectionId
      readonly doing: 'read' | 'write' | 'list'
      /**
       * The driver's own error, for the developer. It may contain anything, also secrets, such as
       * addresses, statements and passwords. Do not show it to users. It is not enumerable, so
       * `JSON.stringify` and a spread leave it out.
       */
      readonly dangerousCause?: unknown
    }
  | {
      /**
       * `renderPage` threw, or returned no string. The default page was sent.
       * @remarks Correct `renderPage`.
       */
      readonly type: 'render-page-failed'
      /** What it threw. It may contain anything. */
      readonly dangerousCause?: unknown
    }
  | {
      /**
       * A refreshed token set could not be stored. It is served from memory, and the write is
       * repeated for some fifteen seconds.
       * @remarks Check the store. If the write fails in the end, another process refreshes again.
       */
      readonly type: 'save-failed'
      readonly connection: ConnectionId
    }
  | {
      /**
       * A callback had a `location` that is not in `dataCenters`. Its `accounts-server` is in the
       * table and was used.
       * @remarks Report it to this library, or correct the keys of your own `dataCenters`.
       */
      readonly type: 'location-unexpected'
      readonly connection: ConnectionId
    }
  | {
      /**
       * Zoho returned another API domain than the data center's. It is stored, but never called.
       * @remarks Report it to this library, or correct `apiDomain` in your own `dataCenters`.
       */
      readonly type: 'api-domain-unexpected'
      readonly connection: ConnectionId
    }

/**
 * Where a response for an error was made: one of the three routes, the guard (`requireConnection`),
 * or `errorResponse()`, which the error handlers of the adapters call.
 */
export type RouteName = 'connect' | 'callback' | 'disconnect' | 'guard' | 'error-handler'

/** The library calls it once for each event, in order. Exceptions are ignored. */
export type OnEvent = (event: RecruitOAuthEvent) => void

import type { DataCenterId, DataCenters } from '../domain/data-centers.ts'
import type { ConnectionId, PrincipalId } from '../domain/record.ts'
import type { RecruitScope } from '../domain/scopes.ts'
import type { Secret } from '../domain/secret.ts'
import type { MonotonicClock, OnEvent, RandomBytes, WaitUntil } from './host.ts'
import type { ConnectionStore } from '../store/connection-store.ts'
import type { Fetch } from '../endpoints/http.ts'

/** A client secret, or the current one and the one before it while a rotation is under way. */
export type ClientSecret =
  string | Secret | readonly [current: string | Secret, former: string | Secret]

/** Who is connecting: which connection, and which user or tenant of the app it belongs to. */
export interface ConnectionRef {
  readonly id: ConnectionId
  readonly principal: PrincipalId
  /**
   * Where this customer's consent starts, when it is not `options.dataCenter`: China, above all.
   */
  readonly dataCenter?: DataCenterId | undefined
}

export interface RecruitOAuthOptions<Context = Request> {
  /** From Zoho's API console; the same in all data centers. */
  readonly clientId: string
  /**
   * From Zoho's API console. A record gives each data center its own, and a data center that is not
   * in it gets none.
   * @see https://www.zoho.com/accounts/protocol/oauth/multi-dc.html
   */
  readonly clientSecret: ClientSecret | Readonly<Partial<Record<DataCenterId, ClientSecret>>>
  /**
   * Where Zoho sends the browser back: absolute, registered in Zoho's console character for
   * character, https (http for a loopback host). The app's public address and the mount path of the
   * routes come from here, never from a request.
   */
  readonly redirectUri: string
  /** What is asked for. There is no default. */
  readonly scopes: readonly RecruitScope[]
  /**
   * Where consent starts. Default `us`: Zoho finds the user's own data center from there, but for
   * China (`cn`).
   */
  readonly dataCenter?: DataCenterId | undefined
  /**
   * The data centers that are known, in place of Zoho's table: `{ ...zohoDataCenters, … }` adds to
   * it.
   */
  readonly dataCenters?: DataCenters | undefined
  /** Where connections live. Default: this process's memory, with a warning outside development. */
  readonly store?: ConnectionStore | undefined
  /**
   * 32 random octets each, base64 or base64url (`openssl rand -base64 32`); the first seals, all of
   * them open. A new key is deployed behind the current one first, then in front, then
   * `reencryptAll()`, then alone: no process meets one it lacks. Required with a store; without one, a
   * random key that is gone with the process.
   */
  readonly encryptionKeys?: readonly (string | Secret)[] | undefined
  /**
   * The app's answer to "who is this?", from its own session; `undefined` when nobody is signed in.
   */
  readonly connectionFor: (
    context: Context,
  ) => ConnectionRef | undefined | Promise<ConnectionRef | undefined>
  /**
   * Who names the connection and the principal at the callback: the app's `session`, asked by
   * `connectionFor` and compared with who began (default); or the sealed `binding` alone, for apps
   * whose navigations carry no session: begin with `POST …/connect` there. Then whoever consents in
   * that browser within ten minutes connects for who began.
   */
  readonly callbackIdentity?: 'session' | 'cookie' | undefined
  /**
   * A connection may change over to another Zoho account by a new consent. Default: such a consent
   * is refused (`account-switched`), as far as the scopes permit to ask who it is:
   * `ZohoRecruit.org.READ`, `ZohoRecruit.users.READ`.
   */
  readonly allowAccountSwitch?: boolean | undefined
  /**
   * Milliseconds after the last successful read (or acknowledged write) of a connection's record
   * during which an unexpired token is served from memory although the store does not answer. After
   * that the store has to answer, else `store-unavailable`. A process that is cut off from its
   * store does not learn of a revocation for that long. 30,000 to 3,600,000; default 300,000.
   */
  readonly serveWithoutStoreMs?: number | undefined
  /** Path to go to after connecting or disconnecting, when no `returnTo` was given. Default `/`. */
  readonly defaultReturnTo?: string | undefined
  /**
   * Path under which the app sees the routes, where a proxy in front strips a prefix (`/`: all of
   * it). Default: that of `redirectUri`.
   */
  readonly mountPath?: string | undefined
  /**
   * Told what becomes of connections and what goes wrong. Default: what the routes refuse by a
   * fault of configuration, store or network goes to `console.error`.
   */
  readonly onEvent?: OnEvent | undefined
  /**
   * Keeps an edge runtime awake for refreshes behind an answer; adapters pass the request's own.
   */
  readonly waitUntil?: WaitUntil | undefined
  /**
   * For tests and proxies: the `fetch` that reaches Zoho. A body is a `Blob`: `new
   * Response(init.body).text()` reads it.
   */
  readonly fetch?: Fetch | undefined
  /** Octets fit for secrets. Default: WebCrypto's. */
  readonly random?: RandomBytes | undefined
  /** Milliseconds that only grow. Default: `performance.now`. */
  readonly monotonic?: MonotonicClock | undefined
}

import type { DataCenterId, DataCenters } from '../domain/data-centers.ts'
import type { ConnectionId, PrincipalId } from '../domain/record.ts'
import type { AccountSwitch } from '../domain/identity.ts'
import type { RecruitScope } from '../domain/scopes.ts'
import type { Secret } from '../domain/secret.ts'
import type { MonotonicClock, OnEvent, RandomBytes, RenderPage, WaitUntil } from './host.ts'
import type { ConnectionStore } from '../store/connection-store.ts'
import type { Fetch } from '../endpoints/http.ts'

/** A client secret, or the current and the former one during a rotation. */
export type ClientSecret =
  string | Secret | readonly [current: string | Secret, former: string | Secret]

/** A connection, and the user or tenant of the app that it belongs to. */
export interface ConnectionRef {
  readonly id: ConnectionId
  readonly principal: PrincipalId
  /** The data center where the consent starts. Default: `options.dataCenter`. Needed for China. */
  readonly dataCenter?: DataCenterId | undefined
  /**
   * For whom a consent is, in words: `Acme GmbH (ann@acme.example)`. 1 to 200 characters. The page
   * of a ticket shows it (see `connectTickets`), so use a name that the user cannot choose freely.
   */
  readonly displayName?: string | undefined
}

export interface RecruitOAuthOptions<Context = Request> {
  /** From Zoho's API console; the same in all data centers. */
  readonly clientId: string
  /**
   * From Zoho's API console. An object has one entry for each data center; a data center without an
   * entry is not used.
   * @see https://www.zoho.com/accounts/protocol/oauth/multi-dc.html
   */
  readonly clientSecret: ClientSecret | Readonly<Partial<Record<DataCenterId, ClientSecret>>>
  /**
   * Absolute URL of the callback route, exactly as registered in Zoho's console; https, or http for
   * a loopback host. The app's public address and the routes' mount path are derived from it, never
   * from a request.
   */
  readonly redirectUri: string
  /** The scopes to request. There is no default. */
  readonly scopes: readonly RecruitScope[]
  /**
   * The data center where consent starts. Default `us`: from there Zoho finds the user's own data
   * center, except China (`cn`).
   */
  readonly dataCenter?: DataCenterId | undefined
  /** Replaces Zoho's table of data centers. `{ ...zohoDataCenters, … }` adds to it. */
  readonly dataCenters?: DataCenters | undefined
  /** Stores the connections. Default: memory, with a warning outside development. */
  readonly store?: ConnectionStore | undefined
  /**
   * Keys of 32 random bytes in base64 or base64url (`openssl rand -base64 32`). The first one
   * encrypts, all of them decrypt. To rotate: deploy the new key as the second one, then as the
   * first one, call `reencryptAll()`, then remove the old key. Required with a store; without a
   * store the default is a random key.
   */
  readonly encryptionKeys?: readonly (string | Secret)[] | undefined
  /** Returns the signed-in user and their connection, or `undefined` when nobody is signed in. */
  readonly connectionFor: (
    context: Context,
  ) => ConnectionRef | undefined | Promise<ConnectionRef | undefined>
  /**
   * How the user is identified at the callback. `session` (default): `connectionFor` is called, and
   * must return the user who started. `cookie`: only the sealed cookie is used. This is for apps
   * whose navigations have no session; they start with `POST …/connect`. With `cookie`, any person
   * who gives consent in that browser within ten minutes connects for the user who started.
   */
  readonly callbackIdentity?: 'session' | 'cookie' | undefined
  /**
   * May a new consent change the Zoho account of a connection? `false` (default): such a consent is
   * refused (`account-switched`), as far as the scopes `ZohoRecruit.org.ALL` (organization) and
   * `ZohoRecruit.users.READ` (user) allow reading the account. Organizations and users are compared
   * if both consents know them. `same-organization`: another user of the same organization may
   * connect, for example after the administrator left; it needs `ZohoRecruit.org.ALL`. `true`: any
   * account may.
   */
  readonly allowAccountSwitch?: AccountSwitch | undefined
  /**
   * While the store does not respond, a valid token is served from memory for this many
   * milliseconds after the last successful read or acknowledged write. After that,
   * `store-unavailable` is thrown. During this time, the process does not see revocations. 30,000
   * to 3,600,000; default 300,000.
   */
  readonly serveWithoutStoreMs?: number | undefined
  /**
   * Where to redirect after connecting or disconnecting without `returnTo`, and where "Back to the
   * app" on the library's pages leads: a path, or a URL of a trusted origin. Default `/`.
   */
  readonly defaultReturnTo?: string | undefined
  /**
   * The app's sign-in page, as a path or as a URL of a trusted origin. If nobody is signed in, the
   * guard and `/connect` redirect a navigation to it, with the parameter `returnTo`. Default: a
   * page asks the user to sign in.
   */
  readonly signIn?: string | undefined
  /**
   * Where to redirect after a failure of the routes, instead of showing a page: a path, or a URL of
   * a trusted origin. It gets the parameter `connectError` with the code of the error, and, if they
   * are known, `returnTo` and `dataCenter`, with which the app can link to `/connect` again.
   */
  readonly failureReturnTo?: string | undefined
  /**
   * Returns the app's own HTML for a page of the library, in its own language and design. The
   * default page is used if the function throws.
   */
  readonly renderPage?: RenderPage | undefined
  /**
   * Origins of the app's pages, other than the one of `redirectUri`. Their scripts may send `POST
   * /connect` and `POST /disconnect` with the user's cookies, and `returnTo` may lead to them.
   * Compared exactly: `['https://app.example.com', 'http://localhost:5173']`.
   */
  readonly trustedOrigins?: readonly string[] | undefined
  /**
   * If `true`, a page or program that cannot receive a cookie of the routes starts with a ticket:
   * `POST /connect` then answers with a URL of this app that carries the sealed authorization
   * request. This is for pages of another site, native apps and hosts of tenants. Read "Tickets"
   * in SECURITY.md first. `connectionFor` has to return a `displayName`. Default `false`.
   */
  readonly connectTickets?: boolean | undefined
  /**
   * The exact name of the cookie of authorization requests, for hosts that pass only one cookie
   * (`__session`). There is one such cookie then: a new request replaces the one before. Default:
   * one cookie for each request, `__Host-zro-` and eight characters.
   */
  readonly cookieName?: string | undefined
  /**
   * Path of the routes as the app sees it, if a proxy removes a prefix of the path. `/` if the
   * proxy removes the whole path of the routes. Default: the path that browsers see, from
   * `redirectUri`.
   */
  readonly mountPath?: string | undefined
  /**
   * Called with changes of connections and with failures. Default: `consoleListener`, which writes
   * errors to the console.
   */
  readonly onEvent?: OnEvent | undefined
  /**
   * Keeps an edge runtime alive for background refreshes. Adapters pass the `waitUntil` of each
   * request instead.
   */
  readonly waitUntil?: WaitUntil | undefined
  /**
   * The `fetch` for requests to Zoho, for tests and proxies. Bodies are `Blob`s:
   * `new Response(init.body).text()` reads them.
   */
  readonly fetch?: Fetch | undefined
  /** Cryptographically random bytes. Default: WebCrypto. */
  readonly random?: RandomBytes | undefined
  /** Milliseconds that never decrease. Default: `performance.now`. */
  readonly monotonic?: MonotonicClock | undefined
}

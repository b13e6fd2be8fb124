import type { DataCenterId, DataCenters } from '../domain/data-centers.ts'
import type { ConnectionId, PrincipalId } from '../domain/record.ts'
import type { AccountSwitch } from '../domain/identity.ts'
import type { RecruitScope } from '../domain/scopes.ts'
import type { Secret } from '../domain/secret.ts'
import type { HostFunctions, RenderPage } from './host.ts'
import type { ConnectionStore } from '../store/connection-store.ts'

/** A client secret, or the current and the former one during a rotation. */
export type ClientSecret =
  string | Secret | readonly [current: string | Secret, former: string | Secret]

/** A connection, and the user or tenant of the app that it belongs to. */
export interface ConnectionRef {
  /** The connection's id, chosen by the app: one for each Zoho account that the app connects. */
  readonly id: ConnectionId
  /**
   * The owner of the connection. If colleagues share it, this is their company: then
   * `revokeAll(company)` revokes it, and a colleague can finish a consent. If it is personal, this
   * is the user. At the callback it must be the same as at the start.
   */
  readonly principal: PrincipalId
  /**
   * The data center where the consent starts. Needed for China.
   * @default the option `dataCenter`
   */
  readonly dataCenter?: DataCenterId | undefined
  /**
   * For whom a consent is, in words: `Acme GmbH (ann@acme.example)`. 1 to 200 characters. The page
   * of a ticket shows it (see `connectTickets`), so use a name that the user cannot choose freely.
   */
  readonly displayName?: string | undefined
}

export interface RecruitOAuthOptions<Context = Request> extends HostFunctions {
  /**
   * From Zoho's API console; the same in all data centers.
   * @example
   * clientId: process.env.ZOHO_CLIENT_ID ?? '',
   */
  readonly clientId: string
  /**
   * From Zoho's API console. An object has one entry for each data center; a data center without an
   * entry is not used.
   * @see https://www.zoho.com/accounts/protocol/oauth/multi-dc.html
   * @example
   * clientSecret: process.env.ZOHO_CLIENT_SECRET ?? '',
   * @example
   * // During a rotation: the current and the former secret.
   * clientSecret: [process.env.ZOHO_CLIENT_SECRET ?? '', process.env.ZOHO_FORMER_SECRET ?? ''],
   * @example
   * clientSecret: { us: process.env.ZOHO_US_SECRET ?? '', eu: process.env.ZOHO_EU_SECRET ?? '' },
   */
  readonly clientSecret: ClientSecret | Readonly<Partial<Record<DataCenterId, ClientSecret>>>
  /**
   * Absolute URL of the callback route, exactly as registered in Zoho's console; https, or http for
   * a loopback host. The app's public address and the routes' mount path are derived from it, never
   * from a request.
   * @example
   * redirectUri: 'https://app.example.com/zoho/callback',
   */
  readonly redirectUri: string
  /**
   * The scopes to request. There is no default. `scopesFor` returns the combinations that Zoho's
   * pages require for an operation.
   * @example
   * scopes: ['ZohoRecruit.modules.READ', 'ZohoRecruit.org.ALL'],
   * @example
   * scopes: scopesFor({ read: ['jobopening'], search: ['candidate'] }),
   */
  readonly scopes: readonly RecruitScope[]
  /**
   * The data center where consent starts. From `us`, Zoho finds the user's own data center, except
   * China (`cn`).
   * @default `'us'`
   * @example
   * dataCenter: 'cn',
   */
  readonly dataCenter?: DataCenterId | undefined
  /**
   * Replaces Zoho's table of data centers. `{ ...zohoDataCenters, … }` adds to it. Secrets and
   * tokens are sent only to the addresses in this table.
   * @default `zohoDataCenters`
   * @example
   * dataCenters: { ...zohoDataCenters, 'us-sandbox': sandboxOf(zohoDataCenters.us) },
   */
  readonly dataCenters?: DataCenters | undefined
  /**
   * Stores the connections.
   * @default memory, with a warning unless `NODE_ENV` is `development` or `test`
   * @example
   * store: sqliteStore('zoho.db'),
   */
  readonly store?: ConnectionStore | undefined
  /**
   * Keys of 32 random bytes in base64 or base64url (`openssl rand -base64 32`). The first one
   * encrypts, all of them decrypt. To rotate: deploy the new key as the second one, then as the
   * first one, call `reencryptAll()`, then remove the old key. Required with a store.
   * @default without a store, a random key
   * @example
   * encryptionKeys: [process.env.ZOHO_ENCRYPTION_KEY ?? ''],
   * @example
   * // During a rotation: the new key encrypts, and both decrypt.
   * encryptionKeys: [process.env.ZOHO_NEW_KEY ?? '', process.env.ZOHO_ENCRYPTION_KEY ?? ''],
   */
  readonly encryptionKeys?: readonly (string | Secret)[] | undefined
  /**
   * Returns the signed-in user and their connection, or `undefined` when nobody is signed in. Read
   * both from your session, never from something that the request can choose. The routes and the
   * guard call it, with the context of the framework: the `Request`, Hono's `c`, Koa's `ctx`, or
   * the request of Nest's platform.
   * @example
   * connectionFor: async (request) => {
   *   const user = await userOf(request)
   *   return user && { id: user.company, principal: user.company }
   * },
   */
  readonly connectionFor: (
    context: Context,
  ) => ConnectionRef | undefined | Promise<ConnectionRef | undefined>
  /**
   * How the user is identified at the callback. `session`: `connectionFor` is called, and must
   * return the user who started. `cookie`: only the sealed cookie is used. This is for apps
   * whose navigations have no session; they start with `POST …/connect`. With `cookie`, any person
   * who gives consent in that browser within ten minutes connects for the user who started.
   * @default `'session'`
   * @example
   * callbackIdentity: 'cookie',
   */
  readonly callbackIdentity?: 'session' | 'cookie' | undefined
  /**
   * May a new consent change the Zoho account of a connection? `false`: such a consent is refused
   * (`account-switched`), as far as the scopes `ZohoRecruit.org.ALL` (organization) and
   * `ZohoRecruit.users.READ` (user) allow reading the account. Organizations and users are compared
   * if both consents know them. `same-organization`: another user of the same organization may
   * connect, for example after the administrator left; it needs `ZohoRecruit.org.ALL`. `true`: any
   * account may.
   * @default `false`
   * @example
   * allowAccountSwitch: 'same-organization',
   */
  readonly allowAccountSwitch?: AccountSwitch | undefined
  /**
   * While the store does not respond, a valid token is served from memory for this many
   * milliseconds after the last successful read or acknowledged write. After that,
   * `store-unavailable` is thrown. During this time, the process does not see revocations. 30,000
   * to 3,600,000.
   * @default `300_000`
   * @example
   * serveWithoutStoreMs: 60_000,
   */
  readonly serveWithoutStoreMs?: number | undefined
  /**
   * Where to redirect after connecting or disconnecting without `returnTo`, and where "Back to the
   * app" on the library's pages leads: a path, or a URL of a trusted origin.
   * @default `'/'`
   * @example
   * defaultReturnTo: '/settings/integrations',
   */
  readonly defaultReturnTo?: string | undefined
  /**
   * The app's sign-in page, as a path or as a URL of a trusted origin. If nobody is signed in, the
   * guard and `/connect` redirect a navigation to it, with the parameter `returnTo`.
   * @default a page asks the user to sign in
   * @example
   * signIn: '/login',
   */
  readonly signIn?: string | undefined
  /**
   * Where to redirect after a failure of the routes, instead of showing a page: a path, or a URL of
   * a trusted origin. It gets the parameter `connectError` with the code of the error, and, if they
   * are known, `returnTo` and `dataCenter`, with which the app can link to `/connect` again.
   * @default the library's page
   * @example
   * failureReturnTo: '/settings/integrations',
   */
  readonly failureReturnTo?: string | undefined
  /**
   * Returns the app's own HTML for a page of the library, in its own language and design. The
   * default page is used if the function throws.
   * @default the library's page, in English
   * @example
   * renderPage: (page, request) => renderInLanguage(page, request.headers.get('accept-language')),
   */
  readonly renderPage?: RenderPage | undefined
  /**
   * Origins of the app's pages, other than the one of `redirectUri`. Their scripts may send `POST
   * /connect` and `POST /disconnect` with the user's cookies, and `returnTo` may lead to them.
   * Compared exactly.
   * @default only the origin of `redirectUri`
   * @example
   * trustedOrigins: ['https://app.example.com', 'http://localhost:5173'],
   */
  readonly trustedOrigins?: readonly string[] | undefined
  /**
   * If `true`, a page or program that cannot receive a cookie of the routes starts with a ticket:
   * `POST /connect` then answers with a URL of this app that carries the sealed authorization
   * request. This is for pages of another site, native apps and hosts of tenants. Read "Tickets"
   * in SECURITY.md first. `connectionFor` has to return a `displayName`. A page that can receive
   * the cookie, at the app's origin or on the same site, still gets the URL of Zoho.
   * @default `false`
   * @example
   * connectTickets: true,
   * connectionFor: async (request) => {
   *   const user = await userOf(request)
   *   return user && { id: user.company, principal: user.company, displayName: user.email }
   * },
   */
  readonly connectTickets?: boolean | undefined
  /**
   * The exact name of the cookie of authorization requests, for hosts that pass only one cookie
   * (`__session`). There is one such cookie then: a new request replaces the one before, and the
   * app cannot have a cookie of the same name. Without the prefix `__Host-`, other hosts of the
   * same domain can set the cookie, so `connectTickets` is refused with such a name. With
   * `callbackIdentity: 'cookie'`, use it only if you control these hosts.
   * @default one cookie for each request, `__Host-zro-` and eight characters
   * @example
   * cookieName: '__session',
   */
  readonly cookieName?: string | undefined
  /**
   * Path of the routes as the app sees it, if a proxy removes a prefix of the path. `/` if the
   * proxy removes the whole path of the routes.
   * @default the path that browsers see, from `redirectUri`
   * @example
   * // Browsers see /api/zoho/callback, and the proxy removes /api.
   * redirectUri: 'https://app.example.com/api/zoho/callback',
   * mountPath: '/zoho',
   */
  readonly mountPath?: string | undefined
}

import type { DataCenters, RecruitOAuthOptions } from '@zrecruit/oauth-core'

/** The options for the app of a case. They are JSON, so that the app can run in another process. */
export type AppOptions = Pick<
  RecruitOAuthOptions,
  | 'clientId'
  | 'redirectUri'
  | 'scopes'
  | 'dataCenter'
  | 'callbackIdentity'
  | 'allowAccountSwitch'
  | 'defaultReturnTo'
  | 'signIn'
  | 'failureReturnTo'
  | 'trustedOrigins'
  | 'connectTickets'
  | 'cookieName'
  | 'mountPath'
> & {
  readonly clientSecret: string
  readonly dataCenters: DataCenters
  readonly encryptionKeys: readonly string[]
}

/** The settings of a case for the app under test. */
export interface AppSettings {
  /**
   * The options for the adapter. Pass them unchanged, and add a store and a `connectionFor` that
   * returns `connectionOf(…)` for the Cookie header. A case can violate this type: an option can be
   * missing or invalid. Then `start` must reject.
   */
  readonly options: AppOptions
  /** The path at which the app mounts the routes, usually `/zoho`. Empty for the root. */
  readonly mount: string
  /** A second path at which the app mounts the same routes. */
  readonly alsoMount?: string
  /**
   * Another client of the same app on the same store, with its own mount path. Both clients have
   * these routes below their mount paths:
   * - `GET …/candidates`, behind the guard of this client: the same as `GET /candidates`;
   * - `GET …/connections`: the ids from its `connections()`, as JSON;
   * - `POST …/forget`: calls `connection('acme').forget()` and responds with the text `forgotten`.
   *
   * `GET …/both` below the mount path of the second client is behind the guards of both: the access
   * tokens of the first and of the second one's connection, as JSON.
   */
  readonly second?: { readonly options: AppOptions; readonly mount: string }
  /** `false`: the app has neither a body parser nor `POST /echo`. */
  readonly bodyParser: boolean
  /** If set, the guard protects the whole app, and a catch-all handler is at this position. */
  readonly catchAll?: CatchAllPosition
}

/**
 * The position of the handler that answers every path and every method with the text
 * `protected body`. `routes-first`: after the routes. `handler-first`: before the routes, which are
 * then unreachable.
 */
export type CatchAllPosition = 'routes-first' | 'handler-first'

/** A running app. */
export interface RunningApp {
  /**
   * The origin at which it listens for plain HTTP, such as `http://127.0.0.1:4711`. Its public
   * origin is that of `redirectUri`, as behind a proxy.
   */
  readonly origin: string
  /** Headers for every request, which select the app in a process with several apps. */
  readonly headers?: Readonly<Record<string, string>>
  close(): Promise<void>
}

/**
 * An adapter on a framework and a runtime. `start` starts an app with these parts:
 * - the routes of the adapter at `mount`;
 * - `GET /candidates`, behind the guard: forwards the response of the connection's
 *   `fetch('Candidates?per_page=2')`;
 * - `GET /users`, behind the guard with the scope `ZohoRecruit.users.READ`: the text `users`;
 * - `GET /account`, behind the guard: the `identity` of the connection's `status()`, as JSON;
 * - `GET /guarded-failure`, behind the guard, and `GET /failure`, without it: both throw an
 *   `Error('own error')`;
 * - `GET /job`, without the guard: responds with the text `token` after
 *   `connection('job').accessToken()` has resolved. It does not catch a rejection, which the
 * adapter
 *   turns into a response;
 * - `POST /echo`: returns the received JSON (if `bodyParser` is true);
 * - if `catchAll` is set: the guard for the whole app, registered as in the adapter's
 *   documentation; and the text `protected body` for every path and every method that the
 * framework's router can
 *   match;
 * - on every response the app's cookie `app=kept; Path=/`;
 * - for other requests the app's 404 with the text `own 404`, and for its errors the app's 500 with
 *   the text `own error`.
 *
 * `start` rejects with the error of the adapter if an option is invalid.
 */
export interface AdapterHarness {
  /** The name of the framework and the runtime, such as `Koa 3`. */
  readonly name: string
  start(settings: AppSettings): Promise<RunningApp>
}

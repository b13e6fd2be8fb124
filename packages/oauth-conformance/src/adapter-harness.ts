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
  | 'mountPath'
> & {
  readonly clientSecret: string
  readonly dataCenters: DataCenters
  readonly encryptionKeys: readonly string[]
}

/** The settings of a case for the app under test. */
export interface AppSettings {
  /**
   * The options for the adapter. Pass them unchanged, and add `connectionFor: (…) =>
   * connectionOf(…)` and a store. A case can omit a required option.
   */
  readonly options: AppOptions
  /** The path at which the app mounts the routes, usually `/zoho`. */
  readonly mount: string
  /** A second path at which the app mounts the same routes. */
  readonly alsoMount?: string
  /**
   * Another client of the same app on the same store, with its own mount path. Both clients have
   * these routes below their mount paths:
   * - `GET …/candidates`, behind the gate of this client: the same as `GET /candidates`;
   * - `GET …/connections`: the ids from its `connections()`, as JSON;
   * - `POST …/forget`: calls `connection('acme').forget()` and responds with the text `forgotten`.
   */
  readonly second?: { readonly options: AppOptions; readonly mount: string }
  /** `false`: the app has neither a body parser nor `POST /echo`. */
  readonly bodyParser: boolean
  /** The gate protects the whole app, and a handler answers every path and method. */
  readonly wholeApp?: WholeApp
}

/**
 * The position of the handler that answers every path and every method with the text
 * `protected body`: after the routes, or before them, so that they are unreachable.
 */
export type WholeApp = 'routes-first' | 'handler-first'

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
 * - `GET /candidates`, behind the gate: forwards the response of the connection's
 *   `fetch('Candidates?per_page=2')`;
 * - `GET /users`, behind the gate with the scope `ZohoRecruit.users.READ`: the text `users`;
 * - `GET /account`, behind the gate: the `identity` of the connection's `status()`, as JSON;
 * - `GET /gated-failure`, behind the gate, and `GET /failure`, without it: both throw an
 *   `Error('own error')`;
 * - `GET /job`, without the gate: calls `connection('job').accessToken()` and responds with the
 *   text `token`, so that an error of the library is the response;
 * - `POST /echo`: returns the received JSON (if `bodyParser` is true);
 * - if `wholeApp` is set: the gate before the whole app including the routes of the adapter, as in
 *   the adapter's documentation; and the text `protected body` for every path and every method that
 *   the framework's router can match;
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

import type { DataCenters, RecruitOAuthOptions } from '@zrecruit/oauth-core'

/**
 * The options a case wants, all JSON, so that they reach an app in another process or another
 * runtime.
 */
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

/** What a case wants of the app under test. */
export interface AppSettings {
  /**
   * For the adapter, as they are, with `connectionFor: (…) => connectionOf(…)` beside them and a
   * store of your choice. A case may leave a required one out.
   */
  readonly options: AppOptions
  /** Where the app mounts the routes: `/zoho`, unless the case is about that. */
  readonly mount: string
  /** Mount the same routes here too. */
  readonly alsoMount?: string
  /**
   * Another client of the same app, on the same store. Its routes are at its own mount, and each of
   * the two clients has below its mount
   * - `GET …/candidates`, behind the gate of this client: as `GET /candidates`;
   * - `GET …/connections`: the ids that its `connections()` lists, as JSON;
   * - `POST …/forget`: `connection('acme').forget()` and then the text `forgotten`.
   */
  readonly second?: { readonly options: AppOptions; readonly mount: string }
  /** `false`: the app has no body parser, and no `POST /echo`. */
  readonly bodyParser: boolean
  /** The gate stands before the whole app, and behind it a handler for every path and method. */
  readonly wholeApp?: WholeApp
}

/**
 * Where the handler of a `wholeApp` stands, which answers every path and every method with the text
 * `protected body`: behind the routes, or in front of them, where it keeps them from being reached.
 */
export type WholeApp = 'routes-first' | 'handler-first'

/** An app that runs. */
export interface RunningApp {
  /**
   * Where it listens, in plain HTTP: `http://127.0.0.1:4711`. Its public address is that of
   * `redirectUri`, as behind a proxy.
   */
  readonly origin: string
  /** Sent with every request: tells a process that runs several apps which one is meant. */
  readonly headers?: Readonly<Record<string, string>>
  close(): Promise<void>
}

/**
 * An adapter on a framework and a runtime. `start` starts an app with
 * - the adapter's routes at `mount`;
 * - `GET /candidates`, behind the gate: what `fetch('Candidates?per_page=2')` of the connection
 * answers, handed on;
 * - `GET /users`, behind the gate with the scope `ZohoRecruit.users.READ`: the text `users`;
 * - `GET /account`, behind the gate: the `identity` of the connection's `status()`, as JSON;
 * - `GET /gated-failure`, behind the gate, and `GET /failure`, without it: both throw an
 * `Error('own error')`;
 * - `GET /job`: `connection('job').accessToken()` and then the text `token`; no gate, so the
 * library's error is the answer;
 * - `POST /echo`: the JSON that came, as JSON (where `bodyParser` is true);
 * - where `wholeApp` is set, the gate before the whole app, the routes of the adapter included, as
 *   the adapter's documentation says; and the text `protected body` for every path and every method
 *   that the framework's router can match;
 * - on every answer the app's own cookie, `app=kept; Path=/`;
 * - for all else the app's own 404 with the text `own 404`, and for its own errors its own 500 with
 * the text `own error`.
 *
 * It rejects with what the adapter throws when an option is wrong.
 */
export interface AdapterHarness {
  /** Of the framework and the runtime: `Koa 3`. */
  readonly name: string
  start(settings: AppSettings): Promise<RunningApp>
}

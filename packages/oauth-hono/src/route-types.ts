import type { ErrorCode, Remedy } from '@zrecruit/oauth-core'

/** The body of a response for an error: `application/problem+json` (RFC 9457). */
export interface ZohoProblem {
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly remedy: Remedy
  /** The URL to connect, if the user has to give consent. */
  readonly connect?: string
}

interface ReturnTo {
  /** The path of the app to go to afterwards. */
  readonly returnTo?: string
}

type ConnectInput = {
  query?: ReturnTo & {
    /** The data center where the consent starts. */
    readonly dataCenter?: string
  }
}

interface ProblemEndpoint<Input> {
  input: Input
  output: ZohoProblem
  outputFormat: 'json'
  status: 400 | 401 | 403 | 405 | 500 | 503
}

interface RedirectEndpoint<Input> {
  input: Input
  output: undefined
  outputFormat: 'redirect'
  status: 303
}

/**
 * The types of the routes for `hc` of `hono/client`. The path of the callback is that of
 * `redirectUri`; only Zoho calls it.
 */
export type ZohoRoutes = {
  '/connect': {
    $get: RedirectEndpoint<ConnectInput>
    $post:
      | {
          input: ConnectInput
          /** The page of Zoho to go to. */
          output: { url: string }
          outputFormat: 'json'
          status: 200
        }
      | ProblemEndpoint<ConnectInput>
  }
  '/callback': { $get: RedirectEndpoint<{}> }
  '/disconnect': {
    $post:
      | { input: { query?: ReturnTo }; output: null; outputFormat: 'body'; status: 204 }
      | ProblemEndpoint<{ query?: ReturnTo }>
  }
}

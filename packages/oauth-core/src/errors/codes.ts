/** The part of the system that must be corrected. `app` is the app's code. */
export type ErrorSource = 'app' | 'configuration' | 'user' | 'zoho' | 'network' | 'store'

/**
 * What the caller should do: call again (not before `retryAt`, if given), send the user to consent,
 * correct the configuration, or report the error.
 */
export type Remedy = 'retry' | 'ask-consent' | 'fix-configuration' | 'report'

interface ErrorCodeEntry {
  readonly source: ErrorSource
  readonly remedy: Remedy
  /** HTTP status with which the routes answer. */
  readonly status: number
  /** What happened. An error can have a more exact sentence. */
  readonly summary: string
  /** What to do about it. */
  readonly hint: string
}

/**
 * Every error that this library throws. A code is public API: codes are added, never renamed.
 * `docs/errors` has a page for each.
 */
export const errorCodes = {
  'configuration-invalid': {
    source: 'configuration',
    remedy: 'fix-configuration',
    status: 500,
    summary: 'An option is wrong.',
    hint: 'Correct it.',
  },
  'client-rejected': {
    source: 'configuration',
    remedy: 'fix-configuration',
    status: 500,
    summary: 'Zoho does not know this client id at this data center (invalid_client).',
    hint: "Enable the data center in the client's Settings in Zoho's API console.",
  },
  'client-secret-rejected': {
    source: 'configuration',
    remedy: 'fix-configuration',
    status: 500,
    summary: 'Zoho refused the client secret (invalid_client_secret).',
    hint: "Set `clientSecret` to the secret of this data center from Zoho's API console.",
  },
  'redirect-uri-rejected': {
    source: 'configuration',
    remedy: 'fix-configuration',
    status: 500,
    summary: 'Zoho refused the redirect URI (invalid_redirect_uri).',
    hint: "Register `redirectUri` in Zoho's API console, character for character.",
  },
  'token-request-rejected': {
    source: 'configuration',
    remedy: 'fix-configuration',
    status: 500,
    summary: 'Zoho refused the token request, and would refuse it again.',
    hint: "Correct the scopes, or the client in Zoho's API console.",
  },
  'proxy-authentication-required': {
    source: 'configuration',
    remedy: 'fix-configuration',
    status: 502,
    summary: 'A proxy between the app and Zoho requires authentication (407).',
    hint: "Set the proxy's user and password where the app configures its proxy.",
  },
  'data-center-unknown': {
    source: 'configuration',
    remedy: 'fix-configuration',
    status: 500,
    summary: 'The data center is not configured.',
    hint: 'Add it to `dataCenters`, and its secret to `clientSecret`.',
  },
  'key-unknown': {
    source: 'configuration',
    remedy: 'fix-configuration',
    status: 500,
    summary: 'The record needs a key that `encryptionKeys` lacks.',
    hint: 'Add the key again after the current one, or forget the connection.',
  },
  'argument-invalid': {
    source: 'app',
    remedy: 'report',
    status: 400,
    summary: 'An argument is wrong.',
    hint: 'Correct it.',
  },
  'method-not-allowed': {
    source: 'app',
    remedy: 'report',
    status: 405,
    summary: 'This route does not support the method.',
    hint: 'Use a method from the Allow header.',
  },
  'navigation-required': {
    source: 'app',
    remedy: 'ask-consent',
    status: 400,
    summary: 'A consent starts only if a browser opens /connect as a page.',
    hint: 'Use a link or `location.href`. A script sends POST /connect and opens the `url`.',
  },
  'host-mismatch': {
    source: 'app',
    remedy: 'fix-configuration',
    status: 400,
    summary: 'The browser is at another host than `redirectUri`, so the callback gets no cookie.',
    hint: 'Open the app at the host of `redirectUri`, or change `redirectUri`.',
  },
  'ticket-invalid': {
    source: 'user',
    remedy: 'report',
    status: 400,
    summary: 'The ticket is expired, was used in another browser, or was changed.',
    hint: 'Send POST /connect again for a new ticket.',
  },
  'already-connected': {
    source: 'app',
    remedy: 'report',
    status: 500,
    summary: 'The connection already has a consent.',
    hint: 'Revoke or forget it first.',
  },
  'refresh-budget-spent': {
    source: 'app',
    remedy: 'retry',
    status: 503,
    summary: "This library's limit of token requests is reached. It is lower than Zoho's limit.",
    hint: 'Call again at `retryAt`.',
  },
  'callback-malformed': {
    source: 'user',
    remedy: 'ask-consent',
    status: 400,
    summary: 'The callback has repeated, missing or invalid parameters.',
    hint: 'Start again from /connect.',
  },
  'callback-unbound': {
    source: 'user',
    remedy: 'ask-consent',
    status: 400,
    summary: 'This browser did not start this authorization request, or lost its cookie.',
    hint: 'Start again from /connect.',
  },
  'callback-expired': {
    source: 'user',
    remedy: 'ask-consent',
    status: 400,
    summary: 'The authorization request is older than ten minutes.',
    hint: 'Start again from /connect.',
  },
  'callback-replayed': {
    source: 'user',
    remedy: 'ask-consent',
    status: 400,
    summary: 'This callback was used already.',
    hint: 'Start again from /connect.',
  },
  'principal-mismatch': {
    source: 'user',
    remedy: 'ask-consent',
    status: 403,
    summary: 'Another user or connection started this authorization request.',
    hint: 'Start again from /connect.',
  },
  'data-center-mismatch': {
    source: 'user',
    remedy: 'ask-consent',
    status: 400,
    summary: "The callback's location and accounts-server differ.",
    hint: 'Start again from /connect.',
  },
  'consent-refused': {
    source: 'user',
    remedy: 'ask-consent',
    status: 400,
    summary: 'Consent was refused at Zoho (access_denied).',
    hint: 'Start again from /connect.',
  },
  'account-switched': {
    source: 'user',
    remedy: 'ask-consent',
    status: 400,
    summary: 'Another Zoho account was connected before.',
    hint: 'Connect that account, or disconnect first.',
  },
  'scope-missing': {
    source: 'user',
    remedy: 'ask-consent',
    status: 403,
    summary: 'A needed scope was not granted.',
    hint: 'Add it to `scopes`, then send the user to /connect.',
  },
  'attempts-exhausted': {
    source: 'user',
    remedy: 'retry',
    status: 429,
    summary: 'There were too many attempts to connect within ten minutes.',
    hint: 'Wait ten minutes, then start again from /connect.',
  },
  'not-connected': {
    source: 'user',
    remedy: 'ask-consent',
    status: 401,
    summary: 'This connection has no consent.',
    hint: 'Send the user to /connect.',
  },
  'needs-consent': {
    source: 'user',
    remedy: 'ask-consent',
    status: 401,
    summary: 'Zoho refused the refresh token. It was revoked, or a twenty-first one replaced it.',
    hint: 'Send the user to /connect.',
  },
  'connection-revoked': {
    source: 'user',
    remedy: 'ask-consent',
    status: 401,
    summary: 'This connection was revoked.',
    hint: 'Send the user to /connect.',
  },
  'principal-missing': {
    source: 'user',
    remedy: 'report',
    status: 401,
    summary: 'Nobody is signed in.',
    hint: 'Sign in to the app first.',
  },
  'cross-site-request': {
    source: 'user',
    remedy: 'report',
    status: 403,
    summary: 'Another site sent this request.',
    hint: "Send it from the app's own pages.",
  },
  'consent-failed': {
    source: 'zoho',
    remedy: 'ask-consent',
    status: 502,
    summary: 'Zoho ended the authorization request with an error.',
    hint: 'Start again from /connect.',
  },
  'code-rejected': {
    source: 'zoho',
    remedy: 'ask-consent',
    status: 502,
    summary:
      'Zoho refused the code (invalid_code). It is expired, used, or from another data center.',
    hint: 'Start again from /connect.',
  },
  'refresh-token-missing': {
    source: 'zoho',
    remedy: 'ask-consent',
    status: 502,
    summary: 'Zoho granted access without a refresh token.',
    hint: 'Start again from /connect.',
  },
  'account-unread': {
    source: 'zoho',
    remedy: 'ask-consent',
    status: 502,
    summary: 'The Zoho account could not be read, and an account was connected before.',
    hint: 'Start again from /connect.',
  },
  throttled: {
    source: 'zoho',
    remedy: 'retry',
    status: 503,
    summary: 'Zoho is throttling this refresh token (Access Denied).',
    hint: 'Call again at `retryAt`. Earlier calls prolong the throttling.',
  },
  'codes-exhausted': {
    source: 'zoho',
    remedy: 'retry',
    status: 503,
    summary: 'The ten codes that Zoho issues to a client in ten minutes are used up.',
    hint: 'Connect again at `retryAt`.',
  },
  'accounts-server-error': {
    source: 'zoho',
    remedy: 'retry',
    status: 502,
    summary: 'The accounts server responded with an unknown error.',
    hint: 'Call again later.',
  },
  'accounts-server-unavailable': {
    source: 'zoho',
    remedy: 'retry',
    status: 502,
    summary: 'The accounts server responded with a server error (5xx).',
    hint: 'Call again later.',
  },
  'response-malformed': {
    source: 'zoho',
    remedy: 'retry',
    status: 502,
    summary: "The response does not have the form of Zoho's responses.",
    hint: 'Call again, and look for a proxy between the app and Zoho.',
  },
  'revocation-failed': {
    source: 'zoho',
    remedy: 'retry',
    status: 502,
    summary: 'The connection is revoked in this app, but Zoho did not confirm the revocation.',
    hint: 'Call `revoke()` again later.',
  },
  'exchange-outcome-unknown': {
    source: 'network',
    remedy: 'ask-consent',
    status: 502,
    summary: 'The response to the code exchange was lost. A code is not sent twice.',
    hint: 'Start again from /connect.',
  },
  'accounts-server-unreachable': {
    source: 'network',
    remedy: 'retry',
    status: 502,
    summary: 'The accounts server could not be reached.',
    hint: 'Check DNS, proxy and firewall.',
  },
  'recruit-unreachable': {
    source: 'network',
    remedy: 'retry',
    status: 502,
    summary: 'The Recruit API could not be reached.',
    hint: 'Check DNS, proxy and firewall.',
  },
  'recruit-outcome-unknown': {
    source: 'network',
    remedy: 'report',
    status: 502,
    summary:
      'The response of the Recruit API was lost. It is unknown whether the request took effect.',
    hint: 'Look in Recruit whether it did, before you send it again.',
  },
  'accounts-server-timed-out': {
    source: 'network',
    remedy: 'retry',
    status: 504,
    summary: 'The accounts server did not respond in time.',
    hint: 'Call again later.',
  },
  'refresh-timed-out': {
    source: 'network',
    remedy: 'retry',
    status: 502,
    summary: 'The refresh did not finish in time.',
    hint: 'Call again.',
  },
  'redirect-refused': {
    source: 'network',
    remedy: 'report',
    status: 502,
    summary: 'The server responded with a redirect, which is not followed.',
    hint: 'Look for a proxy between the app and Zoho.',
  },
  'grant-not-stored': {
    source: 'store',
    remedy: 'ask-consent',
    status: 503,
    summary: 'Zoho granted access, but it could not be stored.',
    hint: 'Repair the store, then start again from /connect.',
  },
  'grant-outcome-unknown': {
    source: 'store',
    remedy: 'ask-consent',
    status: 503,
    summary: 'Zoho granted access, but it is not certain that the app could store it.',
    hint: 'Wait a minute. If the connection does not work by then, start again from /connect.',
  },
  'store-unavailable': {
    source: 'store',
    remedy: 'retry',
    status: 503,
    summary: 'The store did not respond.',
    hint: 'Check that the store is running, then call again.',
  },
  'store-contended': {
    source: 'store',
    remedy: 'retry',
    status: 503,
    summary: 'Other processes kept changing this record.',
    hint: 'Call again.',
  },
  'record-unreadable': {
    source: 'store',
    remedy: 'report',
    status: 503,
    summary: 'The stored record was altered, or moved from another connection.',
    hint: 'Restore it, or forget the connection.',
  },
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>

export type ErrorCode = keyof typeof errorCodes

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code)

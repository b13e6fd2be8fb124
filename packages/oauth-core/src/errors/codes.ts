/** Who has to act: the app's code, its configuration, the person at the browser, Zoho, the network, or the app's store. */
export type Fault = 'app' | 'configuration' | 'user' | 'zoho' | 'network' | 'store'

/** What the caller should do: call again (not before `retryAt`, if given), send the user to consent, mend the configuration, or report it. */
export type Remedy = 'retry' | 'ask-consent' | 'fix-configuration' | 'report'

interface Entry {
  readonly fault: Fault
  readonly remedy: Remedy
  /** What happened, when the thrower has nothing more exact to say. */
  readonly what: string
  /** What to do about it. */
  readonly cure: string
}

const entry = (fault: Fault, remedy: Remedy, what: string, cure: string): Entry => ({ fault, remedy, what, cure })

/** Every error this library throws. A code is public API: it is added to, never renamed. */
export const errorTable = {
  // The app and its configuration
  'configuration-invalid': entry('configuration', 'fix-configuration', 'An option is wrong.', 'Correct it.'),
  'argument-invalid': entry('app', 'report', 'An argument is wrong.', 'Correct it.'),
  'client-rejected': entry('configuration', 'fix-configuration', 'Zoho does not know this client id at this data center (invalid_client).', "In Zoho's API console, in the client's Settings, enable the data center."),
  'client-secret-rejected': entry('configuration', 'fix-configuration', 'Zoho refused the client secret (invalid_client_secret).', "Copy this data center's own secret from Zoho's API console into `clientSecret`."),
  'redirect-uri-rejected': entry('configuration', 'fix-configuration', 'Zoho refused the redirect URI (invalid_redirect_uri).', "Register `redirectUri` in Zoho's API console, character for character."),
  'data-center-unknown': entry('configuration', 'fix-configuration', 'The data center is not configured.', 'Add it to `dataCenters`, and its secret to `clientSecret`.'),

  // The browser and its callback
  'callback-malformed': entry('user', 'ask-consent', 'The callback is not one that Zoho sends.', 'Start again from /connect.'),
  'callback-unbound': entry('user', 'ask-consent', 'This browser did not begin this authorization request, or its cookie is gone.', 'Start again from /connect.'),
  'callback-expired': entry('user', 'ask-consent', 'The authorization request is older than ten minutes.', 'Start again from /connect.'),
  'callback-replayed': entry('user', 'ask-consent', 'This callback was used already.', 'Start again from /connect.'),
  'principal-mismatch': entry('user', 'ask-consent', 'Another user or connection is signed in than when consent began.', 'Start again from /connect.'),
  'principal-missing': entry('user', 'report', 'Nobody is signed in.', 'Sign in to the app first.'),
  'data-center-mismatch': entry('user', 'ask-consent', "The callback's location and accounts-server differ.", 'Start again from /connect.'),
  'consent-refused': entry('user', 'ask-consent', 'Consent was refused at Zoho, or Zoho gave more than ten codes in ten minutes (access_denied).', 'Start again from /connect.'),
  'consent-failed': entry('zoho', 'ask-consent', 'Zoho ended the authorization request with an error.', 'Start again from /connect.'),
  'code-rejected': entry('zoho', 'ask-consent', 'Zoho refused the authorization code: expired, used, or of another data center (invalid_code).', 'Start again from /connect.'),
  'exchange-outcome-unknown': entry('network', 'ask-consent', 'The answer to the code exchange was lost; a code is not sent twice.', 'Start again from /connect.'),
  'refresh-token-missing': entry('zoho', 'ask-consent', 'Zoho granted access without a refresh token.', 'Start again from /connect.'),
  'grant-not-stored': entry('store', 'ask-consent', 'Zoho granted access, but the store could not keep it.', 'Mend the store, then start again from /connect.'),
  'account-switched': entry('user', 'ask-consent', 'Another Zoho account was connected before.', 'Connect the same account, or disconnect first.'),
  'cross-site-request': entry('user', 'report', 'Another site sent this request.', "Send it from the app's own pages."),
  'method-not-allowed': entry('app', 'report', 'This route does not answer to that method.', 'Use the one in the Allow header.'),

  // The connection
  'not-connected': entry('user', 'ask-consent', 'This connection has no consent.', 'Send the user to /connect.'),
  'needs-consent': entry('user', 'ask-consent', 'Zoho no longer accepts the refresh token: revoked, or pushed out by a twenty-first consent.', 'Send the user to /connect.'),
  'connection-revoked': entry('user', 'ask-consent', 'This connection was revoked.', 'Send the user to /connect.'),
  'scope-missing': entry('configuration', 'ask-consent', 'A scope that is needed was not granted.', 'Add it to `scopes` and send the user to /connect.'),
  'access-token-rejected': entry('zoho', 'retry', 'The Recruit API refused two access tokens within a minute.', 'Check that the Zoho user may use the API.'),
  'already-connected': entry('app', 'report', 'The connection has a consent already.', 'Revoke or forget it first.'),

  // Zoho and the network
  throttled: entry('zoho', 'retry', 'Zoho is throttling this refresh token (Access Denied).', 'Call again at `retryAt`: earlier calls prolong it.'),
  'refresh-budget-spent': entry('app', 'retry', 'The budget for token requests is spent, before Zoho locks out.', 'Call again at `retryAt`.'),
  'accounts-server-error': entry('zoho', 'retry', 'The accounts server answered with an unknown error.', 'Call again later.'),
  'accounts-server-unavailable': entry('zoho', 'retry', 'The accounts server is failing (5xx).', 'Call again later.'),
  'accounts-server-unreachable': entry('network', 'retry', 'The accounts server could not be reached.', 'Check DNS, proxy and firewall.'),
  'accounts-server-timed-out': entry('network', 'retry', 'The accounts server did not answer in time.', 'Call again later.'),
  'answer-malformed': entry('zoho', 'retry', "The answer is not one of Zoho's.", 'Call again; if it lasts, look for a proxy in between.'),
  'redirect-refused': entry('network', 'report', 'The server answered with a redirect, which is not followed with a secret.', 'Look for a proxy in between.'),
  'revocation-failed': entry('zoho', 'retry', 'Cut off here, but Zoho did not confirm the revocation.', 'Call `revoke()` again later.'),

  // The store and this process
  'store-unavailable': entry('store', 'retry', 'The store did not answer.', 'See that it is up, then call again.'),
  'store-contended': entry('store', 'retry', 'Other writers kept changing this record.', 'Call again.'),
  'record-unreadable': entry('store', 'report', 'The stored record was altered, or moved from another client, connection or data center.', 'Restore it, or forget the connection.'),
  'key-unknown': entry('configuration', 'fix-configuration', 'The record is sealed with a key that `encryptionKeys` lacks.', 'Put that key back, behind the current one.'),
  'refresh-timed-out': entry('network', 'retry', 'The refresh did not finish in time.', 'Call again.'),
} as const satisfies Record<string, Entry>

export type ErrorCode = keyof typeof errorTable

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code)
